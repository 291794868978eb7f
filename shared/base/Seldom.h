// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Clock.h"

#include <QHash>
#include <QString>

#include <optional>

namespace platen {

/// Keeps what a stranger can bring about at will from filling the log: says when something may be logged again. One thread.
class Seldom {
public:
    explicit Seldom(const Clock& clock, std::chrono::milliseconds period = std::chrono::minutes(10), qsizetype most = 1000);

    /// Whether to log what happened to `key` (an address, an agent): once a period; then with how often it happened since it
    /// was logged last. Beyond `most` keys a period, all others count as one.
    std::optional<quint64> now(const QString& key);

private:
    struct Entry {
        std::chrono::milliseconds until{};
        quint64 silent = 0;
    };

    const Clock& m_clock;
    const std::chrono::milliseconds m_period;
    const qsizetype m_most;
    QHash<QString, Entry> m_entries;
};

/// What to put behind such a line: "" or " (and 17 times more since the last such line)".
QString andMore(quint64 silent);

} // namespace platen
