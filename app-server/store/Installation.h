// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Clock.h>
#include <base/Result.h>
#include <crypto/SealedField.h>
#include <crypto/Signing.h>
#include <storage/Database.h>

namespace platen::store {

/// Who this server is, for all its life: made at the first start.
struct Installation {
    QByteArray serverId; ///< 16 random bytes
    crypto::SigningKey commandKey; ///< agents pin its public half

    /// From table meta; made when it is not there. Fails with CryptoFailed when `kek` is not the one of this database.
    static QCoro::Task<Result<Installation>> loadOrCreate(
        storage::Database& database, const crypto::KeyEncryptionKey& kek);
};

/// Brings the database to this version's tables (`:/server/migrations`). Fails as storage::migrate does.
QCoro::Task<Status> migrate(storage::Database& database);

/// The time by which things expire: `wall`, or the highest one stored when the clock was set back (PROTOCOL.md §3.3). Notes it in
/// table meta once a minute, or at once when `exactly`. A clock that jumps more than a day ahead counts at once, but is noted only
/// after it has run on from there for an hour: one that is wrong for a moment ends nothing for good. Inside a write.
Result<Instant> timeReached(QSqlDatabase db, Instant wall, bool exactly = false);

/// The highest time noted: by which things may be destroyed that are over. Inside a write.
Result<Instant> timeTrusted(QSqlDatabase db);

} // namespace platen::store
