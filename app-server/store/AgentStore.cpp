// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "AgentStore.h"

#include "Installation.h"
#include "KekRotation.h"
#include "Log.h"

#include <storage/Query.h>

#include <QSet>

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
    if (access.status == AgentStatus::Deactivated)
        return fail(
            ErrorCode::PermissionDenied, u"The agent %1 is deactivated."_s.arg(QString::fromLatin1(id.toHex())));
    if (sealed.isEmpty() || (access.expiresAt && *access.expiresAt <= now))
        return fail(ErrorCode::PermissionDenied, u"The agent %1 has expired."_s.arg(QString::fromLatin1(id.toHex())));
    auto root = kek.open(sealed, "agent", "root_key", id);
    if (!root)
        return fail(root.error());
    access.root = Secret(*std::move(root));
    return access;
}

/// What is left of a PIN that was used.
struct PinUse {
    QString locator;
    Instant createdAt{};
    qint64 usesLeft = 0;
};

/// One use of the PIN is gone; the last one takes the row, and every other run of it, along.
Result<PinUse> usePin(QSqlDatabase db, const QByteArray& id, const QString& locator)
{
    PinUse use{locator, {}, 0};
    auto row = query(db, u"SELECT created_at, uses FROM pin WHERE locator = ?"_s, {locator});
    if (!row)
        return fail(row.error());
    if (row->next())
        use = {locator, fromMs(row->value(0).toLongLong()), row->value(1).toLongLong() - 1};
    row->finish();
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
        return use;
    const auto forgotten =
        execute(db, u"DELETE FROM agent WHERE status = 'PENDING' AND pin_locator = ? AND id <> ?"_s, {locator, id});
    if (!forgotten)
        return fail(forgotten.error());
    return use;
}

/// Nothing: the agent was ACTIVE already.
Result<std::optional<PinUse>> activateInside(QSqlDatabase db, const QByteArray& id)
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
        return std::nullopt;
    if (status == AgentStatus::Deactivated)
        return fail(
            ErrorCode::PermissionDenied, u"The agent %1 is deactivated."_s.arg(QString::fromLatin1(id.toHex())));
    const auto used = usePin(db, id, locator);
    if (!used)
        return fail(used.error());
    const auto done = execute(db, u"UPDATE agent SET status = 'ACTIVE', pin_locator = NULL WHERE id = ?"_s, {id});
    if (!done)
        return fail(done.error());
    return *used;
}

/// Of agents that expired: when that was noticed, by the time stored; taken back when the expiry was moved.
Status noticeExpired(QSqlDatabase db, qint64 now)
{
    for (const auto& [sql, values] :
        {std::pair(u"UPDATE agent SET expired_since = ? WHERE expired_since IS NULL AND expires_at <= ? AND root_key IS NOT NULL"_s,
             QVariantList{now, now}),
            std::pair(u"UPDATE agent SET expired_since = NULL WHERE expired_since IS NOT NULL AND root_key IS NOT NULL"
                      " AND (expires_at IS NULL OR expires_at > ?)"_s,
                QVariantList{now})}) {
        if (const auto done = execute(db, sql, values); !done)
            return fail(done.error());
    }
    return {};
}

constexpr std::chrono::milliseconds expiredFor = std::chrono::hours(24);

/// An agent that expires a day after the clock went wrong is not one that expired.
Result<QList<QByteArray>> endExpiredInside(QSqlDatabase db, Instant wall)
{
    if (const auto reached = timeReached(db, wall); !reached)
        return fail(reached.error());
    const auto trusted = timeTrusted(db);
    if (!trusted)
        return fail(trusted.error());
    if (const Status noticed = noticeExpired(db, toMs(*trusted)); !noticed)
        return fail(noticed.error());
    QList<QByteArray> ended;
    auto rows = query(db, u"SELECT id FROM agent WHERE expired_since <= ? AND root_key IS NOT NULL"_s,
        {toMs(*trusted - expiredFor)});
    if (!rows)
        return fail(rows.error());
    while (rows->next())
        ended.append(rows->value(0).toByteArray());
    rows->finish();
    for (const QByteArray& id : std::as_const(ended))
        if (const auto destroyed = execute(db, u"UPDATE agent SET root_key = NULL, next_root_key = NULL WHERE id = ?"_s, {id}); !destroyed)
            return fail(destroyed.error());
    return ended;
}

} // namespace

