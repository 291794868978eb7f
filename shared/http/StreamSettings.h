// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtTypes>

#include <chrono>

namespace platen::http {

/// How sessions without a WebSocket are held (Streams). The defaults are for the Internet; tests make them small.
struct StreamSettings {
    int messagesBefore = 0; ///< the stream token comes with the answer to this message: 2 for agents (HELLO, READY)
    qint64 outBytes = 4 << 20; ///< of one session, not yet confirmed; a slower reader loses its session
    qint64 totalOutBytes = 256 << 20; ///< of all of them; beyond it only who has confirmed everything is answered
    int sessions = 20'000;
    int sessionsPerAddress = 1000; ///< IPv6: per /64
    std::chrono::milliseconds poll{25'000}; ///< a poll without news is answered then: before proxies lose their patience
    std::chrono::milliseconds beat{20'000}; ///< a stream without news gets a comment
    std::chrono::milliseconds answer{20'000}; ///< a POST waits so long for the answer to its message, or for room
    std::chrono::milliseconds idle{75'000}; ///< a session without any request for so long is over
    std::chrono::milliseconds linger{20'000}; ///< how long a closed session still says why
    std::chrono::milliseconds tokenLife = std::chrono::hours(1);
};

} // namespace platen::http
