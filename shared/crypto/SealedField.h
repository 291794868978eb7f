// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>
#include <base/Secret.h>

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

namespace platen::crypto {

/// The key outside the database under which its secret fields are sealed (PROTOCOL.md §4): a dump of the database alone
/// gives nothing away. A sealed field = kekId(4) ‖ nonce(24) ‖ ciphertext ‖ tag, bound to its table, column and row.
class KeyEncryptionKey {
public:
    /// The 32 bytes of the file; makes it (mode 0400, durably) when there is none. Fails with PermissionDenied when
    /// group or others may touch it, with InvalidInput when it is no key, with StorageFailed.
    static Result<KeyEncryptionKey> loadOrCreate(const QString& path);

    /// Fails with NotFound instead of making one: for a database that already has sealed fields.
    static Result<KeyEncryptionKey> load(const QString& path);

    QByteArray seal(QByteArrayView plain, QByteArrayView table, QByteArrayView column, QByteArrayView rowId) const;
    QByteArray seal(QByteArrayView plain, QByteArrayView table, QByteArrayView column, qint64 rowId) const;

    /// Fails with CryptoFailed: sealed under another key (the sentence says so), for another place, or altered.
    Result<QByteArray> open(
        QByteArrayView sealed, QByteArrayView table, QByteArrayView column, QByteArrayView rowId) const;
    Result<QByteArray> open(QByteArrayView sealed, QByteArrayView table, QByteArrayView column, qint64 rowId) const;

    /// 4 bytes that name the key and tell nothing of it.
    const QByteArray& id() const { return m_id; }

private:
    explicit KeyEncryptionKey(Secret key);

    Secret m_key;
    QByteArray m_id;
};

} // namespace platen::crypto
