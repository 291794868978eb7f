// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "PinStore.h"

#include "Installation.h"
#include "KekRotation.h"
#include "Log.h"

#include <storage/Query.h>

using namespace Qt::StringLiterals;

namespace platen::store {

using storage::execute;
using storage::orNull;
using storage::query;

namespace {

constexpr qint64 dayMs = 86'400'000; // also: a PIN made later than tomorrow was made while the clock was wrong, and is none

/// The PIN with a locator, when it may be tried now.
const QString triable = u"locator = ? AND uses > 0 AND failures < ? AND expires_at > ? AND created_at < ?"
                        " AND (next_try_at IS NULL OR next_try_at <= ?)"_s;
QVariantList triableValues(const QString& locator, Instant now)
{
    return {locator, pinLimit::burntAt, toMs(now), toMs(now) + dayMs, toMs(now)};
}

/// What is over: PINs a day after their end (a slow agent may still say its HELLO), runs that never did.
Status tidy(QSqlDatabase db, qint64 now)
{
    for (const auto& [sql, before] : {std::pair(u"DELETE FROM pin WHERE expires_at < ?"_s, now - dayMs),
             std::pair(u"DELETE FROM agent WHERE status = 'PENDING' AND created_at < ?"
                       " AND NOT EXISTS (SELECT 1 FROM pin WHERE pin.locator = agent.pin_locator)"_s,
                 now - dayMs)}) {
        if (const auto done = execute(db, sql, {before}); !done)
            return fail(done.error());
    }
    return {};
}

/// False: another PIN has this locator.
Result<bool> add(
    QSqlDatabase db, const crypto::KeyEncryptionKey& kek, const crypto::Pin& pin, const PinOrder& order, qint64 now)
{
    const auto added = execute(db,
        u"INSERT INTO pin (locator, characters, group_name, uses, created_at, expires_at, failures) VALUES (?, ?, ?, "
        u"?, ?, ?, 0)"
        " ON CONFLICT (locator) DO NOTHING"_s,
        {pin.locator, kek.seal(pin.characters.reveal(), "pin", "characters", pin.locator.toLatin1()),
            orNull(order.group), order.uses, now, now + order.life.count()});
    if (!added)
        return fail(added.error());
    return *added == 1;
}

/// Forgets those of long ago as well: anybody can send one.
Status rememberSid(QSqlDatabase db, const QByteArray& sid, Instant now)
{
    const auto tidied = execute(db, u"DELETE FROM activation_sid WHERE at < ?"_s, {toMs(now) - 2 * dayMs});
    if (!tidied)
        return fail(tidied.error());
    const auto added = execute(
        db, u"INSERT INTO activation_sid (sid, at) VALUES (?, ?) ON CONFLICT (sid) DO NOTHING"_s, {sid, toMs(now)});
    if (!added)
        return fail(added.error());
    if (*added != 1)
        return fail(ErrorCode::Conflict, u"This activation run was seen before."_s);
    return {};
}

/// When the PIN with this locator was made, if it is there and `condition` holds of it; it is deleted then.
Result<std::optional<Instant>> removePin(
    QSqlDatabase db, const QString& locator, const QString& condition = {}, const QVariantList& more = {})
{
    const QString where = u"locator = ?"_s + condition;
    const QVariantList values = QVariantList{locator} + more;
    auto row = query(db, u"SELECT created_at FROM pin WHERE "_s + where, values);
    if (!row)
        return fail(row.error());
    if (!row->next())
        return std::nullopt;
    const Instant createdAt = fromMs(row->value(0).toLongLong());
    row->finish();
    if (const auto gone = execute(db, u"DELETE FROM pin WHERE "_s + where, values); !gone)
        return fail(gone.error());
    return createdAt;
}

/// A try of a PIN that is none costs a commit as well: the time of the answer shall not tell which locators exist.
Status countMiss(QSqlDatabase db)
{
    const auto counted = execute(db,
        u"INSERT INTO meta (name, value) VALUES ('pinMisses', '1') ON CONFLICT (name) DO UPDATE SET value ="
        " CAST(CAST(meta.value AS BIGINT) + 1 AS TEXT)"_s);
    if (!counted)
        return fail(counted.error());
    return {};
}

} // namespace

PinStore::PinStore(storage::Database& database, crypto::KeyEncryptionKey kek, const Clock& clock,
    std::shared_ptr<const Endings> endings)
    : m_database(database)
    , m_kek(std::move(kek))
    , m_clock(clock)
    , m_endings(std::move(endings))
{
}

QCoro::Task<Result<crypto::Pin>> PinStore::create(PinOrder order)
{
    if (order.uses < 1 || order.uses > pinLimit::mostUses)
        co_return fail(ErrorCode::InvalidInput, u"A PIN is for 1 to %1 agents."_s.arg(pinLimit::mostUses));
    if (order.life <= order.life.zero() || order.life > pinLimit::longestLife)
        co_return fail(ErrorCode::InvalidInput, u"A PIN lives for at most 30 days."_s);
    if (order.secretChars < crypto::Pin::fewestSecretChars || order.secretChars > pinLimit::mostSecretChars)
        co_return fail(ErrorCode::InvalidInput,
            u"A PIN has %1 to %2 secret characters."_s.arg(crypto::Pin::fewestSecretChars).arg(pinLimit::mostSecretChars));
    if (order.uses > 1)
        order.secretChars = pinLimit::rollOutSecretChars;
    co_return co_await m_database.write(
        [kek = m_kek, order, wall = m_clock.now()](QSqlDatabase db) -> Result<crypto::Pin> {
            const auto now = timeReached(db, wall);
            if (!now)
                return fail(now.error());
            if (const Status current = checkKek(db, kek); !current)
                return fail(current.error());
            const auto trusted = timeTrusted(db);
            if (!trusted)
                return fail(trusted.error());
            if (const Status tidied = tidy(db, toMs(*trusted)); !tidied)
                return fail(tidied.error());
            for (int attempt = 0; attempt < 100; ++attempt) {
                const crypto::Pin pin = crypto::Pin::generate(order.secretChars);
                const auto added = add(db, kek, pin, order, toMs(*now));
                if (!added)
                    return fail(added.error());
                if (*added)
                    return pin;
            }
            return fail(ErrorCode::LimitExceeded,
                u"There are too many PINs waiting to be used: wait until some have expired."_s);
        });
}

QCoro::Task<Result<QList<PinRow>>> PinStore::list()
{
    return m_database.read([wall = m_clock.now()](QSqlDatabase db) -> Result<QList<PinRow>> {
        auto found = query(db,
            u"SELECT locator, group_name, uses, failures, created_at, expires_at FROM pin"
            " WHERE uses > 0 AND expires_at > ? ORDER BY created_at DESC, locator"_s,
            {toMs(wall)});
        if (!found)
            return fail(found.error());
        QList<PinRow> rows;
        while (found->next())
            rows.append({found->value(0).toString(), found->value(1).toString(), found->value(2).toInt(),
                found->value(3).toInt(), fromMs(found->value(4).toLongLong()), fromMs(found->value(5).toLongLong())});
        return rows;
    });
}

QCoro::Task<Status> PinStore::revoke(QString locator)
{
    const auto revoked = co_await m_database.write([locator](QSqlDatabase db) -> Result<Instant> {
        const auto gone = removePin(db, locator);
        if (!gone)
            return fail(gone.error());
        if (!*gone)
            return fail(ErrorCode::NotFound,
                u"There is no PIN that starts with '%1': it was used, has expired, or never was. platen-server pin list shows those that can be used."_s
                    .arg(locator));
        const auto forgotten =
            execute(db, u"DELETE FROM agent WHERE status = 'PENDING' AND pin_locator = ?"_s, {locator});
        if (!forgotten)
            return fail(forgotten.error());
        return **gone;
    });
    if (!revoked)
        co_return fail(revoked.error());
    co_await remember(locator, *revoked);
    co_return Status();
}

/// Remembers outside the database that nobody can use this PIN any more.
QCoro::Task<void> PinStore::remember(QString locator, std::optional<Instant> createdAt)
{
    if (!m_endings || !createdAt)
        co_return;
    const Status noted = co_await m_database.run(
        [endings = m_endings, locator, at = *createdAt](QSqlDatabase) { return endings->pin(locator, at, 0); });
    if (!noted)
        qCWarning(lcStore).noquote() << noted.error().detail;
}

QCoro::Task<Result<std::optional<Secret>>> PinStore::start(QString locator, QByteArray sid)
{
    return m_database.write([kek = m_kek, locator, sid, wall = m_clock.now()](
                                QSqlDatabase db) -> Result<std::optional<Secret>> {
        const auto now = timeReached(db, wall);
        if (!now)
            return fail(now.error());
        if (const Status fresh = rememberSid(db, sid, *now); !fresh)
            return fail(fresh.error());
        auto row = query(db, u"SELECT characters FROM pin WHERE "_s + triable, triableValues(locator, *now));
        if (!row)
            return fail(row.error());
        if (!row->next())
            return std::nullopt;
        auto characters = kek.open(row->value(0).toByteArray(), "pin", "characters", locator.toLatin1());
        if (!characters)
            return fail(characters.error());
        return std::optional(Secret(*std::move(characters)));
    });
}

QCoro::Task<Result<bool>> PinStore::charge(QString locator)
{
    return m_database.write([locator, wall = m_clock.now()](QSqlDatabase db) -> Result<bool> {
        const auto now = timeReached(db, wall);
        if (!now)
            return fail(now.error());
        const qint64 next = toMs(*now + pinLimit::betweenTries);
        const auto charged = execute(db,
            u"UPDATE pin SET failures = failures + 1, next_try_at = CASE WHEN failures + 1 >= ? THEN CAST(? AS BIGINT) "
            u"ELSE NULL END"
            " WHERE "_s
                + triable,
            QVariantList{pinLimit::freeFailures, next} + triableValues(locator, *now));
        if (!charged)
            return fail(charged.error());
        if (*charged == 1)
            return true;
        if (const Status counted = countMiss(db); !counted)
            return fail(counted.error());
        return false;
    });
}

QCoro::Task<Result<bool>> PinStore::failed(QString locator)
{
    const auto burnt = co_await m_database.write(
        [locator](QSqlDatabase db) { return removePin(db, locator, u" AND failures >= ?"_s, {pinLimit::burntAt}); });
    if (!burnt)
        co_return fail(burnt.error());
    co_await remember(locator, *burnt);
    co_return burnt->has_value();
}

QCoro::Task<Status> PinStore::passed(NewAgent agent)
{
    return m_database.write([kek = m_kek, agent, wall = m_clock.now()](QSqlDatabase db) mutable -> Status {
        const auto refunded = execute(db,
            u"UPDATE pin SET failures = failures - 1, next_try_at = CASE WHEN failures - 1 < ? THEN NULL ELSE next_try_at END WHERE locator = ?"_s,
            {pinLimit::freeFailures, agent.pinLocator});
        if (!refunded)
            return fail(refunded.error());
        auto row = query(db, u"SELECT group_name FROM pin WHERE locator = ?"_s, {agent.pinLocator});
        if (!row)
            return fail(row.error());
        if (!row->next())
            return fail(ErrorCode::NotFound, u"The PIN is gone."_s);
        agent.group = row->value(0).toString();
        row->finish();
        return AgentStore::addPending(db, kek, agent, wall);
    });
}

} // namespace platen::store
