// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <channel/SealedEnvelope.h>
#include <channel/ServerHandshake.h>
#include <http/Socket.h>
#include <server/ingest/Ingest.h>
#include <server/store/AgentStore.h>

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
    AgentSession(
        std::shared_ptr<http::Socket> socket, store::AgentStore& agents, ingest::Ingest& ingest, const Clock& clock);

    /// Begins to listen; once, when a shared_ptr holds it.
    void start();

    /// Empty until the agent has proven that it is live.
    const QByteArray& agentId() const { return m_session.agentId; }

    void refuse(); ///< not, or no longer, welcome: tells the agent not to come back soon
    void close(const QByteArray& reason); ///< it may come back

    /// The server goes: takes nothing more, answers what is under way, then closes with `hint` on when to come back.
    void leave(const QByteArray& hint);

signals:
    void established(); ///< it is who it says; only now it counts as connected
    void ended(); ///< once

private:
    enum class Step { Hello, Looking, Ready, Established, Over };

    static QCoro::Task<void> greet(std::shared_ptr<AgentSession> self, QByteArray hello);
    static QCoro::Task<void> ingestOne(
        std::shared_ptr<AgentSession> self, channel::OpenedEnvelope envelope, qsizetype size);
    void take(const QByteArray& message);
    void takeReady(const QByteArray& message);
    void takeEnvelope(const QByteArray& message);
    void answer(const Result<protocol::Ack>& outcome);
    void leaveWhenAnswered();
    void drop(const Error& why);
    void end();

    std::shared_ptr<http::Socket> m_socket;
    store::AgentStore& m_agents;
    ingest::Ingest& m_ingest;
    const Clock& m_clock;
    Step m_step = Step::Hello;
    QTimer m_greeting; ///< ends a connection that does not prove itself
    channel::ServerHandshake m_handshake;
    crypto::AgentKeys m_keys;
    channel::EstablishedSession m_session;
    quint64 m_hwm = 0;
    int m_underWay = 0; ///< envelopes between arrival and answer
    qsizetype m_bytesUnderWay = 0;
    std::optional<QByteArray> m_leaving; ///< the hint to leave with
};

} // namespace platen::sessions
