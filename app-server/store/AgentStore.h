// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Endings.h"

#include <base/Clock.h>
#include <base/Result.h>
#include <base/Secret.h>
#include <crypto/SealedField.h>
#include <storage/Database.h>

#include <QByteArray>
#include <QString>

#include <optional>

namespace platen::store {

enum class AgentStatus { Pending, Active, Deactivated };

/// An agent that has proven the PIN and not yet said HELLO.
struct NewAgent {
    QByteArray id; ///< 16 bytes
    QString name;
    QString group;
    QString version;
    QString os;
    Secret root; ///< K
    QString pinLocator;
    std::optional<Instant> expiresAt;
};

/// What a session needs to know of an agent.
struct AgentAccess {
    AgentStatus status = AgentStatus::Pending;
    quint32 epoch = 1;
    quint64 hwm = 0;
    std::optional<Instant> expiresAt;
    Secret root; ///< K; empty once destroyed
};

/// Agents: who they are and what they may. Rows of `agent` are the exactly-once guard (ingest) as well.
class AgentStore {
public:
    /// `endings`: where destroyed keys are remembered outside the database; null in tests.
    AgentStore(storage::Database& database, crypto::KeyEncryptionKey kek, const Clock& clock,
        std::shared_ptr<const Endings> endings = {});

    /// What is known of this agent. Fails with NotFound; PermissionDenied when it was deactivated, its key was destroyed, or it
    /// has expired (which is noted, so that a clock set back does not revive it).
    QCoro::Task<Result<AgentAccess>> access(QByteArray id);

    /// M5, the first HELLO: the PIN is used up and the agent is ACTIVE. Other runs of a PIN without uses left are forgotten.
    /// Fails with PermissionDenied when the PIN was used by another run meanwhile. Nothing happens to an ACTIVE agent.
    QCoro::Task<Status> activate(QByteArray id);

    /// Notes that the agent is there now.
    QCoro::Task<Status> touch(QByteArray id, QString transport, QString transportNote = {});

    /// Effective at once: the key is destroyed, what comes after it is refused. Fails with NotFound.
    QCoro::Task<Status> deactivate(QByteArray id);

    /// Destroys the keys of agents that expired a day ago and more, so long that no clock was just wrong: a day that the server
    /// has run, or the time stored has passed. Says whose. Call it now and then.
    QCoro::Task<Result<QList<QByteArray>>> endExpired();

    /// When it stops being let in; an instant that is over ends it at once, nothing: never. Fails with NotFound, and with
    /// PermissionDenied for one whose key is destroyed (it has to be activated again).
    QCoro::Task<Status> setExpiry(QByteArray id, std::optional<Instant> at);

    /// Those of `ids` that are no longer welcome: deactivated, expired or gone.
    QCoro::Task<Result<QList<QByteArray>>> refusedAmong(QList<QByteArray> ids);

    /// Stores a PENDING agent. Inside a write.
    static Status addPending(QSqlDatabase db, const crypto::KeyEncryptionKey& kek, const NewAgent& agent, Instant now);

private:
    QCoro::Task<void> remember(QList<QByteArray> ended);

    storage::Database& m_database;
    crypto::KeyEncryptionKey m_kek;
    const Clock& m_clock;
    std::shared_ptr<const Endings> m_endings;
};

} // namespace platen::store
