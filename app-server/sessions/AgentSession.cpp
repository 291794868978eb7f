// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "AgentSession.h"

#include "Log.h"

#include <channel/Transport.h>

using namespace Qt::StringLiterals;

namespace platen::sessions {

namespace {

constexpr std::chrono::seconds greetingTime{20};
constexpr int mostUnderWay = 64;
constexpr qsizetype mostBytesUnderWay = 8 << 20;

} // namespace

AgentSession::AgentSession(
    std::shared_ptr<http::Socket> socket, store::AgentStore& agents, ingest::Ingest& ingest, const Clock& clock)
    : m_socket(std::move(socket))
    , m_agents(agents)
    , m_ingest(ingest)
    , m_clock(clock)
{
    m_greeting.setSingleShot(true);
    connect(&m_greeting, &QTimer::timeout, this, [this] { drop({ErrorCode::Timeout, u"it did not greet in time"_s}); });
    connect(m_socket.get(), &http::Socket::received, this, [this](const QByteArray& bytes, bool binary) {
        binary ? take(bytes) : drop({ErrorCode::Malformed, u"it sent text"_s});
    });
    connect(m_socket.get(), &http::Socket::closed, this, &AgentSession::end);
}

void AgentSession::start() { m_greeting.start(greetingTime); }

void AgentSession::refuse()
{
    m_socket->close(channel::refusedCloseCode, "refused");
    end();
}

void AgentSession::close(const QByteArray& reason)
{
    m_socket->close(1001, reason);
    end();
}

void AgentSession::leave(const QByteArray& hint)
{
    m_leaving = hint;
    m_socket->holdInput(true);
    leaveWhenAnswered();
}

void AgentSession::leaveWhenAnswered()
{
    if (!m_leaving || m_underWay > 0 || m_step == Step::Over)
        return;
    m_socket->close(http::serviceRestart, *m_leaving);
    end();
}

void AgentSession::take(const QByteArray& message)
{
    switch (m_step) {
    case Step::Hello:
        m_step = Step::Looking;
        greet(shared_from_this(), message);
        return;
    case Step::Looking:
        drop({ErrorCode::Malformed, u"it spoke before it was answered"_s});
        return;
    case Step::Ready:
        takeReady(message);
        return;
    case Step::Established:
        takeEnvelope(message);
        return;
    case Step::Over:
        return;
    }
}

/// HELLO: who is it, is it welcome, does it have the key? Its first one is M5 of its activation.
QCoro::Task<void> AgentSession::greet(std::shared_ptr<AgentSession> self, QByteArray hello)
{
    const auto caller = self->m_handshake.hello(hello);
    if (!caller)
        co_return self->drop(caller.error());
    const auto access = co_await self->m_agents.access(caller->agentId);
    if (self->m_step != Step::Looking)
        co_return;
    if (!access) {
        qCInfo(lcSessions).noquote() << "refused:" << access.error().detail;
        const bool isOurFault =
            access.error().code != ErrorCode::NotFound && access.error().code != ErrorCode::PermissionDenied;
        co_return isOurFault ? self->close("try later") : self->refuse();
    }
    if (access->epoch != caller->epoch)
        co_return self->refuse();

    self->m_keys = crypto::AgentKeys::derive(access->root, caller->agentId);
    self->m_hwm = access->hwm;
    const auto greeting = self->m_handshake.answer(self->m_keys, {access->hwm, self->m_clock.now(), 0, {}});
    if (!greeting)
        co_return self->drop(greeting.error());
    if (access->status == store::AgentStatus::Pending) {
        const Status activated = co_await self->m_agents.activate(caller->agentId);
        if (self->m_step != Step::Looking)
            co_return;
        if (!activated) {
            qCWarning(lcSessions).noquote() << activated.error().detail;
            co_return activated.error().code == ErrorCode::PermissionDenied ? self->refuse() : self->close("try later");
        }
        qCInfo(lcSessions).noquote() << "agent" << caller->agentId.toHex() << "is activated; its PIN is used";
    }
    self->m_step = Step::Ready;
    self->m_socket->send(*greeting);
}

void AgentSession::takeReady(const QByteArray& message)
{
    auto session = m_handshake.ready(message);
    if (!session)
        return drop(session.error());
    m_session = *std::move(session);
    m_greeting.stop();
    m_step = Step::Established;
    qCInfo(lcSessions).noquote() << "agent" << agentId().toHex() << "connected from" << m_socket->peer().toString();
    emit established();
}

void AgentSession::takeEnvelope(const QByteArray& message)
{
    auto envelope = channel::openEnvelope(message, m_keys.a2s);
    if (!envelope)
        return drop(envelope.error());
    const protocol::EnvelopeHeader& header = envelope->header;
    if (header.agentId != agentId() || header.epoch != m_session.epoch
        || header.direction != protocol::Direction::AgentToServer)
        return drop({ErrorCode::Malformed, u"it sent an envelope of another agent, epoch or direction"_s});
    ++m_underWay;
    const qsizetype size = std::max(message.size(), envelope->body.size()); // what it takes of memory, inflated
    m_bytesUnderWay += size;
    if (m_underWay >= mostUnderWay || m_bytesUnderWay >= mostBytesUnderWay)
        m_socket->holdInput(true);
    ingestOne(shared_from_this(), *std::move(envelope), size);
}

QCoro::Task<void> AgentSession::ingestOne(
    std::shared_ptr<AgentSession> self, channel::OpenedEnvelope envelope, qsizetype size)
{
    const auto outcome = co_await self->m_ingest.take(std::move(envelope));
    const bool held = self->m_underWay >= mostUnderWay || self->m_bytesUnderWay >= mostBytesUnderWay;
    --self->m_underWay;
    self->m_bytesUnderWay -= size;
    if (held && !self->m_leaving && self->m_underWay < mostUnderWay && self->m_bytesUnderWay < mostBytesUnderWay)
        self->m_socket->holdInput(false);
    if (self->m_step == Step::Established)
        self->answer(outcome);
    self->leaveWhenAnswered();
}

void AgentSession::answer(const Result<protocol::Ack>& outcome)
{
    if (!outcome && outcome.error().code == ErrorCode::Malformed)
        return drop(outcome.error());
    protocol::Ack ack = outcome.value_or(protocol::Ack{m_hwm, protocol::AckCode::Busy, {}});
    m_hwm = ack.code == protocol::AckCode::Refused ? m_hwm : ack.hwm;
    m_socket->send(m_session.seal(protocol::EnvelopeType::Ack, ack.encode(), m_clock.now()));
    if (ack.code == protocol::AckCode::Refused)
        refuse();
}

/// Whoever breaks the protocol loses the connection, and nothing else suffers.
void AgentSession::drop(const Error& why)
{
    if (m_step == Step::Over)
        return;
    qCWarning(lcSessions).noquote() << "connection from" << m_socket->peer().toString()
                                    << (agentId().isEmpty() ? QByteArray() : "of agent " + agentId().toHex())
                                    << "closed:" << why.detail;
    m_socket->close(channel::malformedCloseCode, "malformed");
    end();
}

void AgentSession::end()
{
    if (std::exchange(m_step, Step::Over) == Step::Over)
        return;
    m_greeting.stop();
    m_keys = {};
    emit ended();
}

} // namespace platen::sessions
