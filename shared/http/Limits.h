// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtTypes>

#include <array>
#include <atomic>
#include <chrono>

namespace platen::http {

/// How much one endpoint lets strangers have. The defaults are those of PROTOCOL §10; tests make them small.
struct Limits {
    qint64 headBytes = 16 * 1024;
    int fields = 64;
    qint64 urlBytes = 2 * 1024;
    qint64 bodyBytes = 1 << 20;
    qint64 messageBytes = 1 << 20;                 ///< of a WebSocket message, in however many frames
    std::chrono::milliseconds tlsHandshake{10'000};
    std::chrono::milliseconds head{10'000};        ///< from the first wait to the empty line; also ends an idle connection
    qint64 bodyBytesPerSecond = 1024;              ///< slower bodies are cut …
    std::chrono::milliseconds bodyGrace{10'000};   ///< … once they are this far behind
    std::chrono::milliseconds answer{60'000};      ///< the application's time for a Reply; then the client gets 503
    std::chrono::milliseconds send{30'000};        ///< for the peer to take one answer or message, and …
    qint64 sendBytesPerSecond = 8 * 1024;          ///< … longer when it is large
    std::chrono::milliseconds idleSocket{70'000};  ///< a WebSocket silent that long, our ping included, is dead
    std::chrono::milliseconds drain{5'000};        ///< stop() waits so long for answers under way
    qint64 socketOutHoldBytes = 256 * 1024;        ///< queued for one WebSocket; from there on we do not read from it either …
    qint64 socketOutBytes = 4 << 20;               ///< … and from here on it is cut
    qint64 totalOutBytes = 256 << 20;              ///< queued for all together; from there on who has not read is cut
    qint64 socketInBytes = 512 * 1024;             ///< handed to the application and not yet taken; then we stop reading
    qint64 totalInBytes = 64 << 20;                ///< the same, of all connections of the Edge together
    int requestsWaiting = 1000;                    ///< for a Reply, of all connections; more get 503
    int connections = 20'000;
    int connectionsPerAddress = 1000;              ///< IPv6: per /64

    std::chrono::milliseconds timeToSend(qint64 bytes) const
    {
        return send + std::chrono::milliseconds(bytes * 1000 / sendBytesPerSecond);
    }
};

/// Why a peer was turned away; each is counted, and logged at most once in ten minutes.
enum class Refusal {
    TlsHandshake,     ///< not TLS, no common version, or too slow
    BadHead,          ///< bare LF, folded or malformed header, CL with TE, two lengths, …
    HeadTooLarge,
    TooManyFields,
    UrlTooLong,
    BadHost,          ///< none, or several
    BodyTooLarge,
    BadBody,          ///< malformed chunks, or cut
    TooSlow,          ///< head or body
    BadUpgrade,       ///< WebSocket version, key or origin
    BadFrame,         ///< breaks RFC 6455
    MessageTooLarge,
    SlowReader,
    DeadPeer,
    TooManyConnections,
    TooManyFromAddress,
    Overloaded,       ///< the application is behind: 503
    BadMessages,      ///< a POST, poll or stream of a session that makes no sense there
    Count_,
};

/// What an Edge has seen since it was made. Read from any thread.
struct Counters {
    std::atomic<quint64> accepted = 0; ///< connections
    std::atomic<qint64> open = 0;      ///< connections now
    std::atomic<quint64> requests = 0; ///< handed to a route
    std::atomic<quint64> messages = 0; ///< WebSocket messages received
    std::array<std::atomic<quint64>, static_cast<size_t>(Refusal::Count_)> refusals{};

    quint64 refused(Refusal why) const { return refusals[static_cast<size_t>(why)]; }
};

} // namespace platen::http
