// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "AgentStore.h"

#include <crypto/Pin.h>

namespace platen::store {

/// How much guessing a PIN allows (PROTOCOL.md §2).
namespace pinLimit {
inline constexpr int freeFailures = 5;
inline constexpr std::chrono::minutes betweenTries{10};
inline constexpr int burntAt = 20;
inline constexpr std::chrono::hours longestLife{30 * 24};
inline constexpr int mostSecretChars = 16;
inline constexpr int rollOutSecretChars = 26; ///< of a PIN for several agents: 130 bits, as it stays usable longer
inline constexpr int mostUses = 100'000;
} // namespace pinLimit

/// What the person who makes a PIN decides.
struct PinOrder {
    QString group{};
    int uses = 1;
    std::chrono::milliseconds life = std::chrono::hours(72);
    int secretChars = 7; ///< 4 to 16; of a PIN for several agents always 26
};

/// A PIN that waits to be used, without what makes it one.
struct PinRow {
    QString locator; ///< its first four characters
    QString group;
    int usesLeft = 1;
    int failures = 0; ///< wrong tries in a row
    Instant createdAt{};
    Instant expiresAt{};
};

/// Activation PINs: sealed at rest, counted, and gone when used, burnt or expired.
class PinStore {
public:
    /// `endings`: where PINs that are over are remembered outside the database; null in tests.
    PinStore(storage::Database& database, crypto::KeyEncryptionKey kek, const Clock& clock,
        std::shared_ptr<const Endings> endings = {});

    /// A new PIN whose locator no other has. Fails with InvalidInput: life, uses or length out of bounds.
    QCoro::Task<Result<crypto::Pin>> create(PinOrder order);

    /// Those that can still be used, the newest first.
    QCoro::Task<Result<QList<PinRow>>> list();

    /// From now on nobody can use it, runs that have not said HELLO included. Fails with NotFound.
    QCoro::Task<Status> revoke(QString locator);

    /// M1: remembers `sid` and gives the characters to work with; nothing when there is no such PIN, or it has expired or may not
    /// be tried now (the caller then works with others, so that nobody can tell). Fails with Conflict when `sid` was seen before.
    QCoro::Task<Result<std::optional<Secret>>> start(QString locator, QByteArray sid);

    /// M3, before the tag is looked at: counts a failure in advance, so that guesses made at the same time are counted too.
    /// False: no PIN, or no try allowed now.
    QCoro::Task<Result<bool>> charge(QString locator);

    /// The tag was wrong: the PIN is burnt when that was one too many. True: it was.
    QCoro::Task<Result<bool>> failed(QString locator);

    /// The tag was right: takes the count back, stores the agent as PENDING (its group is the PIN's). Fails with NotFound when the
    /// PIN went meanwhile.
    QCoro::Task<Status> passed(NewAgent agent);

private:
    QCoro::Task<void> remember(QString locator, std::optional<Instant> createdAt);

    storage::Database& m_database;
    crypto::KeyEncryptionKey m_kek;
    const Clock& m_clock;
    std::shared_ptr<const Endings> m_endings;
};

} // namespace platen::store
