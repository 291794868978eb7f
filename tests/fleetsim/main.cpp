// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fleetsim/HttpTrap.h>
#include <fleetsim/UdpServer.h>

#include <base/Ending.h>
#include <base/File.h>

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QTextStream>

#include <cstdio>

using namespace Qt::StringLiterals;
using namespace platen;

namespace {

int refuse(const QString& why)
{
    QTextStream(stderr) << "platen-fleetsim: " << why << Qt::endl;
    return 1;
}

QString description()
{
    QString text = u"Serves a folder of .snmprec recordings as live printers (SNMP v1 and v2c), one per loopback address.\n\n"
                   "  platen-fleetsim serve tests/fixtures/walks --net 127.0.2.0/24 --port 1161 --map hosts.tsv\n\n"
                   "Faults, for --fault MODE=ADDRESSES:\n"_s;
    for (const fleetsim::FaultMode& mode : fleetsim::faultModes())
        text += u"  %1  %2\n"_s.arg(QString(mode.name), -17).arg(QString(mode.meaning));
    return text;
}

void declare(QCommandLineParser& parser)
{
    parser.setApplicationDescription(description());
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument(u"serve"_s, u"the one thing it does"_s);
    parser.addPositionalArgument(u"folder"_s, u"folder of .snmprec recordings"_s);
    parser.addOptions({
        {u"net"_s, u"Loopback net: its first address is the first recording's, and so on."_s, u"net"_s, u"127.0.2.0/24"_s},
        {u"any-net"_s, u"Take a --net that is not loopback, too: for a network namespace, where the addresses are routed here."_s},
        {u"port"_s, u"UDP port."_s, u"port"_s, u"1161"_s},
        {u"community"_s, u"The community that is answered."_s, u"name"_s, u"public"_s},
        {u"map"_s, u"Write address<TAB>name lines to this file once everything answers."_s, u"file"_s},
        {u"count"_s, u"Serve this many printers, the recordings over and over."_s, u"number"_s},
        {u"loss"_s, u"Share of requests that get no answer, 0 to 1."_s, u"share"_s, u"0"_s},
        {u"delay"_s, u"Milliseconds before each answer."_s, u"ms"_s, u"0"_s},
        {u"drift"_s, u"Let the printers live: every so many seconds pages are printed, supplies fall, alerts come and go."_s, u"seconds"_s},
        {u"steps"_s, u"End the drift after so many steps; the printers then hold still."_s, u"number"_s},
        {u"seed"_s, u"Makes drift and loss repeatable."_s, u"number"_s},
        {u"fault"_s, u"Let printers misbehave: late=127.0.2.3,127.0.2.7-9, as often as wanted; the modes are above."_s, u"mode=addresses"_s},
        {u"http-port"_s, u"TCP port of the printers whose fault is one of HTTP."_s, u"port"_s, u"8631"_s},
    });
}

/// The first address of an IPv4 net like 127.0.2.0/24, and how many hosts it holds.
Result<std::pair<quint32, qsizetype>> netFrom(const QString& text, bool mayBeAny)
{
    const auto [net, bits] = QHostAddress::parseSubnet(text);
    if (bits < 8 || bits > 32 || net.protocol() != QAbstractSocket::IPv4Protocol || (!net.isLoopback() && !mayBeAny))
        return fail(ErrorCode::InvalidInput, u"\"%1\" is not a loopback net: give one like 127.0.2.0/24"_s.arg(text));
    const qsizetype size = qsizetype(1) << (32 - bits);
    return std::pair(net.toIPv4Address() + (bits < 31 ? 1u : 0u), bits < 31 ? size - 2 : size);
}

Status writeMap(const QString& path, const fleetsim::Fleet& fleet, quint32 first)
{
    QByteArray lines;
    for (qsizetype i = 0; i < fleet.size(); ++i)
        lines += QHostAddress(first + quint32(i)).toString().toUtf8() + '\t' + fleet[i].name.toUtf8() + '\n';
    return writeDurably(path, lines, ownerOnly | QFileDevice::ReadGroup | QFileDevice::ReadOther);
}

/// Opens what the printers with a fault of HTTP listen on; the traps live as long as the program.
Status openTraps(const fleetsim::Faults& faults, quint32 firstAddress, quint16 port)
{
    for (const auto& [index, fault] : faults.asKeyValueRange()) {
        if (!fleetsim::isHttpFault(fault))
            continue;
        auto* const trap = new fleetsim::HttpTrap(fault, QCoreApplication::instance());
        if (const Status listening = trap->listen(firstAddress + quint32(index), port); !listening)
            return listening;
    }
    return {};
}

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication app(argc, argv);
    QCoreApplication::setApplicationName(u"platen-fleetsim"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(PLATEN_VERSION));
    QCommandLineParser parser;
    declare(parser);
    parser.process(app);
    const QStringList words = parser.positionalArguments();
    if (words.size() != 2 || words[0] != u"serve")
        return refuse(u"say 'platen-fleetsim serve FOLDER'; --help tells the options"_s);

