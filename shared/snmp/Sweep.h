// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Engine.h"

namespace platen::snmp {

/// How fast a sweep goes.
struct SweepPace {
    int packetsPerSecond = 1000; ///< polite default; 0: no limit
    int window = 16'384;         ///< requests in flight
    int passes = 2;              ///< the second and later ones ask only the silent
    std::chrono::milliseconds timeout{500};
};

/// One address that answered a sweep.
struct SweepHit {
    Target target;      ///< with the credentials that worked
    VarBinds varBinds;  ///< the answer to the objects asked
};

/// Asks every target for `oids` in one GET each and says who answered, in the order they answered. `found` (may be empty)
/// hears each at once. Several credentials: give several targets of one address; the first that answers wins and the
/// others of that address are dropped. Never fails for an address that is silent; NetworkFailed when nothing can be sent.
QCoro::Task<Result<QList<SweepHit>>> sweep(Engine& engine, QList<Target> targets, QList<Oid> oids, SweepPace pace,
                                           std::function<void(const SweepHit&)> found = {});

} // namespace platen::snmp
