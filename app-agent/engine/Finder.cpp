// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Finder.h"

#include "InParallel.h"

#include <profiles/Identify.h>

#include <algorithm>

namespace platen::agent {

namespace {

constexpr int judgedAtOnce = 64;

QList<snmp::Target> targets(const Search& search, const QList<QHostAddress>& addresses, bool isV1)
{
    QList<snmp::Target> list;
    list.reserve(addresses.size() * search.communities.size());
    for (const QHostAddress& address : addresses)
        for (int community = 0; community < search.communities.size(); ++community)
            list.append(targetOf({address, search.port, community, isV1}, search.communities, search.pace.timeout));
    return list;
}

Place placeOf(const snmp::Target& target, const QList<Secret>& communities)
{
    return {target.address, target.port, int(std::max<qsizetype>(0, communities.indexOf(target.credentials.community))),
        target.credentials.version == snmp::Version::V1};
}

bool isBefore(const Place& one, const Place& other)
{
    const auto key = [](const Place& place) {
        return std::pair(place.address.toIPv4Address(), place.address.toString());
    };
    return key(one) < key(other);
}

} // namespace

snmp::Target targetOf(const Place& place, const QList<Secret>& communities, std::chrono::milliseconds timeout)
{
    snmp::Target target;
    target.address = place.address;
    target.port = place.port;
    target.credentials.version = place.isV1 ? snmp::Version::V1 : snmp::Version::V2c;
    target.credentials.community = communities.value(place.community, communities.value(0));
    target.timeout = timeout;
    return target;
}

Finder::Finder(snmp::Engine& engine, std::shared_ptr<const profiles::Catalogue> catalogue)
    : m_engine(engine)
    , m_catalogue(std::move(catalogue))
{
}

QCoro::Task<Result<Findings>> Finder::find(Search search)
{
    Result<QList<snmp::SweepHit>> hits =
        co_await snmp::sweep(m_engine, targets(search, search.addresses, false), profiles::sweepObjects(), search.pace);
    if (!hits)
        co_return fail(hits.error());

    QSet<QHostAddress> answered;
    for (const snmp::SweepHit& hit : *hits)
        answered.insert(hit.target.address);
    QList<QHostAddress> silent = search.addresses;
    silent.removeIf([&](const QHostAddress& address) { return answered.contains(address); });
    snmp::SweepPace once = search.pace;
    once.passes = 1;
    if (!silent.isEmpty()) {
        const auto old = co_await snmp::sweep(m_engine, targets(search, silent, true), profiles::sweepObjects(), once);
        if (old)
            hits->append(*old);
    }

    auto printers = std::make_shared<QList<snmp::Target>>();
    co_await inParallel<snmp::SweepHit>(
        *hits, judgedAtOnce, [this, printers](const snmp::SweepHit& hit) { return judge(hit, printers); });
    Findings findings;
    findings.answered = hits->size();
    for (const snmp::Target& target : *printers)
        findings.printers.append(placeOf(target, search.communities));
    std::ranges::sort(findings.printers, isBefore);
    co_return findings;
}

QCoro::Task<> Finder::judge(snmp::SweepHit hit, std::shared_ptr<QList<snmp::Target>> printers)
{
    snmp::Answers answers;
    for (const snmp::VarBind& varBind : hit.varBinds)
        answers.insert(varBind.oid, varBind.value);
    profiles::Verdict verdict = profiles::judge(*m_catalogue, answers);
    if (verdict == profiles::Verdict::Unsure) {
        hit.target.tries = snmp::patientTries;
        const auto more = co_await m_engine.getBulk(hit.target, profiles::confirmationObjects(),
            profiles::confirmationNonRepeaters, profiles::confirmationRepetitions);
        if (more)
            for (const snmp::VarBind& varBind : *more)
                answers.insert(varBind.oid, varBind.value);
        verdict = profiles::judge(*m_catalogue, answers, true);
    }
    if (verdict == profiles::Verdict::Printer)
        printers->append(hit.target);
}

} // namespace platen::agent
