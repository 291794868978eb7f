// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Wire.h"

#include "Values.h"

#include <channel/SealedEnvelope.h>
#include <crypto/Activation.h>
#include <crypto/Aead.h>
#include <crypto/CPace.h>
#include <crypto/Crypto.h>
#include <crypto/KeySchedule.h>
#include <protocol/Cbor.h>
#include <protocol/EventStream.h>
#include <protocol/Messages.h>
#include <protocol/ReadingCodec.h>

#include <array>

using namespace Qt::StringLiterals;

namespace platen::fuzz {

using protocol::EnvelopeHeader;
using protocol::EnvelopeType;

namespace {

constexpr qsizetype bodyOffset = EnvelopeHeader::size;
constexpr quint8 fromServer = 32; ///< message(): the first byte of those that a server sends, by type
constexpr quint8 bySelf = 64;     ///< and of those that do not travel in envelopes of their own

QByteArray fill(int count, int first)
{
    QByteArray bytes;
    for (int i = 0; i < count; ++i)
        bytes += char(first + i);
    return bytes;
}

const crypto::AgentKeys& agentKeys()
{
    static const crypto::AgentKeys derived = crypto::AgentKeys::derive(Secret(fill(32, 1)), fill(16, 0xc0));
    return derived;
}

QCborMap keyedReading()
{
    model::Reading reading;
    reading.address = u"10.0.0.5"_s;
    reading.takenAt = fromMs(1'764'000'000'000);
    reading.identity.manufacturer = u"HP"_s;
    reading.identity.serialNumber = u"CN1234567"_s;
    reading.status.state = u"idle"_s;
    reading.status.display = {u"Ready"_s};
    reading.meters = {{u"total"_s, u"impressions"_s, 1234, u"1.1"_s}};
    model::Supply toner;
    toner.index = u"1.1"_s;
    toner.kind = u"toner"_s;
    toner.level = {model::SupplyLevel::Kind::Percent, 54, 0, 0};
    reading.supplies = {toner};
    reading.alerts = {{u"1.3"_s, u"warning"_s, u"markerSupplies"_s, 1, -2, 1104, u"Toner low"_s}};
    return protocol::toKeyed(reading);
}

/// What the server does with a part of DATA.
void judgePart(const protocol::ReadingPart& part)
{
    static const QCborMap known = keyedReading();
    const Result<QCborMap> whole = part.isFull() ? Result<QCborMap>(part.reading) : protocol::patched(known, part.reading);
    if (!whole)
        return;
    protocol::baseOf(*whole);
    if (const auto reading = protocol::fromKeyed(*whole))
        checkNumbers(*reading);
}

template <typename Message>
void judge(const Message& decoded, Result<Message> (*decode)(QByteArrayView))
{
    const QByteArray once = decoded.encode();
    const auto again = decode(once);
    if (!again || again->encode() != once) // a map may come in any order and leaves in one
        qFatal("a message does not survive its own encoding");
    if constexpr (std::is_same_v<Message, protocol::Data>) {
        for (const protocol::ReadingPart& part : decoded.readings)
            judgePart(part);
    }
}

template <typename Message>
void readOne(QByteArrayView bytes)
{
    if (const Result<Message> decoded = Message::decode(bytes))
        judge(*decoded, &Message::decode);
}

using Reading = void (*)(QByteArrayView);
constexpr std::array<Reading, 6> ownReaders{readOne<protocol::AgentInfo>, readOne<protocol::ActivateStart>, readOne<protocol::ActivateStartReply>,
    readOne<protocol::ActivateConfirm>, readOne<protocol::ActivateConfirmReply>, readOne<protocol::ActivationBox>};

template <typename Decoded>
void judgeAny(const Decoded& decoded)
{
    if (decoded)
        std::visit([]<typename Message>(const Message& message) { judge(message, &Message::decode); }, *decoded);
}

/// An envelope whose seal is good, whatever its head says.
QByteArray sealedBy(Feed& feed)
{
    EnvelopeHeader header;
    header.type = EnvelopeType(feed.byte());
    const quint8 flags = feed.byte();
    header.deflated = flags & 1;
    header.direction = protocol::Direction(flags >> 1 & 1);
    header.agentId = agentKeys().agentId;
    header.seq = feed.word();
    const QByteArrayView inside = feed.rest();
    header.length = quint32(inside.size() + EnvelopeHeader::tagSize);
    const QByteArray head = header.encode();
    return head + crypto::sealWithNonce(agentKeys().a2s, fill(24, 0x50), inside, head);
}

void openAsProduct(QByteArrayView bytes)
{
    const auto opened = channel::openEnvelope(bytes, agentKeys().a2s);
    if (!opened)
        return;
    if (opened->body.size() > channel::inflateLimit::bytes || opened->body.size() > std::max<qsizetype>(bytes.size(), 1) * channel::inflateLimit::factor)
        qFatal("an envelope inflates to more than it may");
    if (!opened->header.deflated && opened->body.size() != bytes.size() - bodyOffset - EnvelopeHeader::nonceSize - EnvelopeHeader::tagSize)
        qFatal("an envelope's body has another size than was sealed");
    judgeAny(protocol::decodeFromAgent(opened->header.type, opened->body));
    judgeAny(protocol::decodeFromServer(opened->header.type, opened->body));
}

QByteArray goodEnvelope(EnvelopeType type, const QByteArray& body)
{
    EnvelopeHeader header;
    header.type = type;
    header.agentId = agentKeys().agentId;
    header.seq = 7;
    return channel::sealEnvelope(header, body, agentKeys().a2s);
}

QList<std::pair<EnvelopeType, QByteArray>> agentMessages()
{
    using namespace protocol;
    const QCborMap patch{{u"takenAt"_s, qint64(1'764'000'060'000)}, {u"meters"_s, QCborMap{{u"total 1.1"_s, 1300}}}};
    return {{EnvelopeType::Hello, Hello{.nonceA = fill(16, 1), .nextSeq = 7, .bootId = fill(16, 2)}.encode()},
        {EnvelopeType::Ready, Ready{.nonceS = fill(16, 1)}.encode()},
        {EnvelopeType::Gap, Gap{3, 5, u"overflow"_s}.encode()},
        {EnvelopeType::Data, Data{{{1, {}, keyedReading()}, {2, baseOf(keyedReading()), patch}}, {3, 4}}.encode()}};
}

/// Reads as the server does; with the PIN, the agent's tag is right and the rest of the exchange is reached.
void exchange(bool knowsPin, const protocol::ActivateStart& m1, QByteArrayView ta)
{
    const Secret pin("K7QM4XR2PD9");
    crypto::ActivationStart start{m1.locator, m1.sid, m1.ya, m1.rsaPublic, m1.info};
    const Secret scalar(fill(32, 3));
    if (knowsPin)
        start.ya = crypto::cpace::share(scalar, crypto::cpace::generator(pin, crypto::activation::channelIdentifier(), start.sid));
    auto server = crypto::ServerActivation::begin(pin, start, {fill(16, 0x30), fill(32, 0x40), 1'764'000'000'000});
    if (!server)
        return;
    if (!knowsPin) {
        if (server->confirm(ta.toByteArray()))
            qFatal("a stranger was let in");
        return;
    }
    const auto point = crypto::cpace::sharedPoint(scalar, server->reply().yb);
    const Secret isk = crypto::cpace::sessionKey({start.sid, start.ya, crypto::activation::agentData(start), server->reply().yb,
                                                     crypto::activation::serverData(server->reply())}, *point);
    (void)server->confirm(crypto::activation::agentTag(crypto::cpace::macKey(start.sid, isk), start));
}

} // namespace

void envelope(QByteArrayView input)
{
    Feed feed(input);
    switch (feed.byte() % 3) {
    case 0: openAsProduct(feed.rest()); return;
    case 1: openAsProduct(sealedBy(feed)); return;
    default: break;
    }
    static const QByteArray good = goodEnvelope(EnvelopeType::Gap, protocol::Gap{3, 5, u"overflow"_s}.encode());
    QByteArray changed = good;
    changed[feed.word() % changed.size()] ^= char(feed.byte());
    if (changed != good && channel::openEnvelope(changed, agentKeys().a2s))
        qFatal("a changed envelope was opened");
}

QList<QByteArray> envelopeSeeds()
{
    QList<QByteArray> seeds;
    for (const auto& [type, body] : agentMessages()) {
        seeds += '\0' + goodEnvelope(type, body);
        seeds += QByteArray("\1") + char(type) + QByteArray("\0\0\7", 3) + body;
        const QByteArray sealed = goodEnvelope(EnvelopeType::Data, body.repeated(4)); // deflated: its inside, as one who has the key sends it
        const auto inside = crypto::open(agentKeys().a2s, QByteArrayView(sealed).sliced(bodyOffset), QByteArrayView(sealed).first(bodyOffset));
        seeds += QByteArray("\1\1\1\0\7", 5) + *inside;
    }
    seeds += QByteArray("\2\0\x32\1", 4);
    return seeds;
}

void message(QByteArrayView input)
{
    Feed feed(input);
    const quint8 which = feed.byte();
    const QByteArrayView bytes = feed.rest();
    if (which < fromServer)
        judgeAny(protocol::decodeFromAgent(EnvelopeType(which), bytes));
    else if (which < bySelf)
        judgeAny(protocol::decodeFromServer(EnvelopeType(which - fromServer), bytes));
    else
        ownReaders[which % ownReaders.size()](bytes);
    if (const auto map = protocol::decodeMap(bytes)) {
        const QByteArray once = protocol::encodeMap(*map);
        const auto again = protocol::decodeMap(once);
        if (!again || protocol::encodeMap(*again) != once)
            qFatal("a map does not survive its one encoding");
    }
}

QList<QByteArray> messageSeeds()
{
    using namespace protocol;
    QList<QByteArray> seeds;
    for (const auto& [type, body] : agentMessages())
        seeds += char(type) + body;
    const auto server = [&](EnvelopeType type, const QByteArray& body) { seeds += char(fromServer + quint8(type)) + body; };
    server(EnvelopeType::HelloAck, HelloAck{.helloSha256 = fill(32, 1), .nonceS = fill(16, 2), .hwm = 6, .serverTime = fromMs(1), .configRevision = 3, .auditHead = fill(32, 4)}.encode());
    server(EnvelopeType::Ack, Ack{12, AckCode::Ok, {1, 4000}}.encode());
    server(EnvelopeType::Config, Config{9, {{u"scan"_s, QCborMap{{u"every"_s, 3600}}}}}.encode());
    const std::array<QByteArray, ownReaders.size()> own{AgentInfo{u"0.1.0"_s, u"linux"_s, u"Berlin"_s}.encode(),
        ActivateStart{2, u"K7QM"_s, fill(16, 1), fill(32, 2), fill(422, 3), AgentInfo{}.encode()}.encode(),
        ActivateStartReply{fill(32, 1), fill(16, 2), fill(32, 3), fromMs(1'764'000'000'000)}.encode(), ActivateConfirm{fill(16, 1), fill(32, 2)}.encode(),
        ActivateConfirmReply{fill(384, 1), fill(32, 2), fill(100, 3)}.encode(), ActivationBox{fill(16, 1), 1, fromMs(1'764'000'000'000), fill(32, 5), {}}.encode()};
    for (size_t i = 0; i < own.size(); ++i)
        seeds += char(bySelf + (i + ownReaders.size() - bySelf % ownReaders.size()) % ownReaders.size()) + own[i];
    return seeds;
}

void activation(QByteArrayView input)
{
    Feed feed(input);
    const quint8 how = feed.byte();
    if (how % 4 == 3) { // what a server that knows the PIN can put into M4
        EnvelopeHeader header;
        header.type = EnvelopeType(feed.byte());
        header.direction = protocol::Direction(feed.byte() & 1);
        header.agentId = agentKeys().agentId;
        (void)channel::openActivationBox(channel::sealEnvelope(header, feed.rest(), agentKeys().ack), Secret(fill(32, 1)));
        return;
    }
    const QByteArrayView ta = feed.bytes(32);
    if (const auto m1 = protocol::ActivateStart::decode(feed.rest())) {
        (void)protocol::AgentInfo::decode(m1->info);
        exchange(how % 4 == 1, *m1, ta);
    }
}

QList<QByteArray> activationSeeds()
{
    // An odd number of 3072 bits in the form that a key has (RFC 8017 A.1); nobody knows its factors.
    const QByteArray der = QByteArray::fromHex("308201a2300d06092a864886f70d01010105000382018f003082018a0282018100") + fill(384, 0x81).replace(383, 1, "\x7f")
        + QByteArray::fromHex("0203010001");
    const protocol::ActivateStart m1{2, u"K7QM"_s, fill(16, 1),
        QByteArray::fromHex("06ff78ea0b690cab62e291b5757cef4fb042e07fdc7cebbb64e0315456570919"), der, protocol::AgentInfo{u"0.1.0"_s, u"linux"_s, u"Berlin"_s}.encode()};
    const protocol::ActivationBox box{fill(16, 0xc0), 1, fromMs(1'764'000'000'000), fill(32, 5), {}};
    return {'\0' + fill(32, 9) + m1.encode(), '\1' + fill(32, 9) + m1.encode(), QByteArray("\3\7\1") + box.encode()};
}

void eventStream(QByteArrayView input)
{
    constexpr qsizetype most = 512;
    Feed feed(input);
    const quint8 how = feed.byte();
    if (how & 1) {
        const qsizetype sizes = feed.byte();
        const protocol::MessageBatch batch{.body = {}, .sizes = feed.bytes(sizes).toByteArray()};
        protocol::MessageBatch filled = batch;
        filled.body = feed.rest().toByteArray();
        if (const auto messages = filled.messages(); messages && !messages->isEmpty()) {
            if (messages->join() != filled.body || protocol::MessageBatch::of(*messages).messages() != messages)
                qFatal("a POST's messages are not what it carried");
        }
        return;
    }
    protocol::EventReader reader(most);
    quint8 piece = how >> 1;
    for (QByteArrayView rest = feed.rest(); !rest.isEmpty(); piece = quint8(piece * 5 + 3)) {
        const QByteArrayView part = rest.first(std::min<qsizetype>(rest.size(), 1 + piece));
        rest = rest.sliced(part.size());
        const auto events = reader.take(part);
        if (!events)
            return;
        for (const protocol::StreamEvent& event : *events) {
            event.closeCode();
            event.closeReason();
            protocol::EventReader fresh(most);
            const auto again = fresh.take(event.encode());
            if (event.data.size() > most || event.id == 0 || !again || again->size() != 1 || again->first() != event)
                qFatal("an event does not survive its own encoding");
        }
    }
}

QList<QByteArray> eventStreamSeeds()
{
    using protocol::StreamEvent;
    const QByteArray stream = StreamEvent{1, StreamEvent::Kind::Message, fill(100, 0)}.encode() + protocol::streamBeat.toByteArray()
        + StreamEvent{2, StreamEvent::Kind::Message, {}}.encode() + StreamEvent::close(3, 4403, "refused").encode();
    const QByteArray crlf = QByteArray(stream).replace("\n", "\r\n");
    const auto batch = protocol::MessageBatch::of({fill(20, 1), fill(30, 2), fill(5, 3)});
    return {char(0x10) + stream, '\0' + stream, char(0x40) + crlf, QByteArray("\1") + char(batch.sizes.size()) + batch.sizes + batch.body,
        QByteArray("\1\0", 2) + fill(30, 1)};
}

} // namespace platen::fuzz
