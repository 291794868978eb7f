// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
// platen-sweeponce RANGE [--hints] [--port N] [--rate N] [--window N] [--passes N] [--timeout MS]: one sweep of shared/snmp, as a search
// for printers does it (community public, v2c, sysObjectID.0), and nothing else; with --hints also the look for signs of life
// after it. Prints the addresses that answered, one a line, and on stderr what went over the wire.
#include <snmp/Hints.h>
#include <snmp/Sweep.h>

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QTextStream>
#include <QTimer>

using namespace Qt::StringLiterals;
using namespace platen;
using namespace platen::snmp;

namespace {

QCoro::Task<> run(SweepOrder order, bool withHints)
{
    QElapsedTimer clock;
    clock.start();
    const Result<SweepOutcome> outcome = co_await sweep(order);
    QTextStream err(stderr);
    if (!outcome) {
        err << "platen-sweeponce: " << outcome.error().detail << Qt::endl;
        co_return QCoreApplication::exit(1);
    }
    QTextStream out(stdout);
    for (const SweepHit& hit : outcome->hits)
        out << hit.address.toString() << '\n';
    const SweepCounters& counters = outcome->counters;
    err << counters.sent << " requests, " << counters.answered << " answered, " << counters.duplicate << " duplicate, "
        << counters.foreign << " foreign, " << counters.malformed << " malformed, " << counters.unsent << " not sent, "
        << double(clock.elapsed()) / 1e3 << " s" << Qt::endl;
    if (withHints) {
        HintOrder look;
        look.spans = order.spans;
        for (const SweepHit& hit : outcome->hits)
            look.known.insert(hit.address);
        for (const Hint& hint : (co_await signsOfLife(look)).value_or(QList<Hint>()))
            out << hint.address.toString() << (hint.echoes ? " echoes" : "")
                << (hint.acceptsJobs ? " accepts jobs" : "") << (hint.refusesJobs ? " refuses jobs" : "") << '\n';
    }
    QCoreApplication::exit(0);
}

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication app(argc, argv);
    QCommandLineParser parser;
    parser.addOptions({
        {u"hints"_s, u"Look for signs of life of the silent, too."_s},
        {u"port"_s, u"UDP port."_s, u"n"_s, u"161"_s},
        {u"rate"_s, u"Packets a second; 0: no limit."_s, u"n"_s, u"1000"_s},
        {u"window"_s, u"Requests under way."_s, u"n"_s, u"16384"_s},
        {u"passes"_s, u"How often the silent are asked."_s, u"n"_s, u"2"_s},
        {u"timeout"_s, u"Milliseconds between two requests to an address."_s, u"ms"_s, u"500"_s},
    });
    parser.process(app);
    const auto number = [&](const QString& name) { return parser.value(name).toInt(); };
    const Result<AddressRange> range = AddressRange::parse(parser.positionalArguments().value(0));
    if (!range) {
        QTextStream(stderr) << "platen-sweeponce: " << range.error().detail << Qt::endl;
        return 1;
    }
    SweepOrder order;
    order.oids = {{1, 3, 6, 1, 2, 1, 1, 2, 0}};
    order.credentials = {Credentials()};
    order.spans = *planned({{*range, quint16(number(u"port"_s))}}, {}, 1);
    order.pace = {
        number(u"rate"_s), number(u"window"_s), number(u"passes"_s), std::chrono::milliseconds(number(u"timeout"_s))};
    QTimer::singleShot(0, &app, [order, withHints = parser.isSet(u"hints"_s)] { run(order, withHints); });
    return QCoreApplication::exec();
}
