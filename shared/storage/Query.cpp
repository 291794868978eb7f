// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Query.h"

#include <QSqlDatabase>
#include <QSqlError>

using namespace Qt::StringLiterals;

namespace platen::storage {

std::optional<Instant> instantOf(const QVariant& value)
{
    return value.isNull() ? std::nullopt : std::optional(fromMs(value.toLongLong()));
}

Error storageError(const QString& what, const QSqlError& error)
{
    const QString cause = error.databaseText().isEmpty() ? error.driverText()
                                                         : error.databaseText(); // the latter only says that it failed
    return {ErrorCode::StorageFailed, u"%1 (%2)"_s.arg(cause.simplified(), what)};
}

Result<QSqlQuery> query(QSqlDatabase db, const QString& sql, const QVariantList& values)
{
    QSqlQuery statement(db);
    statement.setForwardOnly(true);
    if (!statement.prepare(sql))
        return fail(storageError(sql.simplified(), statement.lastError()));
    for (const QVariant& value : values)
        statement.addBindValue(value);
    if (!statement.exec())
        return fail(storageError(sql.simplified(), statement.lastError()));
    return statement;
}

Result<int> execute(QSqlDatabase db, const QString& sql, const QVariantList& values)
{
    const Result<QSqlQuery> done = query(db, sql, values);
    if (!done)
        return fail(done.error());
    return done->numRowsAffected();
}

QVariant orNull(const QString& text) { return text.isEmpty() ? QVariant() : QVariant(text); }

QVariant orNull(const QByteArray& bytes) { return bytes.isEmpty() ? QVariant() : QVariant(bytes); }

} // namespace platen::storage
