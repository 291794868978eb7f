// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Line.h"
#include "Talker.h"

#include <base/Result.h>

#include <chrono>
#include <functional>
#include <queue>
#include <vector>

namespace platen::agentsim {

using Moment = std::chrono::steady_clock::time_point;

/// Thousands of agents on one thread. Each function does its work and returns; in between, listen() answers what comes.
class Crowd {
public:
    enum class Kind {
        Platen, ///< a platen-server with activated agents
        Json,   ///< the peer's greeting and submissions
        Echo,   ///< no greeting: whoever answers with what was said
    };

    struct Settings {
        QHostAddress server{QHostAddress::LocalHost};
        quint16 port = 8443;
        QByteArray path;
        Kind kind = Kind::Platen;
        int count = 100;
        int perAddress = 500; ///< agents that come from one loopback address, 127.1.0.1 and up
        QByteArray keys;      ///< of Platen: 48 bytes an agent
    };

    struct Latencies {
        qsizetype acknowledged = 0;
        qsizetype late = 0; ///< due and not sent, or sent and not acknowledged, when time was up
        double p50 = 0, p99 = 0, most = 0; ///< ms from when it was due to be sent until its acknowledgement
    };

    explicit Crowd(Settings settings);
    ~Crowd();

    /// Connects everyone, `atOnce` under way at a time. From then on whoever is cut off comes back by itself as an agent does
    /// (channel/Backoff). False when they are not all there within `limit`.
    bool gather(int atOnce, std::chrono::seconds limit);

    /// Spins until everyone is there, or time is up.
    bool isWholeWithin(std::chrono::seconds limit);

    /// `perSecond` submissions, by one agent after the other, each again only when it was acknowledged.
    Latencies submit(int perSecond, std::chrono::seconds time);

    /// Everyone says 200 bytes and says them again as soon as they come back, `total` times together. Seconds it took.
    double echo(qsizetype total);

    /// Answers what comes until there is something to read on `descriptor`.
    void listen(int descriptor);

    int present() const { return m_present; }

private:
    class Member;
    friend class Member;

    template <typename Claim>
    bool spin(Claim until, Moment end);
    void turn(Moment end);
    void comeAt(Member* member, Moment when);

    const Settings m_settings;
    Line::Where m_where;
    std::vector<std::unique_ptr<Member>> m_members;
    using Due = std::pair<Moment, Member*>;
    std::priority_queue<Due, std::vector<Due>, std::greater<>> m_due;
    int m_present = 0;
    bool m_isGathering = true; ///< whoever fails now comes again soon
    std::function<void(Member&)> m_acknowledged;
    std::function<void(Member&)> m_echoed;
};

} // namespace platen::agentsim
