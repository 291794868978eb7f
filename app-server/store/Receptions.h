// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Clock.h>
#include <base/Result.h>
#include <base/Secret.h>
#include <crypto/SealedField.h>
#include <storage/Database.h>

#include <QByteArray>

namespace platen::store {

/// When a key has served long enough (PROTOCOL.md §3.5).
namespace keyLife {
inline constexpr std::chrono::days time{30};
inline constexpr qint64 envelopes = 1 << 20;
} // namespace keyLife

/// What an agent said of itself in HELLO and READY; it is live.
struct Greeting {
    QByteArray agentId;
    quint32 epoch = 0;
    Secret root; ///< K under which it greeted
    quint64 nextSeq = 0;
    quint64 acknowledged = 0;
    quint64 session = 0; ///< HELLO's
    quint64 counted = 0; ///< READY's
    quint64 hwmThen = 0; ///< ours, and
    quint64 sessionThen = 0; ///< the last we knew of, when HELLO was answered: a READY may be late, and is no copy's for that
};

/// What is known of an agent when it says HELLO.
struct KnownAgent {
    quint64 hwm = 0;
    quint64 session = 0;
    Secret nextRoot; ///< K of its next epoch; empty when it has asked for none
};

/// How an agent is received.
struct Reception {
    enum class Kind {
        Welcome,
        Forked, ///< a copy, or there is one: refused until an administrator has decided
        Refused, ///< deactivated, expired or under a key that counts no more
        Late, ///< it has been received since on another connection
    };
    Kind kind = Kind::Refused;
    quint64 hwm = 0;
    bool isNews = false; ///< Forked: just now; Welcome: under a new key
    bool isWordDue = false; ///< it may hold everything back until it hears that its new key counts
    bool isRekeyDue = false;
    bool wasRestored = false; ///< we lost what the agent was told is stored
    QList<quint64> full; ///< local ids of devices of which a full reading is wanted; at most 1,000
};

/// Greetings, and the change of keys: what tells a copy from the agent that goes on (PROTOCOL.md §3.3, §3.5).
class Receptions {
public:
    Receptions(storage::Database& database, crypto::KeyEncryptionKey kek, const Clock& clock);

    /// Fails with NotFound.
    QCoro::Task<Result<KnownAgent>> look(QByteArray agentId);

    /// Judges a live agent, in one write: finds a copy out (and then refuses all copies), makes the next epoch the one that counts
    /// when the agent greeted under it, forgets the next one when it did not.
    QCoro::Task<Result<Reception>> receive(Greeting greeting);

    /// Keeps K of the next epoch until the agent is READY under it. False: not now, because something arrived after `hwm`, or the
    /// agent is not welcome any more.
    QCoro::Task<Result<bool>> propose(QByteArray agentId, quint32 epoch, quint64 hwm, Secret root);

    /// An administrator wants a new key. Of a forked agent: the copy that calls next gets it and goes on, all others stay out. Fails
    /// with NotFound, and with PermissionDenied for one whose key is destroyed.
    QCoro::Task<Status> askRekey(QByteArray agentId);

    /// Those of `agentIds` that need a new key now; at most 50.
    QCoro::Task<Result<QList<QByteArray>>> dueAmong(QList<QByteArray> agentIds);

private:
    storage::Database& m_database;
    crypto::KeyEncryptionKey m_kek;
    const Clock& m_clock;
};

/// The agent is refused from now on, with all its copies; an event says so. Nothing when it is already. Inside a write.
Status noteFork(QSqlDatabase db, const QByteArray& agentId, const QJsonObject& facts, Instant now);

/// What an administrator does about it; the end of a sentence.
QString forkAdvice();

} // namespace platen::store
