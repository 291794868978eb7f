// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Clock.h>

#include <deque>

namespace platen::sessions {

/// How many wrong PINs a minute the server listens to, whoever sends them. Locators are public and 2^20 in number: without this,
/// a crowd of addresses could try every locator twenty times within a PIN's life and burn them all. 120 a minute for the longest
/// life, 30 days, are five walks over all locators: a quarter of what burns a PIN. Right PINs do not count.
class GuessLimit {
public:
    explicit GuessLimit(const Clock& clock, size_t most = 120, std::chrono::milliseconds within = std::chrono::minutes(1))
        : m_clock(clock)
        , m_most(most)
        , m_within(within)
    {
    }

    bool isSpent()
    {
        while (!m_times.empty() && m_times.front() + m_within <= m_clock.monotonic())
            m_times.pop_front();
        return m_times.size() >= m_most;
    }

    /// Before a PIN is looked at; false: not now.
    bool take()
    {
        if (isSpent())
            return false;
        m_times.push_back(m_clock.monotonic());
        return true;
    }

    /// It was right.
    void giveBack()
    {
        if (!m_times.empty())
            m_times.pop_back();
    }

private:
    const Clock& m_clock;
    const size_t m_most;
    const std::chrono::milliseconds m_within;
    std::deque<std::chrono::milliseconds> m_times;
};

} // namespace platen::sessions
