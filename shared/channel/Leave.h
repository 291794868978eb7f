// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "AgentLink.h"

#include <base/Clock.h>
#include <base/Result.h>

/// How an agent goes for good: LEAVE, an envelope without a body under k_a2s, to `POST /a/v2/leave`; the answer proves that the
/// server destroyed the key. An answer that is lost may be asked for again; a LEAVE that is replayed finds no key to open it.
namespace platen::channel {

/// The LEAVE of this agent.
QByteArray sealLeave(const AgentIdentity& identity, Instant now);

/// What it says on the outside; proves nothing. Fails with Malformed.
Result<protocol::EnvelopeHeader> leaveHeader(const QByteArray& leave);

/// That it comes from whom it says. Fails with CryptoFailed.
Status openLeave(const QByteArray& leave, const crypto::AgentKeys& keys);

/// The body of the answer 200, 32 bytes: HMAC(k_ack, "PLT2 left" ‖ SHA-256(LEAVE)).
QByteArray leaveProof(const QByteArray& leave, const crypto::AgentKeys& keys);

} // namespace platen::channel
