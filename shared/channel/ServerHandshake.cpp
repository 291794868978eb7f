// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ServerHandshake.h"

#include "SealedEnvelope.h"

#include <crypto/Crypto.h>

using namespace Qt::StringLiterals;

namespace platen::channel {

namespace {

using protocol::Direction;
using protocol::EnvelopeHeader;
using protocol::EnvelopeType;

constexpr qsizetype longestGreeting = 4096; // HELLO and READY have a few dozen bytes

EnvelopeHeader headerTo(const QByteArray& agentId, quint32 epoch, EnvelopeType type, Instant created)
{
    EnvelopeHeader header;
    header.type = type;
    header.direction = Direction::ServerToAgent;
    header.agentId = agentId;
    header.epoch = epoch;
    header.created = toMs(created);
    return header;
}

/// Whether this is what an agent greets with, looking at the outside only.
Result<EnvelopeHeader> greetingHeader(const QByteArray& message, EnvelopeType type)
{
    if (message.size() > longestGreeting)
        return fail(ErrorCode::LimitExceeded, u"A greeting of %1 bytes is not one."_s.arg(message.size()));
    Result<EnvelopeHeader> header = EnvelopeHeader::decode(message);
    if (header && (header->type != type || header->direction != Direction::AgentToServer || header->seq != 0))
        return fail(ErrorCode::Malformed, u"The connection does not begin with HELLO and READY."_s);
    return header;
}

Error outOfStep()
{
    return {ErrorCode::Internal, u"A greeting was taken out of its order, or after it had failed."_s};
}

} // namespace

QByteArray EstablishedSession::seal(EnvelopeType type, QByteArrayView body, Instant created)
{
    EnvelopeHeader header = headerTo(agentId, epoch, type, created);
    header.seq = ++lastSent;
    return sealEnvelope(header, body, s2a);
}

Result<ServerHandshake::Caller> ServerHandshake::hello(const QByteArray& message)
{
    if (std::exchange(m_step, Step::Done) != Step::Hello)
        return fail(outOfStep());
    const Result<EnvelopeHeader> header = greetingHeader(message, EnvelopeType::Hello);
    if (!header)
        return fail(header.error());
    m_hello = message;
    m_caller = {header->agentId, header->epoch};
    m_step = Step::Answer;
    return m_caller;
}

Result<QByteArray> ServerHandshake::answer(const crypto::AgentKeys& keys, const Facts& facts)
{
    if (std::exchange(m_step, Step::Done) != Step::Answer)
        return fail(outOfStep());
    const Result<OpenedEnvelope> opened = openEnvelope(m_hello, keys.a2s);
    if (!opened)
        return fail(opened.error());
    const Result<protocol::Hello> hello = protocol::Hello::decode(opened->body);
    if (!hello)
        return fail(hello.error());

    m_keys = keys;
    m_nonceS = crypto::randomBytes(16);
    m_session.agentId = m_caller.agentId;
    m_session.epoch = m_caller.epoch;
    m_session.hello = *hello;
    m_session.s2a = keys.s2a(hello->nonceA, m_nonceS);

    protocol::HelloAck reply;
    reply.helloSha256 = opened->sha256;
    reply.nonceS = m_nonceS;
    reply.hwm = facts.hwm;
    reply.serverTime = facts.serverTime;
    reply.configRevision = facts.configRevision;
    reply.auditHead = facts.auditHead;
    m_step = Step::Ready;
    return sealEnvelope(
        headerTo(m_caller.agentId, m_caller.epoch, EnvelopeType::HelloAck, facts.serverTime), reply.encode(), keys.ack);
}

Result<EstablishedSession> ServerHandshake::ready(const QByteArray& message)
{
    if (std::exchange(m_step, Step::Done) != Step::Ready)
        return fail(outOfStep());
    const Result<EnvelopeHeader> header = greetingHeader(message, EnvelopeType::Ready);
    if (!header)
        return fail(header.error());
    if (header->agentId != m_caller.agentId || header->epoch != m_caller.epoch)
        return fail(ErrorCode::Malformed, u"READY comes from another agent than HELLO."_s);
    const Result<OpenedEnvelope> opened = openEnvelope(message, m_keys.a2s);
    if (!opened)
        return fail(opened.error());
    const Result<protocol::Ready> ready = protocol::Ready::decode(opened->body);
    if (!ready)
        return fail(ready.error());
    if (!crypto::equal(ready->nonceS, m_nonceS))
        return fail(ErrorCode::CryptoFailed, u"READY belongs to another session: a replay."_s);
    m_keys = {};
    m_session.counted = ready->session;
    m_session.transportNote = ready->transportNote;
    return std::move(m_session);
}

} // namespace platen::channel
