// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Clock.h>
#include <base/Result.h>
#include <crypto/KeySchedule.h>
#include <protocol/Envelope.h>
#include <protocol/Messages.h>

namespace platen::channel {

/// What the server and a proven agent share until the connection ends.
struct EstablishedSession {
    QByteArray agentId;
    quint32 epoch = 0;
    protocol::Hello hello; ///< as the agent said
    quint64 counted = 0; ///< READY's session
    QString transportNote; ///< READY's
    Secret s2a;          ///< seals what goes to the agent
    quint64 lastSent = 0;

    /// The next envelope to the agent, numbered from 1.
    QByteArray seal(protocol::EnvelopeType type, QByteArrayView body, Instant created);
};

/// The server's half of PROTOCOL §3.2, bytes in, bytes out, whatever carries them: hello() says who calls, the caller looks
/// up that agent's keys (however long it takes), answer() proves the agent and greets back, ready() proves that the agent is
/// live and not a replay. Each step once and in this order; after any failure the session is over.
class ServerHandshake {
public:
    /// Who claims to call; proves nothing yet.
    struct Caller {
        QByteArray agentId; ///< 16 bytes
        quint32 epoch = 0;
    };

    /// What the server knows of the agent when it greets.
    struct Facts {
        quint64 hwm = 0;
        Instant serverTime{};
        quint64 configRevision = 0;
        QByteArray auditHead;
    };

    /// Step 1, the first message of a connection. Fails with Malformed (not a HELLO envelope) or LimitExceeded.
    Result<Caller> hello(const QByteArray& message);

    /// Step 2: opens the HELLO with the keys of its agent and gives the HELLO_ACK to send. Fails with CryptoFailed (forged),
    /// or Malformed.
    Result<QByteArray> answer(const crypto::AgentKeys& keys, const Facts& facts);

    /// Step 3: the agent's READY. Fails with Malformed or CryptoFailed (forged, or the READY of another session).
    Result<EstablishedSession> ready(const QByteArray& message);

private:
    enum class Step { Hello, Answer, Ready, Done };

    Step m_step = Step::Hello;
    QByteArray m_hello; ///< as received
    Caller m_caller;
    crypto::AgentKeys m_keys;
    EstablishedSession m_session;
    QByteArray m_nonceS;
};

} // namespace platen::channel
