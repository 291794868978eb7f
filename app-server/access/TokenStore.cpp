// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "TokenStore.h"

#include "UserStore.h"

#include <storage/Query.h>

using namespace Qt::StringLiterals;

namespace platen::access {

using storage::execute;
using storage::query;

namespace {

Status done(const Result<int>& executed)
{
    if (!executed)
        return fail(executed.error());
    return {};
}

} // namespace

TokenStore::TokenStore(storage::Database& database, Limits limits)
    : m_database(database)
    , m_limits(limits)
{
}

QCoro::Task<Status> TokenStore::add(QByteArray hash, qint64 userId, QString passwordHash, Instant now, QString source)
{
    return m_database.write([=, limits = m_limits](QSqlDatabase db) -> Status {
        const auto ended = execute(db, u"DELETE FROM session_token WHERE expires_at <= ? OR last_used_at <= ?"_s,
            {toMs(now), toMs(now - limits.idle)});
        if (!ended)
            return fail(ended.error());
        const auto pushedOut = execute(db,
            u"DELETE FROM session_token WHERE token_hash IN (SELECT token_hash FROM session_token WHERE user_id = ?"
            " ORDER BY last_used_at DESC, token_hash LIMIT 1000000 OFFSET ?)"_s,
            {userId, limits.perUser - 1});
        if (!pushedOut)
            return fail(pushedOut.error());
        const auto begun = execute(db,
            u"INSERT INTO session_token (token_hash, user_id, created_at, last_used_at, expires_at, source, proven_at)"
            " SELECT ?, id, ?, ?, ?, ?, ? FROM console_user WHERE id = ? AND enabled = TRUE AND password_hash = ?"_s,
            {hash, toMs(now), toMs(now), toMs(now + limits.absolute), source, toMs(now), userId,
                passwordHash});
        if (!begun)
            return fail(begun.error());
        if (*begun == 0)
            return fail(ErrorCode::NotAuthenticated, u"the user was changed during the sign-in; sign in again"_s);
        return {};
    });
}

QCoro::Task<Result<std::optional<StoredSession>>> TokenStore::find(QByteArray hash)
{
    return m_database.read([=](QSqlDatabase db) -> Result<std::optional<StoredSession>> {
        auto row = query(db,
            u"SELECT u.id, u.name, u.enabled, t.last_used_at, t.expires_at, t.proven_at FROM session_token t"
            " JOIN console_user u ON u.id = t.user_id WHERE t.token_hash = ?"_s,
            {hash});
        if (!row)
            return fail(row.error());
        if (!row->next())
            return std::nullopt;
        const qint64 userId = row->value(0).toLongLong();
        const Result<QStringList> roles = rolesOf(db, userId);
        if (!roles)
            return fail(roles.error());
        return StoredSession{{userId, row->value(1).toString(), *roles}, row->value(2).toBool(),
            fromMs(row->value(3).toLongLong()), fromMs(row->value(4).toLongLong()), fromMs(row->value(5).toLongLong())};
    });
}

QCoro::Task<Status> TokenStore::touch(QByteArray hash, Instant now)
{
    return m_database.write([=](QSqlDatabase db) {
        return done(
            execute(db, u"UPDATE session_token SET last_used_at = ? WHERE token_hash = ? AND last_used_at < ?"_s,
                {toMs(now), hash, toMs(now)}));
    });
}

QCoro::Task<Status> TokenStore::prove(QByteArray hash, QString passwordHash, Instant now)
{
    return m_database.write([=](QSqlDatabase db) -> Status {
        const auto proven = execute(db,
            u"UPDATE session_token SET proven_at = ? WHERE token_hash = ? AND user_id IN"
            " (SELECT id FROM console_user WHERE enabled = TRUE AND password_hash = ?)"_s,
            {toMs(now), hash, passwordHash});
        if (!proven)
            return fail(proven.error());
        if (*proven != 1)
            return fail(ErrorCode::NotAuthenticated, u"the session has ended; sign in again"_s);
        return {};
    });
}

QCoro::Task<Status> TokenStore::remove(QByteArray hash)
{
    return m_database.write([=](QSqlDatabase db) {
        return done(execute(db, u"DELETE FROM session_token WHERE token_hash = ?"_s, {hash}));
    });
}

QCoro::Task<Result<Instant>> TokenStore::highestTime()
{
    return m_database.read([](QSqlDatabase db) -> Result<Instant> {
        auto row = query(db,
            u"SELECT max(at) FROM (SELECT max(last_used_at) AS at FROM session_token"
            " UNION ALL SELECT CAST(value AS BIGINT) FROM meta WHERE name = 'clock') AS known"_s);
        if (!row)
            return fail(row.error());
        return fromMs(row->next() ? row->value(0).toLongLong() : 0);
    });
}

} // namespace platen::access
