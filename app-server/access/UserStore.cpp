// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "UserStore.h"

#include <storage/Query.h>

using namespace Qt::StringLiterals;

namespace platen::access {

using storage::execute;
using storage::query;

UserStore::UserStore(storage::Database& database)
    : m_database(database)
{
}

QCoro::Task<Result<qint64>> UserStore::add(QString name, QString passwordHash, QStringList roles, Instant createdAt)
{
    return m_database.write([=](QSqlDatabase db) -> Result<qint64> {
        const auto inserted = execute(db,
            u"INSERT INTO console_user (name, password_hash, enabled, created_at) VALUES (?, ?, TRUE, ?) ON CONFLICT (name) DO NOTHING"_s,
            {name, passwordHash, toMs(createdAt)});
        if (!inserted)
            return fail(inserted.error());
        if (*inserted == 0)
            return fail(ErrorCode::Conflict, u"there is already a user named %1; choose another name"_s.arg(name));
        auto row = query(db, u"SELECT id FROM console_user WHERE name = ?"_s, {name});
        if (!row)
            return fail(row.error());
        if (!row->next())
            return fail(ErrorCode::Internal, u"user %1 was stored but is not there"_s.arg(name));
        const qint64 id = row->value(0).toLongLong();
        for (const QString& role : roles)
            if (const auto given = execute(db, u"INSERT INTO user_role (user_id, role) VALUES (?, ?)"_s, {id, role});
                !given)
                return fail(given.error());
        return id;
    });
}

QCoro::Task<Result<std::optional<Credentials>>> UserStore::credentials(QString name)
{
    return m_database.read([=](QSqlDatabase db) -> Result<std::optional<Credentials>> {
        auto row = query(db, u"SELECT id, name, password_hash, enabled FROM console_user WHERE name = ?"_s, {name});
        if (!row)
            return fail(row.error());
        if (!row->next())
            return std::nullopt;
        const qint64 id = row->value(0).toLongLong();
        const Result<QStringList> roles = rolesOf(db, id);
        if (!roles)
            return fail(roles.error());
        return Credentials{{id, row->value(1).toString(), *roles}, row->value(2).toString(), row->value(3).toBool()};
    });
}

Result<QStringList> rolesOf(QSqlDatabase db, qint64 userId)
{
    auto rows = query(db, u"SELECT role FROM user_role WHERE user_id = ? ORDER BY role"_s, {userId});
    if (!rows)
        return fail(rows.error());
    QStringList roles;
    while (rows->next())
        roles.append(rows->value(0).toString());
    return roles;
}

} // namespace platen::access