    bool portOk = false, lossOk = false, delayOk = false, driftOk = true, countOk = true, stepsOk = true, seedOk = true, httpOk = false;
    fleetsim::UdpServer::Settings settings;
    settings.port = parser.value(u"port"_s).toUShort(&portOk);
    settings.community = parser.value(u"community"_s).toUtf8();
    settings.loss = parser.value(u"loss"_s).toDouble(&lossOk);
    settings.delay = std::chrono::milliseconds(parser.value(u"delay"_s).toUInt(&delayOk));
    const double drift = parser.isSet(u"drift"_s) ? parser.value(u"drift"_s).toDouble(&driftOk) : 0;
    int steps = parser.isSet(u"steps"_s) ? parser.value(u"steps"_s).toInt(&stepsOk) : -1;
    const quint16 httpPort = parser.value(u"http-port"_s).toUShort(&httpOk);
    if (parser.isSet(u"seed"_s))
        settings.seed = parser.value(u"seed"_s).toUInt(&seedOk);
    const int count = parser.isSet(u"count"_s) ? parser.value(u"count"_s).toInt(&countOk) : 0;
    if (!portOk || settings.port == 0 || !httpOk || httpPort == 0)
        return refuse(u"--port and --http-port take a number from 1 to 65535"_s);
    if (!lossOk || settings.loss < 0 || settings.loss > 1)
        return refuse(u"--loss takes a number from 0 to 1"_s);
    if (!delayOk || !driftOk || drift < 0 || !countOk || count < 0 || !stepsOk || steps < -1 || !seedOk)
        return refuse(u"--delay, --drift, --count, --steps and --seed take numbers from 0 upwards"_s);

    const auto net = netFrom(parser.value(u"net"_s), parser.isSet(u"any-net"_s));
    if (!net)
        return refuse(net.error().detail);
    settings.firstAddress = net->first;
    Result<fleetsim::Fleet> fleet = fleetsim::Fleet::load(words[1], count);
    if (!fleet)
        return refuse(fleet.error().detail);
    if (fleet->size() > net->second)
        return refuse(u"%1 printers do not fit in %2: give a larger net"_s.arg(fleet->size()).arg(parser.value(u"net"_s)));

    const Result<fleetsim::Faults> faults = fleetsim::parseFaults(parser.values(u"fault"_s), settings.firstAddress, fleet->size());
    if (!faults)
        return refuse(faults.error().detail);
    fleet->misbehave(*faults);
    if (const Status opened = openTraps(*faults, settings.firstAddress, httpPort); !opened)
        return refuse(opened.error().detail);
    fleetsim::UdpServer server(*fleet, settings);
    if (const Status listening = server.listen(); !listening)
        return refuse(listening.error().detail);
    if (parser.isSet(u"map"_s))
        if (const Status written = writeMap(parser.value(u"map"_s), *fleet, settings.firstAddress); !written)
            return refuse(written.error().detail);

    QTimer driftTimer;
    if (drift > 0) {
        fleet->startDrifting(settings.seed.value_or(1));
        QObject::connect(&driftTimer, &QTimer::timeout, &app, [&] {
            if (steps == 0)
                return driftTimer.stop();
            --steps;
            fleet->step();
        });
        driftTimer.start(std::chrono::milliseconds(qint64(drift * 1000)));
    }
    stopOnSignals(&app, [] { QCoreApplication::quit(); });
    QTextStream(stdout) << "serving " << fleet->size() << " printers on " << QHostAddress(settings.firstAddress).toString() << " and up, UDP port "
                        << settings.port << Qt::endl;
    return QCoreApplication::exec();
}
