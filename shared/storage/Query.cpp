// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Query.h"

#include "Prepared.h"

#include <QHash>
#include <QSqlDatabase>
#include <QSqlError>

using namespace Qt::StringLiterals;

namespace platen::storage {

namespace {

constexpr qsizetype mostPrepared = 200; // texts that are put together at run time must not pile up

/// By connection, then by text; a connection belongs to one thread.
thread_local QHash<QString, QHash<QString, QSqlQuery>> preparedBy;

} // namespace

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
    // Parsing a statement takes longer than running most of them, so each text is prepared once.
    auto& statements = preparedBy[db.connectionName()];
    auto known = statements.find(sql);
    if (known == statements.end()) {
        QSqlQuery statement(db);
        statement.setForwardOnly(true);
        if (!statement.prepare(sql))
            return fail(storageError(sql.simplified(), statement.lastError()));
        if (statements.size() >= mostPrepared)
            statements.clear();
        known = statements.emplace(sql, std::move(statement));
    }
    for (qsizetype i = 0; i < values.size(); ++i)
        known->bindValue(static_cast<int>(i), values.at(i));
    if (!known->exec()) {
        const Error error = storageError(sql.simplified(), known->lastError());
        statements.erase(known);
        return fail(error);
    }
    const int touched = known->numRowsAffected();
    known->finish();
    return touched;
}

void forgetPrepared(const QString& connection) { preparedBy.remove(connection); }

QVariant orNull(const QString& text) { return text.isEmpty() ? QVariant() : QVariant(text); }

QVariant orNull(const QByteArray& bytes) { return bytes.isEmpty() ? QVariant() : QVariant(bytes); }

} // namespace platen::storage
