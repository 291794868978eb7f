// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "KekRotation.h"

#include <storage/Query.h>

using namespace Qt::StringLiterals;

namespace platen::store {

using storage::execute;
using storage::query;

namespace {

/// Where sealed fields are: bytes in `column`, bound to their place by `key`. Table meta keeps its one as hexadecimal text.
struct SealedColumn {
    QLatin1StringView table;
    QLatin1StringView column;
    QLatin1StringView key;
};

constexpr SealedColumn sealedColumns[] = {
    {"agent"_L1, "root_key"_L1, "id"_L1},
    {"agent"_L1, "next_root_key"_L1, "id"_L1},
    {"pin"_L1, "characters"_L1, "locator"_L1},
};

Result<QByteArray> anew(const crypto::KeyEncryptionKey& old, const crypto::KeyEncryptionKey& next, const QByteArray& sealed,
    const SealedColumn& place, const QByteArray& key)
{
    const auto plain =
        old.open(sealed, QByteArrayView(place.table), QByteArrayView(place.column), key).transform([](QByteArray bytes) {
            return Secret(std::move(bytes));
        });
    if (!plain)
        return fail(plain.error().code,
            u"%1.%2 of row %3 does not open: %4 Nothing was changed."_s.arg(
                place.table, place.column, QString::fromLatin1(key.toHex()), plain.error().detail));
    return next.seal(plain->reveal(), QByteArrayView(place.table), QByteArrayView(place.column), key);
}

/// By steps of the key's order, so that a large table is never in memory.
Result<qint64> sealColumnAnew(
    QSqlDatabase db, const SealedColumn& place, const crypto::KeyEncryptionKey& old, const crypto::KeyEncryptionKey& next)
{
    const QString select = u"SELECT %1, %2 FROM %3 WHERE %2 IS NOT NULL"_s.arg(place.key, place.column, place.table);
    const QString update = u"UPDATE %1 SET %2 = ? WHERE %3 = ?"_s.arg(place.table, place.column, place.key);
    qint64 count = 0;
    QVariant last;
    for (;;) {
        auto rows = query(db,
            select + (last.isNull() ? QString() : u" AND %1 > ?"_s.arg(place.key)) + u" ORDER BY %1 LIMIT 1000"_s.arg(place.key),
            last.isNull() ? QVariantList() : QVariantList{last});
        if (!rows)
            return fail(rows.error());
        QList<std::pair<QVariant, QByteArray>> some;
        while (rows->next())
            some.append({rows->value(0), rows->value(1).toByteArray()});
        rows->finish();
        if (some.isEmpty())
            return count;
        for (const auto& [key, sealed] : std::as_const(some)) {
            const auto fresh = anew(old, next, sealed, place, key.toByteArray());
            if (!fresh)
                return fail(fresh.error());
            if (const auto done = execute(db, update, {*fresh, key}); !done)
                return fail(done.error());
        }
        count += some.size();
        last = some.last().first;
    }
}

Status note(QSqlDatabase db, const QString& name, const QByteArray& bytes)
{
    const auto noted = execute(db,
        u"INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"_s,
        {name, QString::fromLatin1(bytes.toHex())});
    if (!noted)
        return fail(noted.error());
    return {};
}

Result<QByteArray> noted(QSqlDatabase db, const QString& name)
{
    auto row = query(db, u"SELECT value FROM meta WHERE name = ?"_s, {name});
    if (!row)
        return fail(row.error());
    return row->next() ? QByteArray::fromHex(row->value(0).toByteArray()) : QByteArray();
}

} // namespace

Result<qint64> sealAnew(QSqlDatabase db, const crypto::KeyEncryptionKey& old, const crypto::KeyEncryptionKey& next)
{
    qint64 count = 1;
    for (const SealedColumn& place : sealedColumns) {
        const auto done = sealColumnAnew(db, place, old, next);
        if (!done)
            return fail(done.error());
        count += *done;
    }
    const QString commandKey = u"commandKey"_s;
    const auto sealed = noted(db, commandKey);
    if (!sealed)
        return fail(sealed.error());
    const auto fresh = anew(old, next, *sealed, {"meta"_L1, "value"_L1, "name"_L1}, commandKey.toLatin1());
    if (!fresh)
        return fail(fresh.error());
    if (const Status done = note(db, commandKey, *fresh); !done)
        return fail(done.error());
    if (const Status done = note(db, u"kekId"_s, next.id()); !done)
        return fail(done.error());
    return count;
}

Result<QByteArray> kekIdOf(QSqlDatabase db) { return noted(db, u"kekId"_s); }

Status checkKek(QSqlDatabase db, const crypto::KeyEncryptionKey& kek)
{
    const auto id = kekIdOf(db);
    if (!id)
        return fail(id.error());
    if (!id->isEmpty() && *id != kek.id())
        return fail(ErrorCode::Conflict, u"The key-encryption key was changed meanwhile: try again."_s);
    return {};
}

} // namespace platen::store
