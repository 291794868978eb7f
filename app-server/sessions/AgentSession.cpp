// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "AgentSession.h"

#include "Log.h"

#include <channel/Rekeying.h>
#include <channel/Transport.h>
#include <protocol/ReadingCodec.h>

using namespace Qt::StringLiterals;

namespace platen::sessions {

namespace {

constexpr qsizetype longestNote = 1000;
constexpr std::chrono::seconds greetingTime{20};
constexpr int mostUnderWay = 64;
constexpr qsizetype mostBytesUnderWay = 8 << 20;
constexpr int mostKeyChanges = 5; // in a connection: each but the last came too early

/// K of the epoch in which the agent calls: the one that counts, or the next one that it has asked for; empty for any other.
Secret rootFor(quint32 epoch, const store::AgentAccess& access, const store::KnownAgent& known)
{
    return epoch == access.epoch ? access.root : epoch == access.epoch + 1 ? known.nextRoot : Secret();
}

} // namespace

AgentSession::AgentSession(std::shared_ptr<http::Socket> socket, Services services)
    : m_socket(std::move(socket))
    , m_services(services)
{
    m_greeting.setSingleShot(true);
    connect(&m_greeting, &QTimer::timeout, this, [this] { drop({ErrorCode::Timeout, u"it did not greet in time"_s}); });
    connect(m_socket.get(), &http::Socket::received, this, [this](const QByteArray& bytes, bool binary) {
        binary ? take(bytes) : drop({ErrorCode::Malformed, u"it sent text"_s});
    });
    connect(m_socket.get(), &http::Socket::closed, this, &AgentSession::end);
}

QString AgentSession::transportNote() const { return protocol::cleaned(m_session.transportNote, longestNote); }

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
    const auto access = co_await self->m_services.agents.access(caller->agentId);
    if (self->m_step != Step::Looking)
        co_return;
    if (!access) {
        self->tellOfStranger(u"refused: "_s + access.error().detail);
        const bool isOurFault =
            access.error().code != ErrorCode::NotFound && access.error().code != ErrorCode::PermissionDenied;
        co_return isOurFault ? self->close("try later") : self->refuse();
    }
    const auto known = co_await self->m_services.receptions.look(caller->agentId);
    if (self->m_step != Step::Looking)
        co_return;
    if (!known)
        co_return self->close("try later");
    self->m_known = *known;
    const Secret root = rootFor(caller->epoch, *access, *known);
    if (root.isEmpty()) {
        self->tellOfStranger(u"refused: agent %1 greets under key %2, and key %3 counts"_s.arg(
            QString::fromLatin1(caller->agentId.toHex())).arg(caller->epoch).arg(access->epoch));
        co_return self->refuse();
    }
    self->m_keys = crypto::AgentKeys::derive(root, caller->agentId);
    self->m_hwm = known->hwm;
    const auto greeting = self->m_handshake.answer(self->m_keys, {known->hwm, self->m_services.clock.now(), 0, {}});
    if (!greeting)
        co_return self->drop(greeting.error());
    if (access->status == store::AgentStatus::Pending) {
        const Status activated = co_await self->m_services.agents.activate(caller->agentId);
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
    receive(shared_from_this());
}

/// What the agent sends meanwhile waits behind this write of the database.
QCoro::Task<void> AgentSession::receive(std::shared_ptr<AgentSession> self)
{
    const protocol::Hello& hello = self->m_session.hello;
    const auto reception = co_await self->m_services.receptions.receive({self->agentId(), self->m_session.epoch,
        self->m_keys.root, hello.nextSeq, hello.acknowledged, hello.session, self->m_session.counted, self->m_known.hwm,
        self->m_known.session});
    const bool isForked = reception && reception->kind == store::Reception::Kind::Forked;
    if (isForked && reception->isNews) { // told even when it is gone by now
        qCCritical(lcSessions).noquote() << "agent" << self->agentId().toHex() << "called from"
                                         << self->m_socket->peer().toString() << "and is not as it left:" << store::forkAdvice();
        emit self->forked();
    }
    if (self->m_step != Step::Established)
        co_return;
    if (isForked)
        co_return self->sayForked();
    if (!reception)
        co_return self->close("try later");
    if (reception->kind == store::Reception::Kind::Refused)
        co_return self->refuse();
    if (reception->kind == store::Reception::Kind::Late)
        co_return self->close("late");
    self->welcome(*reception);
}

void AgentSession::welcome(const store::Reception& reception)
{
    m_hwm = std::max(m_hwm, reception.hwm);
    qCInfo(lcSessions).noquote() << "agent" << agentId().toHex() << "connected from" << m_socket->peer().toString()
                                 << (reception.isNews ? "under a new key" : "");
    if (reception.wasRestored)
        qCCritical(lcSessions).noquote()
            << "agent" << agentId().toHex() << "was told that envelopes up to" << m_session.hello.acknowledged
            << "are stored, but the database has them up to" << reception.hwm
            << "only: it was put back to an older state. What is missing is shown as a gap, the readings of now come again.";
    emit established();
    if (reception.isNews)
        emit keyChanged();
    if (reception.isWordDue || !reception.full.isEmpty())
        tell(protocol::AckCode::Ok, reception.full);
    if (reception.isRekeyDue)
        askForKey();
}

void AgentSession::tell(protocol::AckCode code, const QList<quint64>& full)
{
    const protocol::Ack ack{m_hwm, code, full};
    m_socket->send(m_session.seal(protocol::EnvelopeType::Ack, ack.encode(), m_services.clock.now()));
}

void AgentSession::sayForked()
{
    if (m_step == Step::Established)
        tell(protocol::AckCode::Fork);
    refuse();
}

void AgentSession::askForKey()
{
    if (m_step == Step::Established && m_keyChanges < mostKeyChanges)
        tell(protocol::AckCode::Rekey);
}

/// REKEY: the next key is kept beside the one that counts until the agent is READY under it, so whoever dies finds the other.
QCoro::Task<void> AgentSession::changeKey(std::shared_ptr<AgentSession> self, protocol::Rekey request)
{
    if (++self->m_keyChanges > mostKeyChanges)
        co_return self->drop({ErrorCode::LimitExceeded, u"it asks for a new key again and again"_s});
    const auto answered = channel::answerRekey(request, self->m_keys.root, self->m_session.epoch + 1);
    if (!answered)
        co_return self->drop(answered.error());
    const auto kept = co_await self->m_services.receptions.propose(
        self->agentId(), self->m_session.epoch, request.hwm, answered->root);
    if (self->m_step != Step::Established)
        co_return;
    if (!kept)
        co_return self->close("try later");
    if (!*kept) // an envelope of a former connection came in between, or the agent is not welcome any more
        co_return self->close("out of step");
    self->m_socket->send(self->m_session.seal(
        protocol::EnvelopeType::Rekey, answered->reply.encode(), self->m_services.clock.now()));
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
    if (header.type == protocol::EnvelopeType::Rekey) {
        const auto request = protocol::Rekey::decode(envelope->body);
        if (!request)
            return drop(request.error());
        changeKey(shared_from_this(), *request);
        return;
    }
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
    const auto outcome = co_await self->m_services.ingest.take(std::move(envelope));
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
    m_socket->send(m_session.seal(protocol::EnvelopeType::Ack, ack.encode(), m_services.clock.now()));
    if (ack.code == protocol::AckCode::Refused || ack.code == protocol::AckCode::Fork)
        refuse();
}

/// Anybody can bring this about as often as they like: it is logged once a period for each address.
void AgentSession::tellOfStranger(const QString& what) const
{
    const QString peer = m_socket->peer().toString();
    const auto silent = m_services.told ? m_services.told->now(peer) : std::optional<quint64>(0);
    if (silent)
        qCWarning(lcSessions).noquote() << what + u" (from %1)"_s.arg(peer) + andMore(*silent);
}

/// Whoever breaks the protocol loses the connection, and nothing else suffers.
void AgentSession::drop(const Error& why)
{
    if (m_step == Step::Over)
        return;
    tellOfStranger(u"connection%1 closed: %2"_s.arg(
        agentId().isEmpty() ? QString() : u" of agent "_s + QString::fromLatin1(agentId().toHex()), why.detail));
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
