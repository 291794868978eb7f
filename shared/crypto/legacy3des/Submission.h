// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <crypto/KeySchedule.h>
#include <protocol/Messages.h>

/// The file that an agent submits in the data format of 4.x (PROTOCOL.md §3.4): "PLE1" ‖ agentId(16) ‖ epoch(4) ‖ seq(8) ‖ IV(8) ‖
/// 3DES-CBC ‖ HMAC-SHA-256(32) of all before it. Inside: the type's byte and the message in CBOR. Obsolete.
namespace platen::legacy3des {

/// What NIST allows under one key (SP 800-67): then it encrypts no more.
inline constexpr qint64 mostBlocks = 1 << 20;

/// Both are children of the agent's K.
struct Keys {
    Secret cipher; ///< 16 bytes
    Secret mac;    ///< 32 bytes

    static Keys of(const crypto::AgentKeys& keys) { return {keys.legacyKey(), keys.legacyMacKey()}; }
};

/// What anyone can read; proves nothing.
struct Head {
    static constexpr qsizetype size = 32;

    QByteArray agentId; ///< 16 bytes
    quint32 epoch = 1;
    quint64 seq = 0; ///< < 2^63

    /// Fails with Malformed (not such a file) or LimitExceeded (larger than DATA may be).
    static Result<Head> decode(QByteArrayView file);
    bool operator==(const Head&) const = default;
};

struct Submission {
    Head head;
    protocol::EnvelopeType type = protocol::EnvelopeType::Data; ///< or Gap
    QByteArray body;

    bool operator==(const Submission&) const = default;
};

/// The file. Its IV comes from `unique` (of this submission and no other under the key) by HMAC, so that nobody can foresee it and
/// the same submission, sent again after a crash, is the same bytes: what is repeated must not look like a fork, nor cost the key
/// further blocks. Fails as encrypt().
Result<QByteArray> seal(const Submission& submission, const Keys& keys, QByteArrayView unique);

/// The HMAC is checked before anything is decrypted. Fails as Head::decode, with CryptoFailed, or with Unsupported for a type that
/// is not submitted.
Result<Submission> open(QByteArrayView file, const Keys& keys);

/// How many blocks of the cipher's text the file has.
qint64 blocksOf(QByteArrayView file);

/// The server's answer, which encrypts nothing: "PLA1" ‖ SHA-256(file) ‖ ACK in CBOR ‖ HMAC-SHA-256(32) of all before it.
QByteArray sealAnswer(const protocol::Ack& ack, QByteArrayView file, const Keys& keys);

/// Fails with CryptoFailed (forged, or the answer to another file) or as Ack::decode.
Result<protocol::Ack> openAnswer(QByteArrayView answer, QByteArrayView file, const Keys& keys);

} // namespace platen::legacy3des
