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
} // namespace pinLimit

/// What the person who makes a PIN decides.
struct PinOrder {
    QString group;
    int uses = 1;
    std::chrono::milliseconds life = std::chrono::hours(72);
    int secretChars = 7;
};

/// Activation PINs: sealed at rest, counted, and gone when used, burnt or expired.
class PinStore {
public:
    PinStore(storage::Database& database, crypto::KeyEncryptionKey kek, const Clock& clock);

    /// A new PIN whose locator no other has. Fails with InvalidInput (life above 30 days, uses below 1).
    QCoro::Task<Result<crypto::Pin>> create(PinOrder order);

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
    storage::Database& m_database;
    crypto::KeyEncryptionKey m_kek;
    const Clock& m_clock;
};

} // namespace platen::store
