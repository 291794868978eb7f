// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "AgentSessions.h"

#include "Log.h"

using namespace Qt::StringLiterals;

namespace platen::sessions {

namespace {

constexpr std::chrono::milliseconds refusalsEvery{900};
constexpr std::chrono::minutes touchesEvery{4}; // well below what counts as silent
constexpr std::chrono::seconds keysEvery{15};

} // namespace

AgentSessions::AgentSessions(AgentSession::Services services, ingest::Events& events)
    : m_told(services.clock)
    , m_services{services.agents, services.receptions, services.ingest, services.clock, &m_told}
    , m_events(events)
{
    connect(&m_refusals, &QTimer::timeout, this, [this] { closeRefused(this); });
    m_refusals.start(refusalsEvery);
    connect(&m_touches, &QTimer::timeout, this, [this] {
        for (const QByteArray& agentId : m_presence.connected())
            note(this, agentId, true);
    });
    m_touches.start(touchesEvery);
    connect(&m_keys, &QTimer::timeout, this, [this] { askForKeys(this); });
    m_keys.start(keysEvery);
    connect(&m_events, &ingest::Events::agentForked, this, &AgentSessions::sayForked);
    m_drainLimit.setSingleShot(true);
    connect(&m_drainLimit, &QTimer::timeout, this, [this] {
        qCWarning(lcSessions) << m_all.size() << "agents were not answered in time: they will send again what was under way";
        stop();
    });
}

AgentSessions::~AgentSessions() { stop(); }

void AgentSessions::attach(http::Edge& edge)
{
    const auto handler = [this](std::shared_ptr<http::Socket> socket) { welcome(std::move(socket)); };
    edge.routeSocket("/a/v2/socket", handler);
    edge.routeStreams("/a/v2", handler, {.messagesBefore = 2}); // HELLO, READY
}

void AgentSessions::welcome(std::shared_ptr<http::Socket> socket)
{
    if (m_isDraining)
        return socket->close(http::serviceRestart, http::retryHint(m_all.size()));
    auto session = std::make_shared<AgentSession>(std::move(socket), m_services);
    AgentSession* const key = session.get();
    m_all.insert(key, session);
    connect(key, &AgentSession::established, this, [this, key] { establish(m_all.value(key)); });
    connect(key, &AgentSession::forked, this, [this, key] {
        emit m_events.agentForked(key->agentId());
        emit m_events.agentChanged(key->agentId());
    });
    connect(key, &AgentSession::keyChanged, this, [this, key] { emit m_events.agentChanged(key->agentId()); });
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
    m_presence.add(agentId, session->transport());
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
    const auto refused = co_await self->m_services.agents.refusedAmong(self->m_established.keys());
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

/// The copy that is connected, if one is: which of them is the right one, nobody can tell.
void AgentSessions::sayForked(const QByteArray& agentId)
{
    if (AgentSession* const session = m_established.value(agentId))
        session->sayForked();
}

QCoro::Task<void> AgentSessions::askForKeys(QPointer<AgentSessions> self)
{
    if (self->m_established.isEmpty())
        co_return;
    const auto due = co_await self->m_services.receptions.dueAmong(self->m_established.keys());
    if (!self || !due)
        co_return;
    for (const QByteArray& agentId : *due)
        if (AgentSession* const session = self->m_established.value(agentId))
            session->askForKey();
}

/// The connection itself is the news; that its time could not be stored is told by the storage.
QCoro::Task<void> AgentSessions::note(QPointer<AgentSessions> self, QByteArray agentId, bool isThere)
{
    const AgentSession* const session = isThere ? self->m_established.value(agentId) : nullptr;
    const QString transport = session ? session->transport() : QString();
    const QString why = session ? session->transportNote() : QString();
    (void)co_await self->m_services.agents.touch(agentId, transport, why);
    if (self)
        emit self->m_events.agentChanged(agentId);
}

void AgentSessions::drain(std::chrono::milliseconds limit)
{
    if (std::exchange(m_isDraining, true))
        return;
    m_refusals.stop();
    m_touches.stop();
    m_keys.stop();
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
    m_keys.stop();
    const auto all = m_all;
    for (const auto& session : all)
        session->close("the server stops");
}

} // namespace platen::sessions
