// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Pace.h"

#include <algorithm>

namespace platen::agent {

using std::chrono::milliseconds;

Pace::Pace(Limits limits, const Clock& clock)
    : m_limits(limits)
    , m_clock(clock)
    , m_left(limits.atOnce)
    , m_at(clock.monotonic())
{
}

/// Notes what has come back since the last time.
void Pace::refill()
{
    const milliseconds now = m_clock.monotonic();
    const qint64 most = (m_limits.atOnce - m_left) * 1000 / m_limits.perSecond + 1; // ms until all is there again
    const qint64 passed = std::clamp<qint64>((now - m_at).count(), 0, most);
    m_left = std::min(m_limits.atOnce, m_left + passed * m_limits.perSecond / 1000);
    m_at = now;
}

milliseconds Pace::untilNext()
{
    refill();
    return m_left > 0 ? milliseconds(0) : milliseconds((m_limits.least - m_left) * 1000 / m_limits.perSecond + 1);
}

void Pace::sent(qint64 bytes)
{
    refill(); // before it, or a pause would be credited for what was sent after it
    m_left -= std::max(bytes, m_limits.least);
}

} // namespace platen::agent
