// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "CommandLine.h"
#include "CommunityOptions.h"

#include <agent/engine/Finder.h>
#include <snmp/AddressRange.h>
#include <snmp/Snmprec.h>

#include <QCommandLineParser>
#include <QElapsedTimer>
#include <QSaveFile>

#include <cstdio>

using namespace Qt::StringLiterals;

namespace platen::agent {

namespace {

struct WalkOrder {
    snmp::AddressRange host;
    snmp::Oid root;
    QString file;
    QList<Secret> communities;
    quint16 port = 161;
    std::chrono::milliseconds timeout{1000};
};

Result<WalkOrder> walkOrderFrom(const QCommandLineParser& parser)
{
    const QStringList given = parser.positionalArguments();
    if (given.isEmpty() || given.size() > 2)
        return fail(
            ErrorCode::InvalidInput, u"walk needs an address and at most one OID; see platen-agent walk --help"_s);
    if (!parser.isSet(u"out"_s))
        return fail(ErrorCode::InvalidInput, u"walk needs --out FILE.snmprec; see platen-agent walk --help"_s);
    const auto host = snmp::AddressRange::parse(given.first());
    if (!host)
        return fail(host.error());
    if (host->hostName.isEmpty() && host->ipv6.isNull() && host->first != host->last)
        return fail(
            ErrorCode::InvalidInput, u"walk asks one device, not the range %1: name one address"_s.arg(given.first()));
    const auto root = snmp::Oid::parse(given.size() == 2 ? given.last() : u"1.3.6.1"_s);
    if (!root)
        return fail(root.error());
    const auto communities = communitiesOf(parser);
    if (!communities)
        return fail(communities.error());
    const auto port = numberOf(parser, u"port"_s, 161, 1, 65535);
    if (!port)
        return fail(port.error());
    const auto timeout = numberOf(parser, u"timeout"_s, 1000, 50, 60000);
    if (!timeout)
        return fail(timeout.error());
    return WalkOrder{
        *host, *root, parser.value(u"out"_s), *communities, quint16(*port), std::chrono::milliseconds(*timeout)};
}

void showProgress(qsizetype objects)
{
    if (isTerminal())
        std::fprintf(stderr, "\r%lld objects ", static_cast<long long>(objects));
}

/// With the first community and version that the device answers to.
QCoro::Task<Result<snmp::Engine::Walked>> walkAny(
    std::shared_ptr<snmp::Engine> engine, QHostAddress address, WalkOrder order)
{
    Result<snmp::Engine::Walked> walked = fail(ErrorCode::Timeout, QString());
    for (const bool isV1 : {false, true}) {
        for (int community = 0; community < order.communities.size(); ++community) {
            const Place place{address, order.port, community, isV1};
            walked =
                co_await engine->walk(targetOf(place, order.communities, order.timeout), order.root, {}, showProgress);
            if (walked)
                co_return walked;
        }
    }
    co_return walked;
}

Status save(QSaveFile& file, const snmp::VarBinds& varBinds)
{
    for (const snmp::VarBind& varBind : varBinds)
        file.write(snmp::snmprecLine(varBind));
    if (!file.commit())
        return fail(ErrorCode::StorageFailed, u"cannot write %1: %2"_s.arg(file.fileName(), file.errorString()));
    return {};
}

QCoro::Task<int> walkNow(WalkOrder order)
{
    QSaveFile file(order.file); // now: nobody waits five minutes to learn that the folder is not there
    if (!file.open(QIODevice::WriteOnly))
        co_return failWith(u"cannot write %1: %2"_s.arg(order.file, file.errorString()));
    const auto hosts = co_await snmp::resolved({order.host});
    const auto addresses = hosts ? snmp::expanded(*hosts) : fail(hosts.error());
    if (!addresses)
        co_return failWith(addresses.error());
    QElapsedTimer clock;
    clock.start();
    const auto walked = co_await walkAny(std::make_shared<snmp::Engine>(), addresses->first(), order);
    if (isTerminal())
        std::fputc('\r', stderr);
    if (!walked && walked.error().code == ErrorCode::Timeout)
        co_return failWith(
            u"%1 does not answer SNMP on port %2: check the address, the port and the community"_s.arg(order.host.text)
                .arg(order.port));
    if (!walked)
        co_return failWith(walked.error());
    if (walked->varBinds.isEmpty())
        co_return failWith(u"%1 has nothing below %2"_s.arg(order.host.text, order.root.toString()));
    if (const Status saved = save(file, walked->varBinds); !saved)
        co_return failWith(saved.error());
    if (!walked->truncated.isEmpty())
        say(u"platen-agent: the walk ended early: %1"_s.arg(walked->truncated));
    say(u"Wrote %1 objects of %2 to %3 in %4 s."_s.arg(walked->varBinds.size())
            .arg(order.host.text, order.file)
            .arg(double(clock.elapsed()) / 1000, 0, 'f', 1));
    co_return 0;
}

} // namespace

int walk(const QStringList& arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        u"\nRecords everything that one device answers, as a .snmprec file, so that the support can see what you see. "
        u"Look at the file\n"
        "before you send it: it holds whatever the device tells, such as its location and its contact.\n\n"
        "  platen-agent walk 192.168.1.20 --out copier.snmprec"_s);
    parser.addOptions({
        {u"out"_s, u"The file to write; an old one is replaced when the walk is done."_s, u"FILE"_s},
        {u"port"_s, u"UDP port of SNMP. Default: 161."_s, u"N"_s},
        {u"timeout"_s, u"How long a request waits for its answer, in milliseconds. Default: 1000."_s, u"MS"_s},
    });
    addCommunityOptions(parser);
    parser.addPositionalArgument(u"address"_s, u"The device: an address or a host name."_s, u"ADDR"_s);
    parser.addPositionalArgument(u"oid"_s, u"Where to begin. Default: 1.3.6.1, everything."_s, u"[OID]"_s);
    if (const auto code = parse(parser, u"walk"_s, arguments))
        return *code;
    const Result<WalkOrder> order = walkOrderFrom(parser);
    if (!order)
        return failWith(order.error());
    return exitCodeOf([order = *order] { return walkNow(order); });
}

} // namespace platen::agent
