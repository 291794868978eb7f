// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Profiles.h"

#include "Fixtures.h"
#include "Values.h"

#include <profiles/Decoders.h>
#include <profiles/Memory.h>
#include <profiles/ProfileParser.h>
#include <profiles/Reader.h>
#include <protocol/ReadingCodec.h>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace platen::fuzz {

using snmp::Value;

namespace {

/// One of our printers, with changes: object, type and value, or an object taken away.
snmp::Answers changedPrinter(Feed feed)
{
    const quint8 which = feed.byte();
    snmp::Answers answers = which < printers().size() ? printers()[which] : snmp::Answers();
    while (!feed.isEmpty()) {
        snmp::Oid oid = knownObjects()[feed.word() % knownObjects().size()];
        const quint8 how = feed.byte();
        if (how & 0x80)
            oid = snmp::Oid(oid.arcs().first(size_t(oid.size() - 1))) + quint32(feed.byte());
        if (how & 0x40)
            answers.remove(oid);
        else
            answers.insert(oid, valueFrom(how & 0x3f, feed.bytes(feed.byte())));
    }
    return answers;
}

} // namespace

void decoder(QByteArrayView input)
{
    using profiles::Decoding;
    Feed feed(input);
    profiles::Decoding decoding;
    decoding.kind = Decoding::Kind(feed.byte() % 7);
    const int charset = feed.word();
    decoding.tag = feed.byte();
    decoding.field = decoding.tag % 2 ? u"MDL"_s : u"SN"_s;
    const quint8 type = feed.byte();
    const QByteArrayView octets = feed.rest();
    const Value value = valueFrom(type, octets);

    const QString text = decoding.text(value, charset);
    if (text.size() > 2 * profiles::maxTextBytes) // hex digits
        qFatal("a text is longer than may be");
    if (const auto count = decoding.count(value); count && *count < 0)
        qFatal("a count is negative");
    const QString lines = profiles::decodeText(octets, charset, true);
    if (std::ranges::any_of(lines, [](QChar c) { return c.category() == QChar::Other_Control && c != u'\n'; }))
        qFatal("a text has control characters");
    profiles::decodePml(octets);
    profiles::decodeBrotherRecord(octets, decoding.tag);
    profiles::decode1284(QString::fromLatin1(octets), decoding.field);
    profiles::decodeNumber(value);
    profiles::decodeMac(value);
    const QString serial = profiles::normalisedSerial(QString::fromUtf8(octets));
    if (serial.size() > 64)
        qFatal("a serial number is longer than may be");
}

QList<QByteArray> decoderSeeds()
{
    QList<QByteArray> seeds;
    for (const snmp::Answers& recording : recordings()) {
        for (const Value& value : recording) {
            if (value.type == Value::Type::OctetString && seeds.size() < 2000)
                seeds += QByteArray(1, char(seeds.size() % 7)) + QByteArray("\0\x6a\x11", 3) + char(value.type) + value.octets;
        }
    }
    return seeds;
}

void interpretation(QByteArrayView input)
{
    const Result<model::Reading> reading = profiles::interpret(catalogue(), changedPrinter(Feed(input)), {QHostAddress(u"192.0.2.1"_s), Instant{}, true});
    if (!reading)
        return;
    checkNumbers(*reading);
    if (qChecksum(input) % 4 != 0)
        return; // the written forms take longer than the reading
    const QCborMap keyed = protocol::toKeyed(*reading);
    const Result<model::Reading> travelled = protocol::fromKeyed(keyed);
    if (!travelled)
        qFatal("a reading does not survive its way: %s", qPrintable(travelled.error().detail));
    if (protocol::toKeyed(*travelled) != keyed)
        qFatal("a reading changes on its way");
    checkNumbers(*travelled);
    protocol::toJson(*reading, true);
}

/// Each printer as it is, and with each of its objects said once more.
QList<QByteArray> interpretationSeeds()
{
    QList<QByteArray> seeds;
    for (qsizetype which = 0; which < printers().size(); ++which) {
        seeds += QByteArray(1, char(which));
        for (const auto& [oid, value] : printers()[which].asKeyValueRange()) {
            const qsizetype place = std::ranges::lower_bound(knownObjects(), oid) - knownObjects().begin();
            if (place % 4 == which % 4)
                seeds += QByteArray(1, char(which)) + char(place >> 8) + char(place) + char(value.type) + char(octetsOf(value).size()) + octetsOf(value);
        }
    }
    return seeds;
}

void profile(QByteArrayView input)
{
    profiles::parseProfile(u"fuzz.json"_s, input.toByteArray());
}

void memory(QByteArrayView input)
{
    // Stored as it is, or packed first: else nothing would get past the checksum.
    const bool isPlain = !input.isEmpty() && input[0] != '\1';
    const profiles::Memory stored = profiles::Memory::fromBytes(isPlain ? '\1' + qCompress(input.sliced(1).toByteArray(), 1) : input.toByteArray());
    const profiles::Memory::Content content = stored.content();
    if (content.answers.isEmpty())
        return;
    const profiles::Memory again = profiles::Memory::of(content.answers, content.profile);
    if (!again.isNull() && again.content().answers != content.answers)
        qFatal("a memory changes when it is stored");
}

QList<QByteArray> memorySeeds()
{
    QList<QByteArray> seeds;
    for (const snmp::Answers& printer : printers()) {
        const QByteArray bytes = profiles::Memory::of(printer, 7).toBytes();
        seeds += bytes;
        seeds += '\0' + qUncompress(bytes.sliced(1));
    }
    return seeds;
}

QList<QByteArray> profileSeeds()
{
    return filesOf(u"resources/profiles"_s, u"*.json"_s);
}

} // namespace platen::fuzz
