// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Ber.h"

#include <array>

using platen::snmp::Oid;
using platen::snmp::Value;

namespace platen::fleetsim {

namespace {

constexpr quint8 integerTag = 0x02, octetStringTag = 0x04, nullTag = 0x05, oidTag = 0x06, sequenceTag = 0x30;

/// Reads tag-length-value from the front of what is left; every function fails by making `ok` false.
class Reader {
public:
    explicit Reader(QByteArrayView bytes) : m_left(bytes) {}

    bool ok = true;
    bool atEnd() const { return m_left.isEmpty(); }
    quint8 tag() const { return m_left.isEmpty() ? 0 : quint8(m_left[0]); }
    QByteArrayView left() const { return m_left; }

    /// The content of the next element, which must have this tag.
    QByteArrayView take(quint8 wanted)
    {
        if (!ok || m_left.size() < 2 || tag() != wanted)
            return refuse();
        qsizetype head = 2;
        qsizetype length = quint8(m_left[1]);
        if (length >= 0x80) {
            const qsizetype bytes = length & 0x7f;
            if (bytes == 0 || bytes > 3 || m_left.size() < 2 + bytes)
                return refuse();
            length = 0;
            for (qsizetype i = 0; i < bytes; ++i)
                length = length << 8 | quint8(m_left[2 + i]);
            head += bytes;
        }
        if (m_left.size() < head + length)
            return refuse();
        const QByteArrayView content = m_left.sliced(head, length);
        m_left = m_left.sliced(head + length);
        return content;
    }

    qint64 takeInteger()
    {
        const QByteArrayView content = take(integerTag);
        if (content.isEmpty() || content.size() > 8) {
            refuse();
            return 0;
        }
        qint64 number = qint8(content[0]);
        for (const char byte : content.sliced(1))
            number = qint64(quint64(number) << 8 | quint8(byte));
        return number;
    }

private:
    QByteArrayView refuse()
    {
        ok = false;
        return {};
    }

