// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "AgentLink.h"

namespace platen::channel {

/// The agent's half of PROTOCOL §3.2, bytes in, bytes out: HELLO, what HELLO_ACK must be, READY, and from then on what the
/// server sends in this session. One object a connection.
class AgentGreeting {
public:
    explicit AgentGreeting(const AgentIdentity& identity) : m_identity(identity) {}

    /// The HELLO to send.
    QByteArray hello(quint64 nextSeq, const QByteArray& bootId, Instant now);

    /// Judges the answer to it. Fails with CryptoFailed (forged, or the answer to another HELLO), Malformed, or Conflict: the
    /// server has more than this agent ever sent, so that the agent was copied or put back to an older state.
    Result<protocol::HelloAck> accept(const QByteArray& message);

    /// The READY to send, after accept().
    QByteArray ready(Instant now) const;

    /// The next message of the server, after accept(); each once and in order. Unsupported: a type that we do not know (a newer
    /// server) and may pass over.
    Result<protocol::ServerMessage> open(const QByteArray& message);

private:
    QByteArray seal(protocol::EnvelopeType type, const QByteArray& body, Instant now) const;
    Status isForUs(const protocol::EnvelopeHeader& header) const;

    AgentIdentity m_identity;
    QByteArray m_helloSha256;
    QByteArray m_nonceA;
    QByteArray m_nonceS;
    quint64 m_nextSeq = 0;
    Secret m_s2a;
    quint64 m_lastReceived = 0;
};

} // namespace platen::channel
