// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Keyring.h"

namespace platen::channel {

/// The agent's half of PROTOCOL §3.2, bytes in, bytes out: HELLO, what HELLO_ACK must be, READY, and from then on what the
/// server sends in this session. One object a connection.
class AgentGreeting {
public:
    explicit AgentGreeting(const AgentIdentity& identity) : m_identity(identity) {}

    /// The HELLO to send; its nonceA is made here.
    QByteArray hello(protocol::Hello hello, Instant now);

    /// Judges the answer to it. Fails with CryptoFailed (forged, or the answer to another HELLO) or Malformed.
    Result<protocol::HelloAck> accept(const QByteArray& message);

    /// The READY to send, after accept().
    QByteArray ready(quint64 session, Instant now, const QString& transportNote = {}) const;

    /// A REKEY to send, after ready().
    QByteArray rekey(const protocol::Rekey& request, Instant now) const;

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
    Secret m_s2a;
    quint64 m_lastReceived = 0;
};

} // namespace platen::channel
