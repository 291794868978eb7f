// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>

#include <QByteArray>
#include <QByteArrayView>

namespace platen::protocol {

/// What an envelope carries (PROTOCOL.md §3.1). Never renumbered.
enum class EnvelopeType : quint8 {
    Data = 1,
    Hello = 2,
    Gap = 3,
    Ack = 4,
    Command = 5,
    CommandResult = 6,
    Config = 7,
    Rekey = 8,
    HelloAck = 9,
    Ready = 10,
    MibWalk = 11,
    Leave = 12, ///< the agent goes for good (ours: DECISIONS.md)
};

enum class Direction : quint8 { AgentToServer = 0, ServerToAgent = 1 };

/// The 48 bytes before the nonce: readable by anyone, covered by the seal as associated data.
struct EnvelopeHeader {
    static constexpr qsizetype size = 48;
    static constexpr qsizetype nonceSize = 24;
    static constexpr qsizetype tagSize = 16;
    static constexpr qsizetype agentIdSize = 16;

    EnvelopeType type = EnvelopeType::Data;
    bool deflated = false; ///< set by sealEnvelope; the only flag there is
    Direction direction = Direction::AgentToServer;
    QByteArray agentId; ///< 16 bytes
    quint32 epoch = 1; ///< which key
    quint64 seq = 0; ///< < 2^63
    qint64 created = 0; ///< ms since 1970; information only, nobody decides by it
    quint32 length = 0; ///< of ciphertext and tag; set by sealEnvelope

    /// The 48 bytes. `agentId` must have 16.
    QByteArray encode() const;

    /// From the first 48 bytes of `bytes`; what follows is not looked at. Fails with Malformed (too short, not ours,
    /// flags or a direction that do not exist), Unsupported (version or type) or LimitExceeded (longer than its type
    /// may be).
    static Result<EnvelopeHeader> decode(QByteArrayView bytes);

    bool operator==(const EnvelopeHeader&) const = default;
};

/// The most bytes an envelope of this type may have, header included: 256 KiB of DATA, else 1 MiB.
constexpr qsizetype largestEnvelope(EnvelopeType type) { return type == EnvelopeType::Data ? 256 * 1024 : 1024 * 1024; }

} // namespace platen::protocol
