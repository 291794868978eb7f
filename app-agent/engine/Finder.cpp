// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Finder.h"

#include "InParallel.h"
#include "Log.h"

#include <algorithm>

namespace platen::agent {

namespace {

constexpr int enteredAtOnce = 64;
constexpr qsizetype refusalsTold = 5; // of one search; the others are counted

/// Whatever stands first below iso.org: everybody has something (sysDescr, mostly), and no question is shorter. Each byte of it goes to
/// every address twice.
const snmp::Oid beginning{1, 3};
/// sysObjectID, where one object is asked by name.
const snmp::Oid searched{1, 3, 6, 1, 2, 1, 1, 2, 0};

bool isBefore(const Found& one, const Found& other)
{
    return snmp::IpNumber::from(one.place.address) < snmp::IpNumber::from(other.place.address);
}

snmp::AddressRange rangeOf(const QHostAddress& address)
{
    const auto number = snmp::IpNumber::from(address);
    return {address.toString(), {}, number, number, address.scopeId()};
}

/// Ways to be let in by a device that has answered one of our logins (`hit`) by SNMP v1 or not: that login first, v2c before v1;
/// of v3 nothing tells yet which user it knows, so all that may be asked there.
QList<std::pair<int, bool>> waysIn(const snmp::SweepHit& hit, bool isV1, const ScanPlan& plan)
{
    const Logins& logins = plan.logins();
    QList<int> order = plan.loginsAt(hit.address);
    order.removeAll(hit.credentials);
    order.prepend(hit.credentials);
    QList<std::pair<int, bool>> ways;
    for (const int index : std::as_const(order)) {
        ways.append({index, false});
        if (logins.at(index).alsoV1 && (isV1 || index != hit.credentials))
            ways.append({index, true});
    }
    return ways;
}

} // namespace

struct Finder::Search {
    ScanPlan plan;
    snmp::SweepPace pace;
    Findings findings;
};

snmp::Target targetOf(const Place& place, const Login& login, std::chrono::milliseconds timeout)
{
    snmp::Target target;
    target.address = place.address;
    target.port = place.port;
    target.credentials = place.isV1 ? login.asV1() : login.credentials;
    target.timeout = timeout;
    return target;
}

snmp::Target targetOf(const Place& place, const Logins& logins, std::chrono::milliseconds timeout)
{
    return targetOf(place, logins.at(std::max(0, logins.indexOf(place.login))), timeout);
}

Finder::Finder(snmp::Engine& engine)
    : m_engine(engine)
{
}

QCoro::Task<Result<Findings>> Finder::find(
    ScanPlan plan, snmp::SweepPace pace, std::stop_token stop, QList<QHostAddress> besides)
{
    auto search = std::make_shared<Search>(plan, pace, Findings{});
    const auto all = plan.spans();
    if (!all)
        co_return fail(all.error());
    search->findings.searched = qsizetype(snmp::addressCount(*all));
    pace.passes = 1; // twice: the second time communities are asked by v1
    QList<snmp::AddressRange> answered;
    for (const QHostAddress& address : std::as_const(besides))
        answered.append(rangeOf(address));
    for (const bool isV1 : {false, true}) {
        const auto spans = plan.spans(answered);
        if (!spans)
            break; // everybody has answered
        snmp::SweepOrder order{{beginning}, {}, *spans, pace, stop, true};
        for (const Login& login : plan.logins().all())
            order.credentials.append(isV1 && login.alsoV1 ? login.asV1() : login.credentials);
        const Result<snmp::SweepOutcome> outcome = co_await snmp::sweep(order);
        if (!outcome)
            co_return fail(outcome.error());
        for (const snmp::SweepHit& hit : outcome->hits) {
            search->findings.speaking.insert(hit.address);
            answered.append(rangeOf(hit.address));
        }
        search->findings.closed.unite(QSet<QHostAddress>(outcome->closed.begin(), outcome->closed.end()));
        co_await inParallel<snmp::SweepHit>(outcome->hits, enteredAtOnce,
            [this, isV1, search](const snmp::SweepHit& hit) { return enter(hit, isV1, search); });
    }
    std::ranges::sort(search->findings.devices, isBefore);
    co_return search->findings;
}

/// Finds out which login the device lets in for good, and notes it.
QCoro::Task<> Finder::enter(snmp::SweepHit hit, bool isV1, std::shared_ptr<Search> search)
{
    const Logins& logins = search->plan.logins();
    Found found{{hit.address, hit.port, logins.at(hit.credentials).key, false}, hit.varBinds};
    const bool wasByV1 = isV1 && logins.at(hit.credentials).alsoV1;
    bool isIn = !wasByV1 && !hit.varBinds.isEmpty();
    if (hit.engine) // which spares asking for it once more
        m_engine.remember(hit.address, hit.port, hit.engine->id, quint32(hit.engine->boots), quint32(hit.engine->time));
    QString why;
    const auto ways = isIn ? QList<std::pair<int, bool>>() : waysIn(hit, wasByV1, search->plan);
    for (const auto& [index, byV1] : ways) {
        found.place.login = logins.at(index).key;
        found.place.isV1 = byV1;
        isIn = byV1 && index == hit.credentials && !hit.varBinds.isEmpty(); // its answer by v1, as it does not speak v2c
        if (isIn)
            break;
        snmp::Target target = targetOf(found.place, logins.at(index), search->pace.timeout);
        target.tries = index == hit.credentials ? 2 : 1;
        const Result<snmp::VarBinds> said = co_await m_engine.get(target, {searched});
        isIn = said.has_value();
        if (isIn) {
            found.known = *said;
            break;
        }
        if (why.isEmpty() || said.error().code != ErrorCode::Timeout)
            why = said.error().detail;
    }
    if (isIn)
        search->findings.devices.append(found);
    else if (++search->findings.refused == 1)
        search->findings.refusal = why;
    if (!isIn && search->findings.refused <= refusalsTold)
        qCWarning(lcAgent) << "no login is let in:" << qUtf8Printable(why);
}

} // namespace platen::agent
