// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Seldom.h"

using namespace Qt::StringLiterals;

namespace platen {

Seldom::Seldom(const Clock& clock, std::chrono::milliseconds period, qsizetype most)
    : m_clock(clock)
    , m_period(period)
    , m_most(most)
{
}

std::optional<quint64> Seldom::now(const QString& key)
{
    const auto time = m_clock.monotonic();
    auto entry = m_entries.find(key);
    if (entry == m_entries.end()) {
        if (m_entries.size() >= m_most)
            m_entries.removeIf([time](auto known) { return known.value().until <= time; });
        const QString place = m_entries.size() >= m_most ? QString() : key;
        entry = m_entries.find(place);
        if (entry == m_entries.end())
            entry = m_entries.insert(place, {});
    }
    if (entry->until > time) {
        ++entry->silent;
        return std::nullopt;
    }
    entry->until = time + m_period;
    return std::exchange(entry->silent, 0);
}

QString andMore(quint64 silent)
{
    return silent == 0 ? QString() : u" (and %1 times more since the last such line)"_s.arg(silent);
}

} // namespace platen
