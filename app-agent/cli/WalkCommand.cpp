// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "CommandLine.h"
#include "CredentialOptions.h"

#include <agent/engine/Finder.h>
#include <crypto/Crypto.h>
#include <snmp/Snmprec.h>

#include <QCommandLineParser>
#include <QElapsedTimer>
#include <QSaveFile>

#include <array>
#include <cstdio>
#include <stop_token>

using namespace Qt::StringLiterals;

namespace platen::agent {

namespace {

struct WalkOrder {
    snmp::AddressRange host;
    QList<snmp::Oid> roots;
    QString file;
    Settings settings;
    std::stop_token stop;
};

/// What is read when nobody says: all that tells of a printer, nothing of who talks to it (connections, routes, neighbours).
const std::array usualRoots{
    snmp::Oid{1, 3, 6, 1, 2, 1, 1}, // system
    snmp::Oid{1, 3, 6, 1, 2, 1, 2}, // interfaces: the MAC address
    snmp::Oid{1, 3, 6, 1, 2, 1, 4, 20}, // ipAddrTable: which interface answers
    snmp::Oid{1, 3, 6, 1, 2, 1, 25}, // Host Resources, RFC 2790
    snmp::Oid{1, 3, 6, 1, 2, 1, 43}, // Printer and Finisher MIB, RFC 3805 and 3806
    snmp::Oid{1, 3, 6, 1, 2, 1, 47}, // entities
    snmp::Oid{1, 3, 6, 1, 4, 1}, // the makers' own
};

Result<snmp::AddressRange> hostFrom(const QString& text)
{
    auto host = snmp::AddressRange::parse(text);
    if (host && host->hostName.isEmpty() && host->first != host->last)
        return fail(ErrorCode::InvalidInput, u"walk asks one device, not the range %1: name one address"_s.arg(text));
    return host;
}

Result<WalkOrder> walkOrderFrom(const QCommandLineParser& parser)
{
    const QStringList given = parser.positionalArguments();
    if (given.isEmpty() || given.size() > 2)
        return fail(
            ErrorCode::InvalidInput, u"walk needs an address and at most one OID; see platen-agent walk --help"_s);
    if (!parser.isSet(u"out"_s))
        return fail(ErrorCode::InvalidInput, u"walk needs --out FILE.snmprec; see platen-agent walk --help"_s);
    const auto host = hostFrom(given.first());
    if (!host)
        return fail(host.error());
    WalkOrder order{*host, QList<snmp::Oid>(usualRoots.begin(), usualRoots.end()), parser.value(u"out"_s), {}, {}};
    if (given.size() == 2) {
        const auto root = snmp::Oid::parse(given.last());
        if (!root)
            return fail(root.error());
        order.roots = {*root};
    }
    if (const Status taken = takeCredentials(parser, order.settings); !taken)
        return fail(taken.error());
    const auto port = numberOf(parser, u"port"_s, 161, 1, 65535);
    const auto timeout = numberOf(parser, u"timeout"_s, 1000, 50, 60000);
    if (!port || !timeout)
        return fail(port ? timeout.error() : port.error());
    order.settings.port = *port;
    order.settings.timeout = std::chrono::milliseconds(*timeout);
    return order;
}

void showProgress(qsizetype objects)
{
    if (isTerminal())
        std::fprintf(stderr, "\r%lld objects ", static_cast<long long>(objects));
}

/// The first login that the device answers, v2c before v1.
QCoro::Task<Result<snmp::Target>> entered(std::shared_ptr<snmp::Engine> engine, QHostAddress address, WalkOrder order)
{
    static const snmp::Oid sysObjectId{1, 3, 6, 1, 2, 1, 1, 2, 0};
    const Logins logins(order.settings, crypto::randomSecret(32));
    Error error{ErrorCode::Timeout, {}};
    for (const bool isV1 : {false, true})
        for (const Login& login : logins.all()) {
            if ((isV1 && !login.alsoV1) || order.stop.stop_requested())
                continue;
            const Place place{address, quint16(order.settings.port), login.key, isV1};
            const snmp::Target target = targetOf(place, login, order.settings.timeout);
            const auto said = co_await engine->get(target, {sysObjectId});
            if (said)
                co_return target;
            if (said.error().code != ErrorCode::Timeout)
                error = said.error();
        }
    co_return fail(error);
}

/// All roots, one after the other, within the limits of one walk (PROTOCOL.md §5).
QCoro::Task<Result<snmp::Engine::Walked>> walkAll(
    std::shared_ptr<snmp::Engine> engine, snmp::Target target, WalkOrder order)
{
    snmp::Engine::Walked all;
    snmp::WalkLimits limits;
    limits.stop = order.stop;
    QElapsedTimer clock;
    clock.start();
    for (const snmp::Oid& root : std::as_const(order.roots)) {
        snmp::WalkLimits left = limits;
        left.varBinds -= all.varBinds.size();
        left.time -= std::chrono::seconds(clock.elapsed() / 1000);
        const qsizetype before = all.varBinds.size();
        const auto walked = co_await engine->walk(
            target, root, left, [before](qsizetype objects) { showProgress(before + objects); });
        if (!walked && all.varBinds.isEmpty() && &root == &order.roots.last())
            co_return fail(walked.error());
        all.varBinds += walked ? walked->varBinds : snmp::VarBinds();
        const QString why = walked ? walked->truncated : walked.error().detail;
        if (!why.isEmpty())
            all.truncated = why;
        if (order.stop.stop_requested() || (!walked && walked.error().code == ErrorCode::Timeout))
            break;
    }
    co_return all;
}

Status save(QSaveFile& file, const snmp::VarBinds& varBinds)
{
    for (const snmp::VarBind& varBind : varBinds)
        file.write(snmp::snmprecLine(varBind));
    if (!file.commit())
        return fail(ErrorCode::StorageFailed, u"cannot write %1: %2"_s.arg(file.fileName(), file.errorString()));
    return {};
}

QString whyNot(const Error& error, const WalkOrder& order)
{
    if (order.stop.stop_requested())
        return u"stopped before %1 had answered"_s.arg(order.host.text);
    if (error.code != ErrorCode::Timeout)
        return error.detail;
    return u"%1 does not answer SNMP on port %2: check the address, the port, and the community or user"_s.arg(order.host.text)
        .arg(order.settings.port);
}

QCoro::Task<int> walkNow(WalkOrder order)
{
    QSaveFile file(order.file); // now: nobody waits five minutes to learn that the folder is not there
    if (!file.open(QIODevice::WriteOnly))
        co_return failWith(u"cannot write %1: %2"_s.arg(order.file, file.errorString()));
    const auto hosts = co_await snmp::resolved({order.host});
    if (!hosts)
        co_return failWith(hosts.error());
    QElapsedTimer clock;
    clock.start();
    const auto engine = std::make_shared<snmp::Engine>();
    QHostAddress address = hosts->first().first.toAddress();
    address.setScopeId(hosts->first().scope);
    const auto target = co_await entered(engine, address, order);
    const auto walked = target ? co_await walkAll(engine, *target, order) : fail(target.error());
    if (isTerminal())
        std::fputc('\r', stderr);
    if (!walked)
        co_return failWith(whyNot(walked.error(), order));
    if (walked->varBinds.isEmpty())
        co_return failWith(u"%1 has nothing below %2"_s.arg(order.host.text, order.roots.last().toString()));
    if (const Status saved = save(file, walked->varBinds); !saved)
        co_return failWith(saved.error());
    if (!walked->truncated.isEmpty())
        say(u"platen-agent: the walk ended early: %1"_s.arg(walked->truncated));
    say(u"Wrote %1 objects of %2 to %3 in %4 s."_s.arg(walked->varBinds.size())
            .arg(order.host.text, order.file)
            .arg(double(clock.elapsed()) / 1000, 0, 'f', 1));
    co_return order.stop.stop_requested() ? 130 : 0;
}

} // namespace

int walk(const QStringList& arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        u"\nRecords what one device answers, as a .snmprec file, so that the support can see what you see. Look at the file\n"
        "before you send it: it holds whatever the device tells, such as its location and its contact.\n"
        "At most 20,000 objects, 5 MiB and 5 minutes; Ctrl-C ends it earlier and keeps what was read.\n\n"
        "  platen-agent walk 192.168.1.20 --out copier.snmprec"_s);
    parser.addOptions({
        {u"out"_s, u"The file to write; an old one is replaced when the walk is done."_s, u"FILE"_s},
        {u"port"_s, u"UDP port of SNMP. Default: 161."_s, u"N"_s},
        {u"timeout"_s, u"How long a request waits for its answer, in milliseconds. Default: 1000."_s, u"MS"_s},
    });
    addCredentialOptions(parser);
    parser.addPositionalArgument(u"address"_s, u"The device: an address or a host name."_s, u"ADDR"_s);
    parser.addPositionalArgument(u"oid"_s,
        u"Where to begin instead, 1.3.6.1 for everything. Default: what tells of a printer (system, interfaces, Host Resources, "
        u"Printer MIB, the makers' own), nothing of who talks to it."_s,
        u"[OID]"_s);
    if (const auto code = parse(parser, u"walk"_s, arguments))
        return *code;
    if (const Status awake = crypto::start(); !awake)
        return failWith(awake.error());
    Result<WalkOrder> order = walkOrderFrom(parser);
    if (!order)
        return failWith(order.error());
    std::stop_source stop;
    order->stop = stop.get_token();
    return exitCodeOf([order = *order] { return walkNow(order); }, [&stop] { stop.request_stop(); });
}

} // namespace platen::agent
