// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Leave.h"

#include "SealedEnvelope.h"

#include <crypto/Crypto.h>
#include <protocol/Cbor.h>

using namespace Qt::StringLiterals;

namespace platen::channel {

QByteArray sealLeave(const AgentIdentity& identity, Instant now)
{
    protocol::EnvelopeHeader header;
    header.type = protocol::EnvelopeType::Leave;
    header.agentId = identity.agentId;
    header.epoch = identity.epoch;
    header.created = toMs(now);
    return sealEnvelope(header, protocol::encodeMap({}), identity.keys.a2s);
}

Result<protocol::EnvelopeHeader> leaveHeader(const QByteArray& leave)
{
    const Result<protocol::EnvelopeHeader> header = protocol::EnvelopeHeader::decode(leave);
    if (!header || header->type != protocol::EnvelopeType::Leave
        || header->direction != protocol::Direction::AgentToServer)
        return fail(ErrorCode::Malformed, u"This is no LEAVE."_s);
    return header;
}

Status openLeave(const QByteArray& leave, const crypto::AgentKeys& keys)
{
    if (const auto opened = openEnvelope(leave, keys.a2s); !opened)
        return fail(opened.error());
    return {};
}

QByteArray leaveProof(const QByteArray& leave, const crypto::AgentKeys& keys)
{
    return crypto::hmacSha256(keys.ack, "PLT2 left" + crypto::sha256(leave));
}

} // namespace platen::channel
