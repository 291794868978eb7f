// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "AgentGreeting.h"

#include "SealedEnvelope.h"

#include <crypto/Crypto.h>

using namespace Qt::StringLiterals;

namespace platen::channel {

using protocol::EnvelopeHeader;
using protocol::EnvelopeType;

QByteArray AgentGreeting::seal(EnvelopeType type, const QByteArray& body, Instant now) const
{
    EnvelopeHeader header;
    header.type = type;
    header.agentId = m_identity.agentId;
    header.epoch = m_identity.epoch;
    header.created = toMs(now);
    return sealEnvelope(header, body, m_identity.keys.a2s);
}

QByteArray AgentGreeting::hello(protocol::Hello hello, Instant now)
{
    hello.nonceA = m_nonceA = crypto::randomBytes(16);
    const QByteArray bytes = seal(EnvelopeType::Hello, hello.encode(), now);
    m_helloSha256 = crypto::sha256(bytes);
    return bytes;
}

Status AgentGreeting::isForUs(const EnvelopeHeader& header) const
{
    if (header.direction != protocol::Direction::ServerToAgent || header.agentId != m_identity.agentId || header.epoch != m_identity.epoch)
        return fail(ErrorCode::Malformed, u"The server sent an envelope that is for another agent or key."_s);
    return {};
}

Result<protocol::HelloAck> AgentGreeting::accept(const QByteArray& message)
{
    const Result<OpenedEnvelope> opened = openEnvelope(message, m_identity.keys.ack);
    if (!opened)
        return fail(opened.error().code, u"The server could not prove itself: %1"_s.arg(opened.error().detail));
    if (const Status forUs = isForUs(opened->header); !forUs)
        return fail(forUs.error());
    if (opened->header.type != EnvelopeType::HelloAck)
        return fail(ErrorCode::Malformed, u"The server did not answer the greeting with HELLO_ACK."_s);
    const Result<protocol::HelloAck> answer = protocol::HelloAck::decode(opened->body);
    if (!answer)
        return fail(answer.error());
    if (!crypto::equal(answer->helloSha256, m_helloSha256))
        return fail(ErrorCode::CryptoFailed, u"The server's HELLO_ACK answers another greeting: a replay."_s);
    m_nonceS = answer->nonceS;
    m_s2a = m_identity.keys.s2a(m_nonceA, m_nonceS);
    return answer;
}

QByteArray AgentGreeting::ready(quint64 session, Instant now, const QString& transportNote) const
{
    const protocol::Ready ready{m_nonceS, session, transportNote};
    return seal(EnvelopeType::Ready, ready.encode(), now);
}

QByteArray AgentGreeting::rekey(const protocol::Rekey& request, Instant now) const
{
    return seal(EnvelopeType::Rekey, request.encode(), now);
}

Result<protocol::ServerMessage> AgentGreeting::open(const QByteArray& message)
{
    const Result<OpenedEnvelope> opened = openEnvelope(message, m_s2a);
    if (!opened)
        return fail(opened.error().code == ErrorCode::Unsupported ? ErrorCode::Malformed : opened.error().code,
            u"The server sent an envelope that does not open: %1"_s.arg(opened.error().detail));
    if (const Status forUs = isForUs(opened->header); !forUs)
        return fail(forUs.error());
    if (opened->header.seq != m_lastReceived + 1)
        return fail(ErrorCode::Malformed,
            u"The server's message %1 came after %2: one is missing or repeated."_s.arg(opened->header.seq).arg(m_lastReceived));
    m_lastReceived = opened->header.seq;
    return protocol::decodeFromServer(opened->header.type, opened->body);
}

} // namespace platen::channel
