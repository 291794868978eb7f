// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Clock.h>
#include <base/Result.h>
#include <storage/Database.h>

#include <QByteArray>
#include <QSet>

#include <optional>

namespace platen::store {

/// One agent as lists show it. Empty: not known.
struct AgentRow {
    QByteArray id;
    QString name;
    QString group;
    QString status; ///< "PENDING", "ACTIVE", "DEACTIVATED"
    std::optional<Instant> expiresAt;
    std::optional<Instant> lastSeenAt;
    QString version;
    QString os;
    QString transport;
    qint64 devices = 0; ///< whose latest reading it sent
    qint64 forks = 0; ///< how often a copy of it was found out, or that it was put back to an older state
    bool isForked = false; ///< and refused for that until an administrator decides (platen-server agent rekey)
    std::optional<Instant> forkedAt; ///< the last time
    qint64 lost = 0; ///< envelopes it declared lost (AgentHistory::gaps)
    qint64 epoch = 1; ///< of its key
    QString transportNote; ///< why its transport is none better, in the agent's words
};

/// The reading side of the agent table: what consoles see.
class AgentQueries {
public:
    explicit AgentQueries(storage::Database& database);

    /// All agents by name, at most 10,000.
    QCoro::Task<Result<QList<AgentRow>>> list();

    /// The one agent that a person means: by its id, the start of it (8 hexadecimal digits or more) or its whole name. Fails with
    /// NotFound; Conflict when several are meant.
    QCoro::Task<Result<AgentRow>> find(QString idOrName);

    /// The active agents not heard of since then.
    QCoro::Task<Result<QSet<QByteArray>>> silentSince(Instant since);

private:
    storage::Database& m_database;
};

} // namespace platen::store
