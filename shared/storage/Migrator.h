// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>

#include <QString>

class QSqlDatabase;

namespace platen::storage {

/// Brings `db` to the newest migration of `folder` (files NNNN_name.sql) and says its number. Each file runs once, in a
/// transaction of its own; a new database runs them all. Two processes may do this at once. Run it by Database::run.
/// Fails with SchemaTooNew, MigrationChanged (a file that already ran was edited) or StorageFailed.
Result<int> migrate(QSqlDatabase db, const QString& folder);

/// One migration with its {{placeholders}} written in the dialect of `driver` ("QSQLITE" or "QPSQL"):
/// {{id}} a numbered primary key, {{instant}} milliseconds since 1970 UTC, {{bytes}} a byte string.
QString inDialect(QString sql, const QString& driver);

} // namespace platen::storage
