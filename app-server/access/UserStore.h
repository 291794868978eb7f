// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "User.h"

#include <base/Result.h>
#include <storage/Database.h>

#include <optional>

namespace platen::access {

/// What sign-in needs to know of a user.
struct Credentials {
    User user;
    QString passwordHash;
    bool enabled = true;
};

/// Reads and writes console_user and user_role. Names are given in lower case.
class UserStore {
public:
    explicit UserStore(storage::Database& database);

    /// Makes a user and says its id. Fails with Conflict when the name is taken.
    QCoro::Task<Result<qint64>> add(QString name, QString passwordHash, QStringList roles, Instant createdAt);

    /// Nothing when there is no such user.
    QCoro::Task<Result<std::optional<Credentials>>> credentials(QString name);

private:
    storage::Database& m_database;
};

/// The roles of a user, ordered by name. On the database's thread.
Result<QStringList> rolesOf(QSqlDatabase db, qint64 userId);

} // namespace platen::access
