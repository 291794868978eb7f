// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "KnownDevices.h"
#include "ScanPlan.h"

#include <QSet>

#include <stop_token>

namespace platen::agent {

/// A device that a search found; whether it is a printer shows when it is read.
struct Found {
    Place place;
    snmp::VarBinds known; ///< what it has answered already
};

/// What a search found.
struct Findings {
    QList<Found> devices; ///< that let us in, in order of their addresses
    qsizetype searched = 0; ///< addresses
    qsizetype refused = 0; ///< speak SNMP, but let nobody of us in
    QString refusal; ///< what the first of those said, a sentence
    QSet<QHostAddress> speaking; ///< SNMP: all that let us in or refused
    QSet<QHostAddress> closed; ///< said that nobody listens at the port of SNMP
};

/// How to ask the device at `place` with the login of its key, or with the one at `index`.
snmp::Target targetOf(const Place& place, const Logins& logins, std::chrono::milliseconds timeout);
snmp::Target targetOf(const Place& place, const Login& login, std::chrono::milliseconds timeout);

/// Searches addresses for devices that speak SNMP: one GETNEXT from the beginning each, then one more to the silent (a community by
/// v1 then). Never gates on ping. Must outlive its tasks, as must the engine.
class Finder {
public:
    explicit Finder(snmp::Engine& engine);

    /// Fails with NetworkFailed when nothing can be sent, InvalidInput when there is nothing to search, Cancelled after a stop.
    /// `pace.passes` is not used. Those of `besides` are not asked: who they are is known.
    QCoro::Task<Result<Findings>> find(
        ScanPlan plan, snmp::SweepPace pace, std::stop_token stop = {}, QList<QHostAddress> besides = {});

private:
    struct Search;

    QCoro::Task<> enter(snmp::SweepHit hit, bool isV1, std::shared_ptr<Search> search);

    snmp::Engine& m_engine;
};

} // namespace platen::agent
