// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Settings.h"

#include <base/Clock.h>

#include <chrono>

namespace platen::agent {

/// When what is due (COLLECTION.md §3). Asks the clock, keeps no timer: the agent asks due() when untilNext() is over. Survives
/// a clock that jumps and a computer that slept: what was missed is due once.
class Schedule {
public:
    /// What a round does; a later one includes those before it.
    enum class Work { Nothing, Status, Meters, Discovery };

    /// When things were done last, from the state; 0: never.
    struct Past {
        Instant discovery{};
        Instant meters{};
    };

    Schedule(const Settings& settings, Past past, const Clock& clock = Clock::system());

    /// The meters' time of day comes that much later: this agent's share of the jitter.
    void putOffMeters(std::chrono::milliseconds by) { m_metersPutOff = by; }

    /// The most that is due now.
    Work due() const;

    /// A round of this kind begins now; it and all that it includes are due again after their intervals.
    void begun(Work work);

    /// How long until something is due; never longer than a minute, because wall clocks jump.
    std::chrono::milliseconds untilNext() const;

    /// How long until the next round of status at the latest; for people.
    std::chrono::milliseconds untilStatus() const;

    /// The search did not happen (nothing could be sent): due again in a tenth of its interval, at most in an hour.
    void discoveryFailed();

    const Past& past() const { return m_past; }

private:
    Instant lastMetersTime() const;

    Settings::Duration m_discoveryInterval;
    Settings::Duration m_statusInterval;
    QTime m_metersAt;
    std::chrono::milliseconds m_metersPutOff{0};
    Past m_past;
    const Clock& m_clock;
    std::chrono::milliseconds m_nextStatus; ///< monotonic
    std::chrono::milliseconds m_nextDiscovery; ///< monotonic
};

/// This agent's share of `settings.jitter`, always the same: its id decides.
std::chrono::milliseconds jitterOf(const QByteArray& agentId, const Settings& settings);

} // namespace platen::agent
