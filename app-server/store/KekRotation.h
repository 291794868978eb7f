// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>
#include <crypto/SealedField.h>

#include <QSqlDatabase>

namespace platen::store {

/// Seals every sealed field of `db` anew under `next`, and notes in table meta that it belongs to it. All or nothing: inside one
/// write. Says how many fields. Fails with CryptoFailed when one does not open under `old`; the sentence names it.
Result<qint64> sealAnew(QSqlDatabase db, const crypto::KeyEncryptionKey& old, const crypto::KeyEncryptionKey& next);

/// The id of the key that this database belongs to; empty when it never changed.
Result<QByteArray> kekIdOf(QSqlDatabase db);

/// Before something is sealed: fails with Conflict when the key was changed since this process read it. Inside the write.
Status checkKek(QSqlDatabase db, const crypto::KeyEncryptionKey& kek);

} // namespace platen::store
