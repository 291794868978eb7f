// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <crypto/Crypto.h>
#include <server/store/Installation.h>
#include <storage/Database.h>
#include <storage/Query.h>
#include <testkit/Wait.h>

#include <QTemporaryDir>

namespace platen::test {

/// A new server database in a folder that goes with it.
struct TestDatabase {
    TestDatabase()
        : database({.name = folder.filePath(QStringLiteral("server.sqlite"))})
    {
        if (!crypto::start() || !wait(database.open()) || !wait(store::migrate(database)))
            qFatal("no database to test with");
    }

    /// Runs one statement; ends the test program when it fails.
    void execute(const QString& sql, const QVariantList& values = {})
    {
        const auto done = wait(database.write([=](QSqlDatabase db) { return storage::execute(db, sql, values); }));
        if (!done)
            qFatal("%s", qPrintable(done.error().detail));
    }

    /// The first column of the first row.
    QVariant ask(const QString& sql, const QVariantList& values = {})
    {
        const auto value = wait(database.read([=](QSqlDatabase db) -> Result<QVariant> {
            auto row = storage::query(db, sql, values);
            if (!row)
                return fail(row.error());
            return row->next() ? row->value(0) : QVariant();
        }));
        if (!value)
            qFatal("%s", qPrintable(value.error().detail));
        return *value;
    }

    QTemporaryDir folder;
    storage::Database database;
};

} // namespace platen::test
