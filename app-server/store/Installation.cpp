// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Installation.h"

#include <crypto/Crypto.h>
#include <storage/Migrator.h>
#include <storage/Query.h>

using namespace Qt::StringLiterals;

// In a static library, so that somebody has to ask for the resource.
static void loadMigrations() { Q_INIT_RESOURCE(server_migrations); }

namespace platen::store {

using storage::execute;
using storage::query;

namespace {

constexpr qint64 clockStepMs = 60'000;
constexpr std::chrono::milliseconds farAhead = std::chrono::hours(24);
constexpr std::chrono::milliseconds lastingFor = std::chrono::hours(1);

Result<std::optional<qint64>> number(QSqlDatabase db, const QString& name)
{
    auto row = query(db, u"SELECT value FROM meta WHERE name = ?"_s, {name});
    if (!row)
        return fail(row.error());
    return row->next() ? std::optional(row->value(0).toString().toLongLong()) : std::nullopt;
}

Status note(QSqlDatabase db, const QString& name, qint64 value)
{
    const auto noted = execute(db,
        u"INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"_s,
        {name, QString::number(value)});
    if (!noted)
        return fail(noted.error());
    return {};
}

/// Whether a clock far ahead of the time known has run on from there for a while: then it is the time that has passed, not a
/// clock that was wrong for a moment.
Result<bool> hasLasted(QSqlDatabase db, qint64 now)
{
    const auto since = number(db, u"clockAhead"_s);
    if (!since)
        return fail(since.error());
    if (*since && now >= **since && now < **since + farAhead.count())
        return now >= **since + lastingFor.count();
    if (const Status noted = note(db, u"clockAhead"_s, now); !noted) // the first sight of it, or another jump
        return fail(noted.error());
    return false;
}

/// The value of `name`; `fresh` when there was none, which is then stored.
Result<QString> valueOr(QSqlDatabase db, const QString& name, const QString& fresh)
{
    const auto added =
        execute(db, u"INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING"_s, {name, fresh});
    if (!added)
        return fail(added.error());
    auto row = query(db, u"SELECT value FROM meta WHERE name = ?"_s, {name});
    if (!row)
        return fail(row.error());
    return row->next() ? row->value(0).toString() : fresh;
}

Result<Installation> loadInside(QSqlDatabase db, const crypto::KeyEncryptionKey& kek)
{
    const auto serverId = valueOr(db, u"serverId"_s, QString::fromLatin1(crypto::randomBytes(16).toHex()));
    if (!serverId)
        return fail(serverId.error());
    const crypto::SigningKey fresh = crypto::SigningKey::generate();
    const auto sealed = valueOr(db, u"commandKey"_s,
        QString::fromLatin1(kek.seal(fresh.secret.reveal(), "meta", "value", "commandKey").toHex()));
    if (!sealed)
        return fail(sealed.error());
    const auto seed = kek.open(QByteArray::fromHex(sealed->toLatin1()), "meta", "value", "commandKey");
    if (!seed)
        return fail(seed.error().code,
            u"The database was made with another key-encryption key: put back the kek file that belongs to it. (%1)"_s
                .arg(seed.error().detail));
    return Installation{QByteArray::fromHex(serverId->toLatin1()), crypto::SigningKey::fromSeed(Secret(*seed))};
}

} // namespace

QCoro::Task<Result<Installation>> Installation::loadOrCreate(
    storage::Database& database, const crypto::KeyEncryptionKey& kek)
{
    return database.write([kek](QSqlDatabase db) { return loadInside(db, kek); });
}

QCoro::Task<Status> migrate(storage::Database& database)
{
    loadMigrations();
    return database.run([](QSqlDatabase db) -> Status {
        const auto newest = storage::migrate(db, u":/server/migrations"_s);
        if (!newest)
            return fail(newest.error());
        return {};
    });
}

Result<Instant> timeTrusted(QSqlDatabase db)
{
    const auto known = number(db, u"clock"_s);
    if (!known)
        return fail(known.error());
    return fromMs(known->value_or(0));
}

Result<Instant> timeReached(QSqlDatabase db, Instant wall, bool exactly)
{
    const auto known = number(db, u"clock"_s);
    if (!known)
        return fail(known.error());
    const qint64 now = toMs(wall);
    const qint64 stored = known->value_or(now);
    if (*known && now > stored + farAhead.count()) {
        const auto isTrue = hasLasted(db, now);
        if (!isTrue)
            return fail(isTrue.error());
        if (!*isTrue)
            return wall;
    }
    if (!*known || now >= stored + (exactly ? 1 : clockStepMs)) {
        if (const Status noted = note(db, u"clock"_s, now); !noted)
            return fail(noted.error());
        if (const auto over = execute(db, u"DELETE FROM meta WHERE name = 'clockAhead'"_s); !over)
            return fail(over.error());
    }
    return fromMs(std::max(now, stored));
}

} // namespace platen::store
