// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Clock.h>
#include <base/Result.h>
#include <storage/Database.h>

#include <QByteArray>
#include <QJsonObject>

namespace platen::store {

/// Something about an agent that an administrator should know. Facts are numbers, never sentences.
struct AgentEvent {
    /// A copy of the agent called, or it was put back to an older state; all its copies are refused. Facts: hwm (stored), nextSeq
    /// (what the copy would send next), acknowledged, session, knownSession; of an envelope: seq.
    static inline const QString fork = QStringLiteral("fork");
    /// The agent was told that envelopes are stored which are not: this database was put back. Facts: hwm, acknowledged.
    static inline const QString serverRestored = QStringLiteral("serverRestored");
    /// It has a new key. Facts: epoch.
    static inline const QString rekeyed = QStringLiteral("rekeyed");

    QByteArray agentId;
    QString kind;
    QJsonObject facts;
    Instant at{};
};

/// Envelopes that will never come, as the agent declared them.
struct AgentGap {
    quint64 from = 0;
    quint64 to = 0;
    QString reason;
    Instant at{};

    quint64 count() const { return to - from + 1; }
};

/// What happened to agents, and what they lost.
class AgentHistory {
public:
    explicit AgentHistory(storage::Database& database);

    /// The newest first, at most 100.
    QCoro::Task<Result<QList<AgentEvent>>> events(QByteArray agentId);

    /// The newest first, at most 1,000.
    QCoro::Task<Result<QList<AgentGap>>> gaps(QByteArray agentId);

    /// Adds one and forgets all but the last 100 of that agent. Inside a write.
    static Status add(QSqlDatabase db, const AgentEvent& event);

private:
    storage::Database& m_database;
};

} // namespace platen::store
