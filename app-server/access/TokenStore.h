// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "User.h"

#include <base/Result.h>
#include <storage/Database.h>

#include <optional>

namespace platen::access {

/// A row of session_token with its user. No user: disabled since.
struct StoredSession {
    User user;
    bool userEnabled = true;
    Instant lastUsedAt{};
    Instant expiresAt{};
    Instant provenAt{}; ///< when the password was given last
};

/// Reads and writes session_token. Tokens come here as their SHA-256 only.
class TokenStore {
public:
    /// When a session is over.
    struct Limits {
        std::chrono::milliseconds idle = std::chrono::minutes(30);
        std::chrono::milliseconds absolute = std::chrono::hours(12);
        int perUser = 100; ///< more sessions than these push out the one idle longest
    };

    TokenStore(storage::Database& database, Limits limits);

    /// Begins a session, and drops all that have ended. Fails with NotAuthenticated when the user is disabled or changed
    /// the password since `passwordHash` was read.
    QCoro::Task<Status> add(QByteArray hash, qint64 userId, QString passwordHash, Instant now, QString source);

    /// Nothing when there is no such session.
    QCoro::Task<Result<std::optional<StoredSession>>> find(QByteArray hash);

    QCoro::Task<Status> touch(QByteArray hash, Instant now);

    /// The password was given again. Fails with NotAuthenticated as add() does, or when the session is gone.
    QCoro::Task<Status> prove(QByteArray hash, QString passwordHash, Instant now);
    QCoro::Task<Status> remove(QByteArray hash);

    /// The latest instant that the database has seen: of the sessions, and of whoever keeps meta "clock".
    QCoro::Task<Result<Instant>> highestTime();

private:
    storage::Database& m_database;
    Limits m_limits;
};

} // namespace platen::access
