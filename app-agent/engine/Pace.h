// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Clock.h>

namespace platen::agent {

/// How fast envelopes may leave: what a round makes goes at once, what weeks offline have left takes a small part of a site's line and of
/// the server's time.
class Pace {
public:
    struct Limits {
        qint64 perSecond = 256 << 10; ///< bytes
        qint64 atOnce = 1 << 20; ///< bytes, after a pause
        qint64 least = 4 << 10; ///< bytes that a small envelope counts as
    };

    explicit Pace(const Clock& clock) : Pace(Limits(), clock) {}
    Pace(Limits limits, const Clock& clock);

    /// How long the next envelope has to wait; 0: it may go.
    std::chrono::milliseconds untilNext();
    void sent(qint64 bytes);

private:
    void refill();

    Limits m_limits;
    const Clock& m_clock;
    qint64 m_left; ///< below 0 after a large one
    std::chrono::milliseconds m_at; ///< monotonic: when m_left was right
};

} // namespace platen::agent
