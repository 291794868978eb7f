// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Messages.h"

#include "Cbor.h"
#include "Decoded.h"

#include <QCborArray>

#include <array>
#include <limits>
#include <utility>

using namespace Qt::StringLiterals;

namespace platen::protocol {
namespace {

constexpr qsizetype longestNote = 4096; ///< bytes
constexpr qsizetype nonceSize = 16, idSize = 16, hashSize = 32, baseSize = 8, rsaPublicSize = 422, rsaBlockSize = 384;
constexpr quint64 largest = static_cast<quint64>(std::numeric_limits<qint64>::max());
constexpr qsizetype mostDevices = 1000, mostSeen = 3000;

constexpr std::array ackNames{
    std::pair{AckCode::Ok, "ok"_L1},
    std::pair{AckCode::Nak, "nak"_L1},
    std::pair{AckCode::Refused, "refused"_L1},
    std::pair{AckCode::Fork, "fork"_L1},
    std::pair{AckCode::Busy, "busy"_L1},
    std::pair{AckCode::Rekey, "rekey"_L1},
};

QCborValue number(quint64 value) { return QCborValue(static_cast<qint64>(value)); }

QCborArray numbers(const QList<quint64>& values)
{
    QCborArray array;
    for (const quint64 value : values)
        array.append(number(value));
    return array;
}

/// Device numbers; none when the field is absent.
QList<quint64> numbersOf(Fields& fields, QLatin1StringView name, qsizetype most)
{
    QList<quint64> values;
    for (const QCborValue& value : fields.optionalArray(name, most)) {
        if (!value.isInteger() || value.toInteger() < 0)
            fields.refuse(name, u"must hold device numbers"_s);
        values.append(static_cast<quint64>(value.toInteger()));
    }
    return values;
}

template <typename Variant, typename Message>
Result<Variant> as(QByteArrayView body)
{
    return Message::decode(body).transform([](Message message) { return Variant(std::move(message)); });
}

} // namespace

QByteArray Hello::encode() const
{
    return encodeMap({{u"nonceA"_s, nonceA}, {u"nextSeq"_s, number(nextSeq)}, {u"bootId"_s, bootId},
        {u"session"_s, number(session)}, {u"acknowledged"_s, number(acknowledged)}});
}

Result<Hello> Hello::decode(QByteArrayView bytes)
{
    return decoded<Hello>(u"HELLO"_s, bytes, [](Fields& fields, Hello& hello) {
        hello.nonceA = fields.bytes("nonceA"_L1, nonceSize);
        hello.nextSeq = fields.number("nextSeq"_L1, largest);
        hello.bootId = fields.bytes("bootId"_L1, idSize);
        hello.session = fields.number("session"_L1, largest);
        hello.acknowledged = fields.number("acknowledged"_L1, largest);
    });
}

QByteArray HelloAck::encode() const
{
    QCborMap map{{u"hello"_s, helloSha256}, {u"nonceS"_s, nonceS}, {u"hwm"_s, number(hwm)},
        {u"serverTime"_s, toMs(serverTime)}, {u"configRevision"_s, number(configRevision)}};
    if (!auditHead.isEmpty())
        map.insert(u"auditHead"_s, auditHead);
    return encodeMap(map);
}

Result<HelloAck> HelloAck::decode(QByteArrayView bytes)
{
    return decoded<HelloAck>(u"HELLO_ACK"_s, bytes, [](Fields& fields, HelloAck& ack) {
        ack.helloSha256 = fields.bytes("hello"_L1, hashSize);
        ack.nonceS = fields.bytes("nonceS"_L1, nonceSize);
        ack.hwm = fields.number("hwm"_L1, largest);
        ack.serverTime = fields.instant("serverTime"_L1);
        ack.configRevision = fields.number("configRevision"_L1, largest);
        ack.auditHead = fields.optionalBytes("auditHead"_L1, hashSize);
    });
}

QByteArray Ready::encode() const
{
    QCborMap map{{u"nonceS"_s, nonceS}, {u"session"_s, number(session)}};
    if (!transportNote.isEmpty())
        map.insert(u"transportNote"_s, transportNote.left(longestNote / 4)); // a character takes four bytes at the most
    return encodeMap(map);
}

Result<Ready> Ready::decode(QByteArrayView bytes)
{
    return decoded<Ready>(u"READY"_s, bytes, [](Fields& fields, Ready& ready) {
        ready.nonceS = fields.bytes("nonceS"_L1, nonceSize);
        ready.session = fields.number("session"_L1, largest);
        ready.transportNote = fields.optionalText("transportNote"_L1, longestNote);
    });
}

QByteArray Ack::encode() const
{
    const auto* const name = std::ranges::find(ackNames, code, &std::pair<AckCode, QLatin1StringView>::first);
    QCborMap map{{u"hwm"_s, number(hwm)}, {u"code"_s, name->second}};
    if (!full.isEmpty())
        map.insert(u"full"_s, numbers(full));
    return encodeMap(map);
}

Result<Ack> Ack::decode(QByteArrayView bytes)
{
    return decoded<Ack>(u"ACK"_s, bytes, [](Fields& fields, Ack& ack) {
        ack.hwm = fields.number("hwm"_L1, largest);
        const QString code = fields.text("code"_L1, 16);
        const auto* const name = std::ranges::find(ackNames, code, &std::pair<AckCode, QLatin1StringView>::second);
        if (name == ackNames.end())
            fields.refuse("code"_L1, u"is none we know"_s);
        else
            ack.code = name->first;
        ack.full = numbersOf(fields, "full"_L1, mostDevices);
    });
}

QByteArray Gap::encode() const
{
    return encodeMap({{u"from"_s, number(from)}, {u"to"_s, number(to)}, {u"reason"_s, reason}});
}

Result<Gap> Gap::decode(QByteArrayView bytes)
{
    return decoded<Gap>(u"GAP"_s, bytes, [](Fields& fields, Gap& gap) {
        gap.from = fields.number("from"_L1, largest);
        gap.to = fields.number("to"_L1, largest);
        gap.reason = fields.text("reason"_L1, 256);
        if (gap.to < gap.from)
            fields.refuse("to"_L1, u"must not be before from"_s);
    });
}

QByteArray Rekey::encode() const
{
    return encodeMap({{u"rsaPublic"_s, rsaPublic}, {u"nonce"_s, nonce}, {u"hwm"_s, number(hwm)}});
}

Result<Rekey> Rekey::decode(QByteArrayView bytes)
{
    return decoded<Rekey>(u"REKEY"_s, bytes, [](Fields& fields, Rekey& rekey) {
        rekey.rsaPublic = fields.bytes("rsaPublic"_L1, rsaPublicSize);
        rekey.nonce = fields.bytes("nonce"_L1, nonceSize);
        rekey.hwm = fields.number("hwm"_L1, largest);
    });
}

QByteArray RekeyReply::encode() const { return encodeMap({{u"ct"_s, ct}}); }

Result<RekeyReply> RekeyReply::decode(QByteArrayView bytes)
{
    return decoded<RekeyReply>(u"REKEY"_s, bytes,
        [](Fields& fields, RekeyReply& reply) { reply.ct = fields.bytes("ct"_L1, rsaBlockSize); });
}

QByteArray Config::encode() const { return encodeMap({{u"revision"_s, number(revision)}, {u"settings"_s, settings}}); }

Result<Config> Config::decode(QByteArrayView bytes)
{
    return decoded<Config>(u"CONFIG"_s, bytes, [](Fields& fields, Config& config) {
        config.revision = fields.number("revision"_L1, largest);
        config.settings = fields.map("settings"_L1);
    });
}

QByteArray Data::encode() const
{
    QCborArray parts;
    for (const ReadingPart& part : readings) {
        QCborMap map{{u"d"_s, number(part.localDeviceId)}, {u"r"_s, part.reading}};
        if (!part.base.isEmpty())
            map.insert(u"b"_s, part.base);
        parts.append(map);
    }
    QCborMap map{{u"readings"_s, parts}};
    if (!seen.isEmpty())
        map.insert(u"seen"_s, numbers(seen));
    return encodeMap(map);
}

Result<Data> Data::decode(QByteArrayView bytes)
{
    return decoded<Data>(u"DATA"_s, bytes, [](Fields& fields, Data& data) {
        const QCborArray parts = fields.optionalArray("readings"_L1, mostDevices);
        for (const QCborValue& value : parts) {
            Fields part(u"DATA"_s, value.toMap()); // an empty map of anything else lacks its fields
            data.readings.append(
                {part.number("d"_L1, largest), part.optionalBytes("b"_L1, baseSize), part.map("r"_L1)});
            if (part.failure()) {
                fields.refuse("readings"_L1, u"are not right: "_s + part.failure()->detail);
                return;
            }
        }
        data.seen = numbersOf(fields, "seen"_L1, mostSeen);
        if (parts.isEmpty() && data.seen.isEmpty())
            fields.refuse("readings"_L1, u"are missing"_s);
    });
}

Result<AgentMessage> decodeFromAgent(EnvelopeType type, QByteArrayView body)
{
    switch (type) {
    case EnvelopeType::Hello:
        return as<AgentMessage, Hello>(body);
    case EnvelopeType::Ready:
        return as<AgentMessage, Ready>(body);
    case EnvelopeType::Data:
        return as<AgentMessage, Data>(body);
    case EnvelopeType::Gap:
        return as<AgentMessage, Gap>(body);
    case EnvelopeType::Rekey:
        return as<AgentMessage, Rekey>(body);
    default:
        return fail(ErrorCode::Unsupported, u"Agents do not send envelopes of type %1."_s.arg(static_cast<int>(type)));
    }
}

Result<ServerMessage> decodeFromServer(EnvelopeType type, QByteArrayView body)
{
    switch (type) {
    case EnvelopeType::HelloAck:
        return as<ServerMessage, HelloAck>(body);
    case EnvelopeType::Ack:
        return as<ServerMessage, Ack>(body);
    case EnvelopeType::Config:
        return as<ServerMessage, Config>(body);
    case EnvelopeType::Rekey:
        return as<ServerMessage, RekeyReply>(body);
    default:
        return fail(ErrorCode::Unsupported,
            u"The server sent an envelope of type %1, which this program does not know."_s.arg(static_cast<int>(type)));
    }
}

} // namespace platen::protocol
