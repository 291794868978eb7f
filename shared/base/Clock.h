// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtTypes>

#include <chrono>

namespace platen {

/// Milliseconds since 1970 UTC: how the suite stores and sends instants.
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

/// Where time comes from, so that tests own it. Both functions may be called from any thread.
class Clock {
public:
    virtual ~Clock() = default;

    virtual Instant now() const = 0;                          ///< wall clock; may jump either way
    virtual std::chrono::milliseconds monotonic() const = 0;  ///< never goes back; for time-outs and rates

    /// The machine's own clock.
    static const Clock& system();
};

inline qint64 toMs(Instant instant) { return instant.time_since_epoch().count(); }
inline Instant fromMs(qint64 ms) { return Instant(std::chrono::milliseconds(ms)); }

} // namespace platen