AgentStore::AgentStore(storage::Database& database, crypto::KeyEncryptionKey kek, const Clock& clock,
    std::shared_ptr<const Endings> endings)
    : m_database(database)
    , m_kek(std::move(kek))
    , m_clock(clock)
    , m_endings(std::move(endings))
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
    const auto used = co_await m_database.write([id](QSqlDatabase db) { return activateInside(db, id); });
    if (!used)
        co_return fail(used.error());
    if (m_endings && *used) {
        const auto noted = co_await m_database.run([endings = m_endings, use = **used](QSqlDatabase) {
            return endings->pin(use.locator, use.createdAt, use.usesLeft);
        });
        if (!noted) // the agent is activated all the same
            qCWarning(lcStore).noquote() << noted.error().detail;
    }
    co_return Status();
}

QCoro::Task<Status> AgentStore::touch(QByteArray id, QString transport, QString transportNote)
{
    return m_database.write([id, transport, transportNote, now = toMs(m_clock.now())](QSqlDatabase db) -> Status {
        const auto done = execute(db, u"UPDATE agent SET last_seen_at = ?, transport = ?, transport_note = ? WHERE id = ?"_s,
            {now, orNull(transport), orNull(transportNote), id});
        if (!done)
            return fail(done.error());
        return {};
    });
}

QCoro::Task<Status> AgentStore::deactivate(QByteArray id)
{
    const Status ended = co_await m_database.write([id](QSqlDatabase db) -> Status {
        const auto done = execute(
            db, u"UPDATE agent SET status = 'DEACTIVATED', root_key = NULL, next_root_key = NULL, pin_locator = NULL WHERE id = ?"_s, {id});
        if (!done)
            return fail(done.error());
        if (*done != 1)
            return fail(ErrorCode::NotFound, u"There is no agent %1."_s.arg(QString::fromLatin1(id.toHex())));
        return {};
    });
    if (ended)
        co_await remember({id});
    co_return ended;
}

QCoro::Task<Result<QList<QByteArray>>> AgentStore::endExpired()
{
    const auto ended =
        co_await m_database.write([wall = m_clock.now()](QSqlDatabase db) { return endExpiredInside(db, wall); });
    if (ended && !ended->isEmpty())
        co_await remember(*ended);
    co_return ended;
}

/// The rows are committed. What is left: the copy outside the database, and the sealed keys in what SQLite's log still holds.
QCoro::Task<void> AgentStore::remember(QList<QByteArray> ended)
{
    const Status noted = co_await m_database.run([endings = m_endings, ended](QSqlDatabase db) -> Status {
        if (db.driverName() == u"QSQLITE")
            (void)query(db, u"PRAGMA wal_checkpoint(TRUNCATE)"_s); // busy readers: the next checkpoint does it
        for (const QByteArray& id : ended)
            if (const Status one = endings ? endings->agent(id) : Status(); !one)
                return one;
        return {};
    });
    if (!noted)
        qCWarning(lcStore).noquote() << noted.error().detail;
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
    const Instant asked = m_clock.now();
    const auto refused = co_await m_database.read([ids, wall = toMs(asked)](QSqlDatabase db) -> Result<QList<QByteArray>> {
        auto clock = query(db, u"SELECT value FROM meta WHERE name = 'clock'"_s);
        if (!clock)
            return fail(clock.error());
        const qint64 now = std::max(wall, clock->next() ? clock->value(0).toString().toLongLong() : 0);
        // Asked every second for every connection: so for those shut out, who are few. Rows of those let in once are never removed.
        auto out = query(db,
            u"SELECT id FROM agent WHERE status IN ('PENDING', 'DEACTIVATED') UNION ALL"
            " SELECT id FROM agent WHERE status = 'ACTIVE' AND expires_at <= ?"_s,
            {now});
        if (!out)
            return fail(out.error());
        const QSet<QByteArray> among(ids.cbegin(), ids.cend());
        QList<QByteArray> those;
        while (out->next()) {
            if (const QByteArray id = out->value(0).toByteArray(); among.contains(id))
                those.append(id);
        }
        return those;
    });
    if (refused && !refused->isEmpty()) { // a clock set back a moment later revives none of them
        const auto noted = co_await m_database.write([asked](QSqlDatabase db) { return timeReached(db, asked, true); });
        if (!noted)
            co_return fail(noted.error());
    }
    co_return refused;
}

Status AgentStore::addPending(QSqlDatabase db, const crypto::KeyEncryptionKey& kek, const NewAgent& agent, Instant now)
{
    if (const Status current = checkKek(db, kek); !current)
        return current;
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
