// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "AgentStore.h"

#include "Installation.h"

#include <storage/Query.h>

using namespace Qt::StringLiterals;

namespace platen::store {

using storage::execute;
using storage::orNull;
using storage::instantOf;
using storage::query;

namespace {

AgentStatus statusOf(const QString& text)
{
    return text == u"ACTIVE" ? AgentStatus::Active
        : text == u"PENDING" ? AgentStatus::Pending
                             : AgentStatus::Deactivated;
}

Result<AgentAccess> accessInside(
    QSqlDatabase db, const crypto::KeyEncryptionKey& kek, const QByteArray& id, Instant now)
{
    auto row = query(db, u"SELECT status, epoch, hwm, expires_at, root_key FROM agent WHERE id = ?"_s, {id});
    if (!row)
        return fail(row.error());
    if (!row->next())
        return fail(ErrorCode::NotFound, u"There is no agent %1."_s.arg(QString::fromLatin1(id.toHex())));
    AgentAccess access{statusOf(row->value(0).toString()), row->value(1).toUInt(), row->value(2).toULongLong(),
        instantOf(row->value(3)), {}};
    const QByteArray sealed = row->value(4).toByteArray();
    if (access.status == AgentStatus::Deactivated || sealed.isEmpty())
        return fail(
            ErrorCode::PermissionDenied, u"The agent %1 is deactivated."_s.arg(QString::fromLatin1(id.toHex())));
    if (access.expiresAt && *access.expiresAt <= now)
        return fail(ErrorCode::PermissionDenied, u"The agent %1 has expired."_s.arg(QString::fromLatin1(id.toHex())));
    auto root = kek.open(sealed, "agent", "root_key", id);
    if (!root)
        return fail(root.error());
    access.root = Secret(*std::move(root));
    return access;
}

/// One use of the PIN is gone; the last one takes the row, and every other run of it, along.
Status usePin(QSqlDatabase db, const QByteArray& id, const QString& locator)
{
    const auto used = execute(db,
        u"UPDATE pin SET uses = uses - 1, failures = 0, next_try_at = NULL WHERE locator = ? AND uses > 0"_s,
        {locator});
    if (!used)
        return fail(used.error());
    if (*used != 1)
        return fail(ErrorCode::PermissionDenied,
            u"The PIN of agent %1 was used by another agent before it."_s.arg(QString::fromLatin1(id.toHex())));
    const auto emptied = execute(db, u"DELETE FROM pin WHERE locator = ? AND uses = 0"_s, {locator});
    if (!emptied)
        return fail(emptied.error());
    if (*emptied == 0)
        return {};
    const auto forgotten =
        execute(db, u"DELETE FROM agent WHERE status = 'PENDING' AND pin_locator = ? AND id <> ?"_s, {locator, id});
    if (!forgotten)
        return fail(forgotten.error());
    return {};
}

Status activateInside(QSqlDatabase db, const QByteArray& id)
{
    auto row = query(db, u"SELECT status, pin_locator FROM agent WHERE id = ?"_s, {id});
    if (!row)
        return fail(row.error());
    if (!row->next())
        return fail(
            ErrorCode::PermissionDenied, u"There is no agent %1 any more."_s.arg(QString::fromLatin1(id.toHex())));
    const AgentStatus status = statusOf(row->value(0).toString());
    const QString locator = row->value(1).toString();
    row->finish();
    if (status == AgentStatus::Active)
        return {};
    if (status == AgentStatus::Deactivated)
        return fail(
            ErrorCode::PermissionDenied, u"The agent %1 is deactivated."_s.arg(QString::fromLatin1(id.toHex())));
    if (const Status used = usePin(db, id, locator); !used)
        return used;
    const auto done = execute(db, u"UPDATE agent SET status = 'ACTIVE', pin_locator = NULL WHERE id = ?"_s, {id});
    if (!done)
        return fail(done.error());
    return {};
}

} // namespace

AgentStore::AgentStore(storage::Database& database, crypto::KeyEncryptionKey kek, const Clock& clock)
    : m_database(database)
    , m_kek(std::move(kek))
    , m_clock(clock)
{
}

QCoro::Task<Result<AgentAccess>> AgentStore::access(QByteArray id)
{
    // The refusal of an expired agent is stored with the time it happened, so the write itself succeeds and carries the answer.
    const auto found = co_await m_database.write(
        [kek = m_kek, id, wall = m_clock.now()](QSqlDatabase db) -> Result<Result<AgentAccess>> {
            const auto now = timeReached(db, wall);
            if (!now)
                return fail(now.error());
            auto access = accessInside(db, kek, id, *now);
            if (!access && access.error().code == ErrorCode::PermissionDenied) {
                if (const auto noted = timeReached(db, wall, true); !noted)
                    return fail(noted.error());
            }
            return access;
        });
    if (!found)
        co_return fail(found.error());
    co_return *found;
}

QCoro::Task<Status> AgentStore::activate(QByteArray id)
{
    return m_database.write([id](QSqlDatabase db) { return activateInside(db, id); });
}

QCoro::Task<Status> AgentStore::touch(QByteArray id, QString transport)
{
    return m_database.write([id, transport, now = toMs(m_clock.now())](QSqlDatabase db) -> Status {
        const auto done = execute(
            db, u"UPDATE agent SET last_seen_at = ?, transport = ? WHERE id = ?"_s, {now, orNull(transport), id});
        if (!done)
            return fail(done.error());
        return {};
    });
}

QCoro::Task<Status> AgentStore::deactivate(QByteArray id)
{
    return m_database.write([id](QSqlDatabase db) -> Status {
        const auto done = execute(
            db, u"UPDATE agent SET status = 'DEACTIVATED', root_key = NULL, pin_locator = NULL WHERE id = ?"_s, {id});
        if (!done)
            return fail(done.error());
        if (*done != 1)
            return fail(ErrorCode::NotFound, u"There is no agent %1."_s.arg(QString::fromLatin1(id.toHex())));
        return {};
    });
}

QCoro::Task<Status> AgentStore::setExpiry(QByteArray id, std::optional<Instant> at)
{
    return m_database.write([id, at](QSqlDatabase db) -> Status {
        const auto done = execute(db, u"UPDATE agent SET expires_at = ? WHERE id = ? AND root_key IS NOT NULL"_s,
            {at ? QVariant(toMs(*at)) : QVariant(), id});
        if (!done)
            return fail(done.error());
        if (*done == 1)
            return {};
        const QString name = QString::fromLatin1(id.toHex());
        auto row = query(db, u"SELECT 1 FROM agent WHERE id = ?"_s, {id});
        if (row && row->next())
            return fail(ErrorCode::PermissionDenied,
                u"The agent %1 is deactivated and its key destroyed: activate it again with a new PIN."_s.arg(name));
        return fail(ErrorCode::NotFound, u"There is no agent %1."_s.arg(name));
    });
}

QCoro::Task<Result<QList<QByteArray>>> AgentStore::refusedAmong(QList<QByteArray> ids)
{
    return m_database.read([ids, wall = toMs(m_clock.now())](QSqlDatabase db) -> Result<QList<QByteArray>> {
        auto clock = query(db, u"SELECT value FROM meta WHERE name = 'clock'"_s);
        if (!clock)
            return fail(clock.error());
        const qint64 now = std::max(wall, clock->next() ? clock->value(0).toString().toLongLong() : 0);
        QList<QByteArray> refused;
        for (const QByteArray& id : ids) {
            auto row = query(db,
                u"SELECT 1 FROM agent WHERE id = ? AND status = 'ACTIVE' AND (expires_at IS NULL OR expires_at > ?)"_s,
                {id, now});
            if (!row)
                return fail(row.error());
            if (!row->next())
                refused.append(id);
        }
        return refused;
    });
}

Status AgentStore::addPending(QSqlDatabase db, const crypto::KeyEncryptionKey& kek, const NewAgent& agent, Instant now)
{
    const auto added = execute(db,
        u"INSERT INTO agent (id, name, group_name, status, epoch, hwm, root_key, pin_locator, created_at, expires_at, "
        u"version, os, forks)"
        " VALUES (?, ?, ?, 'PENDING', 1, 0, ?, ?, ?, ?, ?, ?, 0)"_s,
        {agent.id, agent.name, orNull(agent.group), kek.seal(agent.root.reveal(), "agent", "root_key", agent.id),
            agent.pinLocator, toMs(now), agent.expiresAt ? QVariant(toMs(*agent.expiresAt)) : QVariant(),
            orNull(agent.version), orNull(agent.os)});
    if (!added)
        return fail(added.error());
    return {};
}

} // namespace platen::store
