// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Envelope.h"

#include <base/Clock.h>
#include <base/Result.h>

#include <QByteArray>
#include <QCborMap>
#include <QList>
#include <QString>

#include <optional>
#include <variant>

/// One struct a message, its bytes beside it. `decode` ignores fields it does not know and fails with Malformed, naming
/// the field, when one is missing or has the wrong type or size; with what decodeMap says otherwise.
namespace platen::protocol {

/// First word of an agent on a connection; under k_a2s with seq 0.
struct Hello {
    static constexpr EnvelopeType type = EnvelopeType::Hello;

    QByteArray nonceA; ///< 16 random bytes, new for every HELLO
    quint64 nextSeq = 1; ///< the first seq the agent has not sent yet or will send again
    QByteArray bootId; ///< 16 random bytes, new for every start of the agent
    quint64 session = 0; ///< how many sessions this agent has counted; whoever counts fewer than the server knows of is a copy
    quint64 acknowledged = 0; ///< the highest hwm the agent was told; a server that has less was put back to an older state

    QByteArray encode() const;
    static Result<Hello> decode(QByteArrayView bytes);
    bool operator==(const Hello&) const = default;
};

/// The server's answer, under k_ack with seq 0.
struct HelloAck {
    static constexpr EnvelopeType type = EnvelopeType::HelloAck;

    QByteArray helloSha256; ///< of the whole HELLO envelope; the agent compares
    QByteArray nonceS; ///< 16 random bytes
    quint64 hwm = 0; ///< the highest seq the server has stored
    Instant serverTime{};
    quint64 configRevision = 0;
    QByteArray auditHead; ///< 32 bytes, or empty

    QByteArray encode() const;
    static Result<HelloAck> decode(QByteArrayView bytes);
    bool operator==(const HelloAck&) const = default;
};

/// Proves that the agent is live; only after it does the server push. Under k_a2s with seq 0.
struct Ready {
    static constexpr EnvelopeType type = EnvelopeType::Ready;

    QByteArray nonceS;
    quint64 session = 0; ///< HELLO's and this one; the same as HELLO's when the agent could not write it down
    QString transportNote = {}; ///< why its transport is none better, an English text for people; empty, also in older agents: nothing to say

    QByteArray encode() const;
    static Result<Ready> decode(QByteArrayView bytes);
    bool operator==(const Ready&) const = default;
};

/// What became of what the agent sent. On the wire: "ok", "nak", "refused", "fork", "busy", "rekey".
enum class AckCode {
    Ok, ///< everything up to hwm is stored
    Nak, ///< something between hwm and what came is missing: send again from hwm + 1, or a GAP
    Refused, ///< deactivated or expired: stop
    Fork, ///< there is a copy of the agent: stop until an administrator has decided
    Busy, ///< nothing stored, try later
    Rekey, ///< as Ok, and: once nothing is on its way, a new key (REKEY)
};

struct Ack {
    static constexpr EnvelopeType type = EnvelopeType::Ack;

    quint64 hwm = 0;
    AckCode code = AckCode::Ok;
    QList<quint64> full; ///< local ids of devices of which a full reading is wanted; at most 1,000

    QByteArray encode() const;
    static Result<Ack> decode(QByteArrayView bytes);
    bool operator==(const Ack&) const = default;
};

/// The agent lost what had these numbers, and says so.
struct Gap {
    static constexpr EnvelopeType type = EnvelopeType::Gap;

    quint64 from = 0;
    quint64 to = 0; ///< ≥ from
    QString reason; ///< "overflow", "damaged", …; at most 256 bytes

    QByteArray encode() const;
    static Result<Gap> decode(QByteArrayView bytes);
    bool operator==(const Gap&) const = default;
};

/// A new key (PROTOCOL.md §3.5), asked for while nothing is on its way. Under k_a2s with seq 0.
struct Rekey {
    static constexpr EnvelopeType type = EnvelopeType::Rekey;

    QByteArray rsaPublic; ///< 422 bytes of DER
    QByteArray nonce; ///< 16 random bytes
    quint64 hwm = 0; ///< the server's, as the agent knows it: nothing of before may come after

    QByteArray encode() const;
    static Result<Rekey> decode(QByteArrayView bytes);
    bool operator==(const Rekey&) const = default;
};

/// Its answer; the new key counts once a session is READY under it.
struct RekeyReply {
    static constexpr EnvelopeType type = EnvelopeType::Rekey;

    QByteArray ct; ///< 384 bytes: OAEP of 32 random ones

