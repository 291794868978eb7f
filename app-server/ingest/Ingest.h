// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Events.h"

#include <base/Clock.h>
#include <base/Result.h>
#include <channel/SealedEnvelope.h>
#include <protocol/Messages.h>
#include <storage/Database.h>

#include <QSet>

namespace platen::ingest {

/// What came in since the start.
struct Counts {
    quint64 envelopes = 0; ///< stored
    quint64 again = 0; ///< sent again, not stored again
    quint64 readings = 0; ///< stored
    quint64 malformed = 0; ///< envelopes and readings dropped because they are none
    quint64 mismatched = 0; ///< deltas against a reading we do not have
    quint64 lost = 0; ///< numbers that agents declared lost
    quint64 forks = 0;
};

/// Readings in, answers out: each envelope is one write, and is answered after it is durable.
class Ingest {
public:
    Ingest(storage::Database& database, Events& events, const Clock& clock);

    /// Takes one envelope that opened under the keys of its agent; envelopes of one agent in the order they came, without waiting
    /// for the answers. Fails with StorageFailed or LimitExceeded (nothing stored: the agent keeps it and tries later), and
    /// with Malformed for a type that has no number.
    QCoro::Task<Result<protocol::Ack>> take(channel::OpenedEnvelope envelope);

    const Counts& counts() const { return m_counts; }

private:
    struct Outcome;
    struct Submission;

    static Status storeData(QSqlDatabase db, const Submission& submission, Instant now, Outcome& outcome);
    static Result<Outcome> store(QSqlDatabase db, const Submission& submission);
    void tell(const QByteArray& agentId, const Outcome& outcome);
    bool isNews(const QByteArray& agentId, const QString& kind);
    void warnOnce(const QByteArray& agentId, const QString& kind, const QString& what);

    storage::Database& m_database;
    Events& m_events;
    const Clock& m_clock;
    Counts m_counts;
    QSet<QString> m_told; ///< agent and kind, never the agent's own words: an error is logged once, not with every reading
};

} // namespace platen::ingest
