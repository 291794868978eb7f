// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Clock.h>

namespace platen::access {

/// The time by which things expire: never earlier than any instant seen or stored before, so that a clock set back revives
/// nobody (PROTOCOL.md §3.3), and always running, so that a clock once set far ahead does not stop it.
class ExpiryClock {
public:
    explicit ExpiryClock(const Clock& clock);

    /// The wall clock, or the highest instant known plus what has passed since, whichever is later.
    Instant now();

    /// An instant that was stored earlier: it has been, so it is not later than now.
    void note(Instant stored);

private:
    const Clock& m_clock;
    Instant m_highest;
    std::chrono::milliseconds m_highestSeenAt;
};

} // namespace platen::access
