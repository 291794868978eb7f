// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Usm.h"

#include <QSocketNotifier>
#include <QTimer>

#include <deque>
#include <map>

namespace platen::snmp {

/// What became of a Question.
struct Outcome {
    enum class Kind {
        Answered,
        TimedOut,
        Discovered, ///< v3: the engine is known now; send the question again
        Reported, ///< v3: the engine reports what is wrong; what it tells of itself is remembered
        Congested, ///< the socket took no more just now: try again in some milliseconds
        NotSent,
    };

    Kind kind = Kind::NotSent;
    quint32 id = 0;
    Pdu pdu = {}; ///< of Answered
    Report report = Report::Other; ///< of Reported
    QString reason = {}; ///< of NotSent: what the system said
};

/// The engine room of Engine: the sockets, who is waited for, and whose turn it is. Each request has an id that nobody can
/// guess, kept over its tries; an answer counts only when it comes from where the request went. A host is never asked more than
/// `requestsPerHost` things at a time; what is more waits its turn here.
class Exchange final : public QObject {
    Q_OBJECT

public:
    using Done = std::function<void(Outcome)>;

    static constexpr int requestsPerHost = 2;

    Exchange();
    ~Exchange() override;

    /// Sends when it is the host's turn, and calls `done` once, from the event loop, never from within this call. `done` may do
    /// anything, even destroy this object; those that are waiting then are never called. Credentials of v3 must be checked.
    void send(Question question, Done done);

    /// Does with a datagram from `address` exactly what is done with those from the socket. For tests and fuzzing too.
    void hear(const QHostAddress& address, quint16 port, QByteArrayView datagram);

    Usm usm;
    EngineCounters counters;

private:
    struct Socket {
        int descriptor = -1;
        std::unique_ptr<QSocketNotifier> notifier;
    };
    struct Queued {
        Question question;
        Done done;
    };
    /// What is under way with one host, and what waits for that.
    struct Lane {
        int underWay = 0;
        std::deque<Queued> queue;
    };
    using Deadlines = std::multimap<std::chrono::steady_clock::time_point, quint32>;
    struct Waiting {
        Host host;
        Version version = Version::V2c;
        Usm::Expected expected; ///< of v3
        Deadlines::iterator deadline;
        Done done;
    };
    struct Finished {
        Done done;
        Outcome outcome;
    };

    void advance(const Host& host);
    bool begin(Queued& next);
    Outcome transmit(const Host& host, const QByteArray& datagram);
    Socket& socketFor(const QHostAddress& address);
    void read(Socket& socket);
    void hearV3(quint32 id, const Incoming& message, QByteArrayView datagram);
    void expire();
    void wakeAtFirstDeadline();
    void finish(quint32 id, Outcome outcome);
    void deliver();
    quint32 freshId() const;

    Socket m_ipv4;
    Socket m_ipv6;
    QHash<Host, Lane> m_lanes;
    QHash<quint32, Waiting> m_waiting; ///< by id
    Deadlines m_deadlines;
    QTimer m_timer; ///< runs out at the first deadline
    std::deque<Finished> m_finished;
    QByteArray m_datagram; ///< what is being read
};

} // namespace platen::snmp
