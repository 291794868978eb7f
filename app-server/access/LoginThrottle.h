// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Clock.h>

#include <QHash>
#include <QHostAddress>
#include <QList>
#include <QString>

#include <optional>

namespace platen::access {

/// Slows down who guesses passwords (PROTOCOL.md §9): an account has 5 failures free, then waits 1, 2, 4 … s up to 15 min, and
/// takes at most 100 attempts an hour; a source address makes at most 30 attempts a minute. Knows nothing of which accounts
/// exist, so its answers tell nothing of it either. Kept in memory, bounded.
class LoginThrottle {
public:
    explicit LoginThrottle(const Clock& clock);

    /// Counts an attempt, as a failed one until succeeded() is called: parallel guesses cannot outrun the counting.
    /// Gives how long to wait when it is refused; a refused attempt counts for nothing.
    std::optional<std::chrono::seconds> begin(const QString& account, const QHostAddress& source);

    /// The attempt that began last for `account` gave the right password: its failures are forgotten.
    void succeeded(const QString& account);

private:
    using Moment = std::chrono::milliseconds;
    struct Account {
        int failures = 0;
        QList<Moment> attempts; ///< of the last hour
    };

    std::optional<Moment> accountFreeAt(const Account& account) const;

    const Clock& m_clock;
    QHash<QString, Account> m_accounts;
    QHash<QString, QList<Moment>> m_sources; ///< attempts of the last minute
};

} // namespace platen::access