    QByteArrayView m_left;
};

std::optional<Oid> decodeOid(QByteArrayView content)
{
    std::array<quint32, Oid::maxArcs> arcs;
    size_t count = 0;
    quint64 arc = 0;
    bool isOpen = false;
    for (const char byte : content) {
        arc = arc << 7 | (quint8(byte) & 0x7f);
        isOpen = (quint8(byte) & 0x80) != 0;
        if (arc > 0xffffffff)
            return std::nullopt;
        if (isOpen)
            continue;
        if (count == 0) { // the first subidentifier holds two arcs
            arcs[count++] = arc < 80 ? quint32(arc / 40) : 2;
            arc = arc < 80 ? arc % 40 : arc - 80;
        }
        if (count == arcs.size())
            return std::nullopt;
        arcs[count++] = quint32(arc);
        arc = 0;
    }
    if (isOpen)
        return std::nullopt;
    return Oid(std::span(arcs).first(count));
}

void appendElement(QByteArray& out, quint8 tag, QByteArrayView content)
{
    out += char(tag);
    const auto length = content.size();
    if (length < 0x80) {
        out += char(length);
    } else if (length < 0x100) {
        out += char(0x81);
        out += char(length);
    } else {
        out += char(0x82);
        out += char(length >> 8);
        out += char(length & 0xff);
    }
    out += content;
}

QByteArray encodedArcs(const Oid& oid)
{
    QByteArray content;
    const auto append = [&content](quint32 arc) {
        for (int shift = 28; shift > 0; shift -= 7)
            if (arc >> shift)
                content += char(0x80 | (arc >> shift & 0x7f));
        content += char(arc & 0x7f);
    };
    if (oid.size() == 1)
        append(oid[0] * 40);
    for (qsizetype i = 1; i < oid.size(); ++i)
        append(i == 1 ? oid[0] * 40 + oid[1] : oid[i]);
    return content;
}

/// Two's complement, as short as it goes.
QByteArray encodedInteger(qint64 number)
{
    QByteArray content;
    for (int shift = 56; shift >= 0; shift -= 8)
        content += char(number >> shift & 0xff);
    while (content.size() > 1
           && ((content[0] == 0 && qint8(content[1]) >= 0) || (content[0] == char(0xff) && qint8(content[1]) < 0)))
        content.remove(0, 1);
    return content;
}

quint8 tagOf(Value::Type type)
{
    switch (type) {
    case Value::Type::Null: return nullTag;
    case Value::Type::Integer: return integerTag;
    case Value::Type::OctetString: return octetStringTag;
    case Value::Type::ObjectId: return oidTag;
    case Value::Type::IpAddress: return 0x40;
    case Value::Type::Counter32: return 0x41;
    case Value::Type::Gauge32: return 0x42;
    case Value::Type::TimeTicks: return 0x43;
    case Value::Type::Opaque: return 0x44;
    case Value::Type::Counter64: return 0x46;
    case Value::Type::NoSuchObject: return 0x80;
    case Value::Type::NoSuchInstance: return 0x81;
    case Value::Type::EndOfMibView: return 0x82;
    }
    Q_UNREACHABLE();
}

} // namespace

std::optional<Request> parseRequest(QByteArrayView datagram)
{
    Reader outer(datagram);
    Reader message(outer.take(sequenceTag));
    Request request;
    request.version = int(message.takeInteger());
    request.community = message.take(octetStringTag);
    request.pdu = Pdu(message.tag());
    if (!outer.ok || !message.ok || request.version < 0 || request.version > 1)
        return std::nullopt;
    if (request.pdu != Pdu::Get && request.pdu != Pdu::GetNext && request.pdu != Pdu::Set
        && !(request.pdu == Pdu::GetBulk && request.version == 1))
        return std::nullopt;

    Reader pdu(message.take(quint8(request.pdu)));
    request.requestId = pdu.take(integerTag);
    request.nonRepeaters = qint32(pdu.takeInteger());
    request.maxRepetitions = qint32(pdu.takeInteger());
    request.varBinds = pdu.left();
    Reader list(pdu.take(sequenceTag));
    if (!message.ok || !pdu.ok)
        return std::nullopt;
    while (!list.atEnd()) {
        Reader pair(list.take(sequenceTag));
        const std::optional<Oid> oid = decodeOid(pair.take(oidTag));
        if (!list.ok || !pair.ok || !oid)
            return std::nullopt;
        request.oids.append(*oid);
    }
    return request;
}

QByteArray encodeVarBind(const Oid& oid, const Value& value)
{
    QByteArray content;
    appendElement(content, oidTag, encodedArcs(oid));
    const quint8 tag = tagOf(value.type);
    if (value.isNumber())
        appendElement(content, tag, encodedInteger(value.number));
    else if (value.type == Value::Type::ObjectId)
        appendElement(content, tag, encodedArcs(value.objectId));
    else
        appendElement(content, tag, value.octets);
    QByteArray pair;
    appendElement(pair, sequenceTag, content);
    return pair;
}

QByteArray encodeResponse(const Request& request, ErrorStatus status, int errorIndex, QByteArrayView varBinds)
{
    QByteArray pdu;
    pdu.reserve(varBinds.size() + 32);
    appendElement(pdu, integerTag, request.requestId);
    appendElement(pdu, integerTag, encodedInteger(int(status)));
    appendElement(pdu, integerTag, encodedInteger(errorIndex));
    appendElement(pdu, sequenceTag, varBinds);

    QByteArray body;
    body.reserve(pdu.size() + 32);
    appendElement(body, integerTag, encodedInteger(request.version));
    appendElement(body, octetStringTag, request.community);
    appendElement(body, quint8(Pdu::Response), pdu);
    QByteArray message;
    message.reserve(body.size() + 4);
    appendElement(message, sequenceTag, body);
    return message;
}

} // namespace platen::fleetsim
