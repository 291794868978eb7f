// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Clock.h>
#include <base/Result.h>
#include <protocol/Messages.h>

#include <QSqlDatabase>

namespace platen::ingest {

/// How an envelope presents itself at the guard.
struct Arrival {
    QByteArray agentId;
    quint32 epoch = 1;
    quint64 from = 0; ///< its seq; for a GAP the first number that is lost
    quint64 to = 0; ///< its seq; for a GAP the last one: the agent's hwm once it is stored
    bool isGap = false;
    QByteArray sha256; ///< of the whole envelope
};

/// What the guard says. Only `Fresh` may be stored.
struct Verdict {
    enum class Kind { Fresh, Again, Nak, Refused, Fork };
    Kind kind = Kind::Refused;
    quint64 hwm = 0; ///< after it
    quint64 hwmBefore = 0; ///< of a Fresh GAP: what it says of numbers up to here is not true, they came
    bool isNewFork = false;
};

/// The exactly-once guard of PROTOCOL §3.3: one UPDATE of the agent's row lets an envelope in, once, while the agent is ACTIVE, not
/// expired at `now`, not forked, and nothing before it is missing. Remembers the envelope's hash, and notes a fork. Inside the
/// write that stores what the envelope holds.
Result<Verdict> passGuard(QSqlDatabase db, const Arrival& arrival, Instant now);

/// How many hashes are kept of each agent; far more than an agent sends without an answer.
inline constexpr quint64 rememberedEnvelopes = 256;

protocol::AckCode ackCodeOf(Verdict::Kind kind);

} // namespace platen::ingest
