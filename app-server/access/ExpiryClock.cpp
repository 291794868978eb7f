// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ExpiryClock.h"

namespace platen::access {

ExpiryClock::ExpiryClock(const Clock& clock)
    : m_clock(clock)
    , m_highest(clock.now())
    , m_highestSeenAt(clock.monotonic())
{
}

Instant ExpiryClock::now()
{
    const auto steady = m_clock.monotonic();
    m_highest = std::max(m_clock.now(), m_highest + (steady - m_highestSeenAt));
    m_highestSeenAt = steady;
    return m_highest;
}

void ExpiryClock::note(Instant stored)
{
    if (stored <= now())
        return;
    m_highest = stored;
}

} // namespace platen::access
