// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Engine.h"

#include <QHash>
#include <QSocketNotifier>
#include <QTimer>

#include <deque>

struct snmp_pdu;
struct snmp_session;

namespace platen::snmp {

/// One try of one request, as it goes onto the wire.
struct Question {
    enum class Kind { Get, GetNext, GetBulk };

    Kind kind = Kind::Get;
    Target target;
    QList<Oid> oids;
    int nonRepeaters = 0;   ///< of GetBulk
    int maxRepetitions = 0; ///< of GetBulk
    quint32 id = 0;         ///< 0: a new one; a second try of the same question keeps the first's, so that a late answer counts
};

/// What became of a Question.
struct Outcome {
    enum class Kind {
        Answered,
        TimedOut,
        Congested, ///< the socket took no more just now: try again in some milliseconds
        NotSent,
    };

    Kind kind = Kind::NotSent;
    quint32 id = 0;
    int errorStatus = 0; ///< RFC 3416 error-status and error-index of an answer
    int errorIndex = 0;
    VarBinds varBinds;
    QString reason;      ///< of NotSent: what the system said
};

/// The engine room of Engine: the sockets, who is waited for, and the only calls into Net-SNMP's sessions. Each try gets a
/// request id of its own that nobody can guess; an answer counts only when it comes from where the request went.
class Exchange final : public QObject {
    Q_OBJECT

public:
    using Done = std::function<void(Outcome)>;

    Exchange();
    ~Exchange() override;

    /// Sends and calls `done` once, from the event loop, never from within this call or Net-SNMP. `done` may do anything,
    /// even destroy this object; those that are waiting then are never called.
    void send(Question question, Done done);

    EngineCounters counters;

private:
    /// One unconnected UDP session of Net-SNMP.
    struct Socket {
        void* session = nullptr;
        std::unique_ptr<QSocketNotifier> notifier;
    };
    struct Waiting {
        QHostAddress address;
        quint16 port = 0;
        Done done;
    };
    struct Finished {
        Done done;
        Outcome outcome;
    };

    static int heard(int operation, snmp_session* session, int id, snmp_pdu* answer, void* token);
    int take(int operation, quint32 id, const snmp_pdu* answer);
    Socket& socketFor(const QHostAddress& address);
    void open(Socket& socket, const char* peer);
    Outcome transmit(const Question& question);
    void read(Socket& socket);
    void expire();
    void finish(quint32 id, Outcome outcome);
    void deliver();
    quint32 freshId() const;

    Socket m_ipv4;
    Socket m_ipv6;
    QHash<quint32, Waiting> m_waiting; ///< by request id
    std::deque<Finished> m_finished;
    QTimer m_tick; ///< runs while somebody is waited for
};

} // namespace platen::snmp
