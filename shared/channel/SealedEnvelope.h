// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Clock.h>
#include <base/Result.h>
#include <base/Secret.h>
#include <crypto/KeySchedule.h>
#include <protocol/Envelope.h>
#include <protocol/Messages.h>

#include <QByteArray>
#include <QByteArrayView>

/// One format for the wire, the spool and the server's inbox (PROTOCOL.md §3.1): header(48) ‖ nonce(24) ‖ sealed body;
/// the header is the seal's associated data. Flag bit 0 says that the body is raw deflate (RFC 1951, no zlib or gzip
/// wrapper).
namespace platen::channel {

/// What an opened envelope holds.
struct OpenedEnvelope {
    protocol::EnvelopeHeader header;
    QByteArray body; ///< inflated
    QByteArray sha256; ///< of the whole envelope: tells a repetition from a fork
};

/// How far a deflated body may grow.
namespace inflateLimit {
inline constexpr qsizetype bytes = 8 * 1024 * 1024;
inline constexpr qsizetype factor = 100;
} // namespace inflateLimit

/// The envelope of `body`, deflated when that is smaller and can be inflated again within the limits; `deflated` and
/// `length` of the header are set here. Empty when it would be larger than its type may be (largestEnvelope), which is
/// our own mistake.
QByteArray sealEnvelope(protocol::EnvelopeHeader header, QByteArrayView body, const Secret& key);

/// Fails with Malformed, Unsupported or LimitExceeded as EnvelopeHeader::decode does, or when the lengths do not agree;
/// with CryptoFailed when the seal does not open; with LimitExceeded or Malformed when the inside does not inflate
/// within the limits.
Result<OpenedEnvelope> openEnvelope(QByteArrayView bytes, const Secret& key);

/// M4's box: an envelope of type CONFIG, server to agent, seq 0, under k_ack of the new K.
QByteArray sealActivationBox(const protocol::ActivationBox& box, const Secret& root, Instant now);

/// The box, opened with K; the agentId outside must be the one inside. Fails as openEnvelope and ActivationBox::decode
/// do.
Result<protocol::ActivationBox> openActivationBox(QByteArrayView bytes, const Secret& root);

} // namespace platen::channel
