// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Clock.h>
#include <storage/Database.h>

#include <QByteArray>
#include <QString>

namespace platen::store {

/// What has ended for good, remembered outside the database: a database put back from a backup would otherwise revive PINs that
/// were used and agents that were deactivated. One line each in a text file beside it, only ever appended to, by several
/// processes at once if need be: "pin LOCATOR CREATED-MS USES-LEFT", "agent ID". It has no secrets. Any thread.
class Endings {
public:
    explicit Endings(QString path);

    /// So many uses of a PIN are left; 0: it was used up, burnt or taken back. Durable on return.
    Status pin(const QString& locator, Instant createdAt, qint64 usesLeft) const;

    /// The key of this agent was destroyed.
    Status agent(const QByteArray& id) const;

    /// What a database held that had ended.
    struct Revived {
        int pins = 0;
        int agents = 0;
    };

    /// Ends again what the file knows of and `db` does not. Inside a write, at the server's start. Fails with StorageFailed.
    Result<Revived> endAgain(QSqlDatabase db) const;

private:
    Status append(const QByteArray& line) const;

    QString m_path;
};

} // namespace platen::store
