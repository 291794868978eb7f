// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Clock.h>
#include <base/Result.h>

#include <QSqlQuery>
#include <QVariantList>

#include <optional>

namespace platen::storage {

/// Runs one statement with its values bound in order. Fails with StorageFailed: the statement and the database's own words.
Result<QSqlQuery> query(QSqlDatabase db, const QString& sql, const QVariantList& values = {});

/// The same for a statement that returns no rows: how many it touched.
Result<int> execute(QSqlDatabase db, const QString& sql, const QVariantList& values = {});

/// NULL for nothing, "" and an empty byte string: in the database "not known" has one form.
QVariant orNull(const QString& text);
QVariant orNull(const QByteArray& bytes);
template <typename T>
QVariant orNull(const std::optional<T>& value)
{
    return value ? QVariant::fromValue(*value) : QVariant();
}

/// A column of instants (ms since 1970 UTC); nothing for NULL.
std::optional<Instant> instantOf(const QVariant& value);

/// The disk or the database refuses, in one sentence.
Error storageError(const QString& what, const class QSqlError& error);

} // namespace platen::storage
