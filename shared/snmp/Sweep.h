// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Engine.h"
#include "SweepPlan.h"

#include <stop_token>

namespace platen::snmp {

/// How fast a sweep goes. An address never has more than one request under way.
struct SweepPace {
    int packetsPerSecond = 1000; ///< polite default; 0: no limit
    int window = 16'384; ///< requests that may be under way at a time
    int passes = 2; ///< how often the silent are asked with each of their credentials
    std::chrono::milliseconds timeout{500}; ///< from one request to an address to the next
};

/// What to ask, whom, with what.
struct SweepOrder {
    QList<Oid> oids; ///< of one request; few and short ones: this goes to every address there is
    QList<Credentials> credentials; ///< the site's, in its order
    QList<SweepSpan> spans; ///< of planned(): in order, without overlaps
    SweepPace pace;
    std::stop_token stop; ///< the sweep ends soon after a stop was requested
    bool isNext = false; ///< asks for what follows `oids` instead (GETNEXT): a shorter question, as any start will do
};

/// The SNMPv3 engine that answered (RFC 3411 §3.1.1, RFC 3414 §2.2).
struct EngineIdentity {
    QByteArray id; ///< snmpEngineID, 5 to 32 octets
    qint64 boots = 0;
    qint64 time = 0; ///< snmpEngineTime, in seconds, when it answered

    bool operator==(const EngineIdentity&) const = default;
};

/// One address that answered a sweep.
struct SweepHit {
    QHostAddress address;
    quint16 port = 161;
    int credentials =
        0; ///< the index of those that were answered; of v3 the first ones of v3, as nothing tells the users apart yet
    VarBinds
        varBinds; ///< what it says to each object asked, in that order, perhaps an exception; empty of v3 and when the device refused the request
    std::optional<EngineIdentity> engine; ///< of v3
};

/// What went over the wire. All but `sent` are datagrams that came in.
struct SweepCounters {
    quint64 sent = 0;
    quint64 answered = 0; ///< hits
    quint64 late = 0; ///< of those, answers to an earlier request than the last
    quint64 duplicate = 0; ///< of an address that had answered
    quint64 refused = 0; ///< authorizationError: somebody is there but wants other credentials
    quint64 foreign = 0; ///< from an address or port that was not asked, or with another request id
    quint64 malformed = 0; ///< no answer of SNMP, or longer than a sweep's may be
    quint64 unsent = 0; ///< requests that the system refused to send
};

struct SweepOutcome {
    QList<SweepHit> hits; ///< in the order they answered
    QList<QHostAddress>
        closed; ///< said that nobody listens at the port: something lives there that does not speak SNMP
    SweepCounters counters;
};

/// Asks every address of the order for its objects, in one GET or GETNEXT each (v3: a discovery of the engine, RFC 3414 §4), those that
/// stay silent again, until their passes and credentials are used up, and says who answered. `found` (may be empty) hears
/// each at once. An address that is silent is no error; fails with NetworkFailed when nothing can be sent, InvalidInput when
/// a request cannot be made of the order, Cancelled after a stop.
QCoro::Task<Result<SweepOutcome>> sweep(SweepOrder order, std::function<void(const SweepHit&)> found = {});

} // namespace platen::snmp
