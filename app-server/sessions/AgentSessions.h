// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "AgentSession.h"
#include "Presence.h"

#include <http/Edge.h>

#include <QHash>
#include <QPointer>
#include <QTimer>

namespace platen::sessions {

/// All agents' connections: at most one per agent (a new one replaces the old), closed within a second when the agent is
/// deactivated or expires.
class AgentSessions : public QObject {
    Q_OBJECT

public:
    AgentSessions(AgentSession::Services services, ingest::Events& events);
    ~AgentSessions() override;

    /// Declares the routes of agents: WebSocket and what stands in for it. The Edge must go before this does.
    void attach(http::Edge& edge);

    const Presence& presence() const { return m_presence; }

    /// Closes all of them at once.
    void stop();

    /// The server goes: every envelope that has arrived is still answered, then each connection closes with a hint when to come
    /// back; drained() follows, at the latest after `limit`.
    void drain(std::chrono::milliseconds limit = std::chrono::seconds(5));

signals:
    void drained(); ///< once, never from inside drain()

private:
    void welcome(std::shared_ptr<http::Socket> socket);
    void establish(const std::shared_ptr<AgentSession>& session);
    void forget(AgentSession* session);
    void endDrain();
    static QCoro::Task<void> closeRefused(QPointer<AgentSessions> self);
    static QCoro::Task<void> note(QPointer<AgentSessions> self, QByteArray agentId, bool isThere);
    static QCoro::Task<void> askForKeys(QPointer<AgentSessions> self);
    void refuse(const QList<QByteArray>& agentIds);
    void sayForked(const QByteArray& agentId);

    Seldom m_told;
    const AgentSession::Services m_services;
    ingest::Events& m_events;
    Presence m_presence;
    QHash<AgentSession*, std::shared_ptr<AgentSession>> m_all; ///< also those that have not proven themselves
    QHash<QByteArray, AgentSession*> m_established;
    QTimer m_refusals;
    QTimer m_touches;
    QTimer m_keys;
    QTimer m_drainLimit;
    bool m_isAsking = false;
    bool m_isDraining = false;
};

} // namespace platen::sessions
