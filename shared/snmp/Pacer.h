// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <chrono>
#include <limits>

namespace platen::snmp {

/// Spreads packets evenly over time. What was missed while the program was busy is caught up for a fiftieth of a second, no
/// more: a limit holds for every short while, not only for the sum. Time is what has passed since the start.
class Pacer {
public:
    using Time = std::chrono::nanoseconds;

    /// 0 packets a second: as many as one likes.
    explicit Pacer(int perSecond)
        : m_perSecond(perSecond)
    {
    }

    /// How many packets may leave at `now`, which never goes back.
    int allowance(Time now)
    {
        if (m_perSecond <= 0)
            return std::numeric_limits<int>::max();
        const double earned = std::chrono::duration<double>(now - m_refilled).count() * m_perSecond;
        m_refilled = now;
        m_tokens = std::min(m_tokens + earned, std::max(1.0, m_perSecond / 50.0));
        return static_cast<int>(m_tokens);
    }
    void spend(int packets)
    {
        if (m_perSecond > 0)
            m_tokens -= packets;
    }
    /// Until another packet may leave, when none may now; at least what timers can tell apart.
    std::chrono::milliseconds pause() const
    {
        if (m_perSecond <= 0 || m_tokens >= 1)
            return std::chrono::milliseconds(0);
        const std::chrono::duration<double> needed((1 - m_tokens) / m_perSecond);
        return std::max(std::chrono::milliseconds(2), std::chrono::ceil<std::chrono::milliseconds>(needed));
    }

private:
    int m_perSecond;
    double m_tokens = 1;
    Time m_refilled{0};
};

} // namespace platen::snmp
