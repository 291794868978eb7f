// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Seldom.h>
#include <channel/SealedEnvelope.h>
#include <channel/ServerHandshake.h>
#include <http/Socket.h>
#include <server/ingest/Ingest.h>
#include <server/store/AgentStore.h>
#include <server/store/Receptions.h>

#include <QCoro/QCoroTask>
#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>

namespace platen::sessions {

/// One agent on one connection: greets it (PROTOCOL.md §3.2), takes its envelopes, answers each after it is stored. Main thread.
class AgentSession : public QObject, public std::enable_shared_from_this<AgentSession> {
    Q_OBJECT

public:
    /// What sessions work with; outlives them.
    struct Services {
        store::AgentStore& agents;
        store::Receptions& receptions;
        ingest::Ingest& ingest;
        const Clock& clock;
        Seldom* told = nullptr; ///< what strangers bring about is logged once a period; AgentSessions sets it
    };

    AgentSession(std::shared_ptr<http::Socket> socket, Services services);

    /// Begins to listen; once, when a shared_ptr holds it.
    void start();

    /// Empty until the agent has proven that it is live.
    const QByteArray& agentId() const { return m_session.agentId; }

    QString transport() const { return http::nameOf(m_socket->carrier()); } ///< "websocket", "sse", "longpoll"
    QString transportNote() const; ///< why it is none better, as the agent says; for people

    void refuse(); ///< not, or no longer, welcome: tells the agent not to come back soon
    void close(const QByteArray& reason); ///< it may come back
    void sayForked(); ///< as refuse(), and: there is a copy of it
    void askForKey(); ///< asks an established agent for a new key

    /// The server goes: takes nothing more, answers what is under way, then closes with `hint` on when to come back.
    void leave(const QByteArray& hint);

signals:
    void established(); ///< it is who it says, and no copy; only now it counts as connected
    void forked(); ///< it is a copy, or was put back: just found out
    void keyChanged(); ///< it greeted under a new key
    void ended(); ///< once

private:
    enum class Step { Hello, Looking, Ready, Established, Over };

    static QCoro::Task<void> greet(std::shared_ptr<AgentSession> self, QByteArray hello);
    static QCoro::Task<void> ingestOne(
        std::shared_ptr<AgentSession> self, channel::OpenedEnvelope envelope, qsizetype size);
    static QCoro::Task<void> receive(std::shared_ptr<AgentSession> self);
    static QCoro::Task<void> changeKey(std::shared_ptr<AgentSession> self, protocol::Rekey request);
    void welcome(const store::Reception& reception);
    void tell(protocol::AckCode code, const QList<quint64>& full = {});
    void take(const QByteArray& message);
    void takeReady(const QByteArray& message);
    void takeEnvelope(const QByteArray& message);
    void answer(const Result<protocol::Ack>& outcome);
    void leaveWhenAnswered();
    void drop(const Error& why);
    void tellOfStranger(const QString& what) const;
    void end();

    std::shared_ptr<http::Socket> m_socket;
    const Services m_services;
    Step m_step = Step::Hello;
    QTimer m_greeting; ///< ends a connection that does not prove itself
    channel::ServerHandshake m_handshake;
    crypto::AgentKeys m_keys;
    store::KnownAgent m_known; ///< when HELLO was answered
    int m_keyChanges = 0; ///< that this connection asked for
    channel::EstablishedSession m_session;
    quint64 m_hwm = 0;
    int m_underWay = 0; ///< envelopes between arrival and answer
    qsizetype m_bytesUnderWay = 0;
    std::optional<QByteArray> m_leaving; ///< the hint to leave with
};

} // namespace platen::sessions