    QByteArray encode() const;
    static Result<RekeyReply> decode(QByteArrayView bytes);
    bool operator==(const RekeyReply&) const = default;
};

/// Settings the server gives its agent.
struct Config {
    static constexpr EnvelopeType type = EnvelopeType::Config;

    quint64 revision = 0;
    QCborMap settings;

    QByteArray encode() const;
    static Result<Config> decode(QByteArrayView bytes);
    bool operator==(const Config&) const = default;
};

/// One device in a DATA message.
struct ReadingPart {
    quint64 localDeviceId = 0;
    QByteArray base; ///< 8 bytes of baseOf what this is a patch against; empty: `reading` is the full keyed form
    QCborMap reading; ///< keyed form or merge patch (ReadingCodec.h); not yet judged by fromKeyed

    bool isFull() const { return base.isEmpty(); }
    bool operator==(const ReadingPart&) const = default;
};

/// What the agent read; at most 1,000 parts and 3,000 seen, and not both empty.
struct Data {
    static constexpr EnvelopeType type = EnvelopeType::Data;

    QList<ReadingPart> readings;
    QList<quint64> seen; ///< local ids of devices that answered and had nothing new: they were seen, no more

    QByteArray encode() const;
    static Result<Data> decode(QByteArrayView bytes);
    bool operator==(const Data&) const = default;
};

/// Everything an agent says in envelopes today; whoever handles it with std::visit is told of new ones by the compiler.
using AgentMessage = std::variant<Hello, Ready, Data, Gap, Rekey>;
/// Everything a server says in envelopes today.
using ServerMessage = std::variant<HelloAck, Ack, Config, RekeyReply>;

/// The body of an opened envelope. Fails with Unsupported for a type that the other side does not send, else as
/// `decode`.
Result<AgentMessage> decodeFromAgent(EnvelopeType type, QByteArrayView body);
Result<ServerMessage> decodeFromServer(EnvelopeType type, QByteArrayView body);

/// What the agent says of itself in M1; travels as the bytes of `info`, which the tags cover.
struct AgentInfo {
    QString version;
    QString osFamily; ///< "linux", "windows", "macos"
    QString name; ///< what the site calls this agent; may be empty

    QByteArray encode() const;
    static Result<AgentInfo> decode(QByteArrayView bytes);
    bool operator==(const AgentInfo&) const = default;
};

/// M1: POST /a/v2/activate.
struct ActivateStart {
    int ver = 2;
    QString locator; ///< 4 characters of Crockford base32
    QByteArray sid; ///< 16 bytes
    QByteArray ya; ///< 32 bytes
    QByteArray rsaPublic; ///< 422 bytes of DER
    QByteArray info; ///< AgentInfo, encoded; at most 1 KiB

    QByteArray encode() const;
    static Result<ActivateStart> decode(QByteArrayView bytes); ///< Unsupported when `ver` is not ours
    bool operator==(const ActivateStart&) const = default;
};

/// M2: its answer.
struct ActivateStartReply {
    QByteArray yb; ///< 32 bytes
    QByteArray serverId; ///< 16 bytes
    QByteArray spk; ///< 32 bytes: the Ed25519 key that signs commands
    Instant serverTime{};

    QByteArray encode() const;
    static Result<ActivateStartReply> decode(QByteArrayView bytes);
    bool operator==(const ActivateStartReply&) const = default;
};

/// M3: POST /a/v2/activate/confirm.
struct ActivateConfirm {
    QByteArray sid; ///< 16 bytes
    QByteArray ta; ///< 32 bytes

    QByteArray encode() const;
    static Result<ActivateConfirm> decode(QByteArrayView bytes);
    bool operator==(const ActivateConfirm&) const = default;
};

/// M4: its answer.
struct ActivateConfirmReply {
    QByteArray ct; ///< 384 bytes
    QByteArray tb; ///< 32 bytes
    QByteArray box; ///< channel::sealActivationBox; at most 64 KiB

    QByteArray encode() const;
    static Result<ActivateConfirmReply> decode(QByteArrayView bytes);
    bool operator==(const ActivateConfirmReply&) const = default;
};

/// What the new agent is told under its new key.
struct ActivationBox {
    QByteArray agentId; ///< 16 bytes
    quint32 epoch = 1;
    std::optional<Instant> expiresAt; ///< nothing: does not expire
    QByteArray tlsSpki; ///< config.tlsSpki: SHA-256 of the server's TLS key, 32 bytes; empty when it has none
    QCborMap config; ///< everything else under config

    QByteArray encode() const;
    static Result<ActivationBox> decode(QByteArrayView bytes);
    bool operator==(const ActivationBox&) const = default;
};

} // namespace platen::protocol
