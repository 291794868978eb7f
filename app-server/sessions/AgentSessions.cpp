// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "AgentSessions.h"

#include "Log.h"

using namespace Qt::StringLiterals;

namespace platen::sessions {

namespace {

constexpr std::chrono::milliseconds refusalsEvery{900};
constexpr std::chrono::minutes touchesEvery{4}; // well below what counts as silent

} // namespace

AgentSessions::AgentSessions(
    store::AgentStore& agents, ingest::Ingest& ingest, ingest::Events& events, const Clock& clock)
    : m_agents(agents)
    , m_ingest(ingest)
    , m_events(events)
    , m_clock(clock)
{
    connect(&m_refusals, &QTimer::timeout, this, [this] { closeRefused(this); });
    m_refusals.start(refusalsEvery);
    connect(&m_touches, &QTimer::timeout, this, [this] {
        for (const QByteArray& agentId : m_presence.connected())
            note(this, agentId, true);
    });
    m_touches.start(touchesEvery);
    m_drainLimit.setSingleShot(true);
    connect(&m_drainLimit, &QTimer::timeout, this, [this] {
        qCWarning(lcSessions) << m_all.size() << "agents were not answered in time: they will send again what was under way";
        stop();
    });
}

AgentSessions::~AgentSessions() { stop(); }

void AgentSessions::attach(http::Edge& edge)
{
    edge.routeSocket("/a/v2/socket", [this](std::shared_ptr<http::Socket> socket) { welcome(std::move(socket)); });
}

void AgentSessions::welcome(std::shared_ptr<http::Socket> socket)
{
    if (m_isDraining)
        return socket->close(http::serviceRestart, http::retryHint(m_all.size()));
    auto session = std::make_shared<AgentSession>(std::move(socket), m_agents, m_ingest, m_clock);
    AgentSession* const key = session.get();
    m_all.insert(key, session);
    connect(key, &AgentSession::established, this, [this, key] { establish(m_all.value(key)); });
    // Not at once: the session may be in the middle of its own work.
    connect(key, &AgentSession::ended, this, [this, key] { forget(key); }, Qt::QueuedConnection);
    session->start();
}

void AgentSessions::establish(const std::shared_ptr<AgentSession>& session)
{
    if (!session)
        return;
    const QByteArray agentId = session->agentId();
    AgentSession* const former = m_established.value(agentId);
    m_established.insert(agentId, session.get());
    m_presence.add(agentId, u"websocket"_s);
    if (former)
        former->close("replaced by a newer connection");
    note(this, agentId, true);
}

void AgentSessions::forget(AgentSession* session)
{
    const auto gone = m_all.take(session);
    if (m_isDraining && m_all.isEmpty())
        endDrain();
    if (!gone || m_established.value(gone->agentId()) != session)
        return;
    m_established.remove(gone->agentId());
    m_presence.remove(gone->agentId());
    qCInfo(lcSessions).noquote() << "agent" << gone->agentId().toHex() << "disconnected";
    note(this, gone->agentId(), false);
}

QCoro::Task<void> AgentSessions::closeRefused(QPointer<AgentSessions> self)
{
    if (self->m_isAsking || self->m_established.isEmpty())
        co_return;
    self->m_isAsking = true;
    const auto refused = co_await self->m_agents.refusedAmong(self->m_established.keys());
    if (!self)
        co_return;
    self->m_isAsking = false;
    self->refuse(refused.value_or(QList<QByteArray>()));
}

void AgentSessions::refuse(const QList<QByteArray>& agentIds)
{
    for (const QByteArray& agentId : agentIds) {
        AgentSession* const session = m_established.value(agentId);
        if (!session)
            continue;
        qCInfo(lcSessions).noquote() << "agent" << agentId.toHex()
                                     << "is deactivated or has expired: its connection is closed";
        session->refuse();
    }
}

/// The connection itself is the news; that its time could not be stored is told by the storage.
QCoro::Task<void> AgentSessions::note(QPointer<AgentSessions> self, QByteArray agentId, bool isThere)
{
    (void)co_await self->m_agents.touch(agentId, isThere ? u"websocket"_s : QString());
    if (self)
        emit self->m_events.agentChanged(agentId);
}

void AgentSessions::drain(std::chrono::milliseconds limit)
{
    if (std::exchange(m_isDraining, true))
        return;
    m_refusals.stop();
    m_touches.stop();
    m_drainLimit.start(limit);
    const auto all = m_all;
    for (const auto& session : all)
        session->leave(http::retryHint(all.size()));
    if (m_all.isEmpty())
        QMetaObject::invokeMethod(this, &AgentSessions::endDrain, Qt::QueuedConnection);
}

void AgentSessions::endDrain()
{
    m_drainLimit.stop();
    emit drained();
}

void AgentSessions::stop()
{
    m_refusals.stop();
    m_touches.stop();
    const auto all = m_all;
    for (const auto& session : all)
        session->close("the server stops");
}

} // namespace platen::sessions
