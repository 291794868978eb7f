// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Ber.h"

#include "BerElements.h"

using platen::snmp::Oid;
using platen::snmp::Value;

namespace platen::fleetsim {

namespace {

quint8 tagOf(Value::Type type)
{
    switch (type) {
    case Value::Type::Null: return ber::null;
    case Value::Type::Integer: return ber::integer;
    case Value::Type::OctetString: return ber::octetString;
    case Value::Type::ObjectId: return ber::oid;
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
    BerReader outer(datagram);
    BerReader message(outer.take(ber::sequence));
    Request request;
    request.version = int(message.takeInteger());
    request.community = message.take(ber::octetString);
    request.pdu = Pdu(message.tag());
    if (!outer.ok || !message.ok || request.version < 0 || request.version > 1)
        return std::nullopt;
    if (request.pdu != Pdu::Get && request.pdu != Pdu::GetNext && request.pdu != Pdu::Set
        && !(request.pdu == Pdu::GetBulk && request.version == 1))
        return std::nullopt;

    BerReader pdu(message.take(quint8(request.pdu)));
    request.requestId = pdu.take(ber::integer);
    request.nonRepeaters = qint32(pdu.takeInteger());
    request.maxRepetitions = qint32(pdu.takeInteger());
    request.varBinds = pdu.left();
    BerReader list(pdu.take(ber::sequence));
    if (!message.ok || !pdu.ok)
        return std::nullopt;
    while (!list.atEnd()) {
        BerReader pair(list.take(ber::sequence));
        const std::optional<Oid> oid = decodeOid(pair.take(ber::oid));
        if (!list.ok || !pair.ok || !oid)
            return std::nullopt;
        request.oids.append(*oid);
    }
    return request;
}

QByteArray encodeVarBind(const Oid& oid, const Value& value)
{
    QByteArray content;
    appendElement(content, ber::oid, encodedArcs(oid));
    const quint8 tag = tagOf(value.type);
    if (value.isNumber())
        appendElement(content, tag, encodedInteger(value.number));
    else if (value.type == Value::Type::ObjectId)
        appendElement(content, tag, encodedArcs(value.objectId));
    else
        appendElement(content, tag, value.octets);
    QByteArray pair;
    appendElement(pair, ber::sequence, content);
    return pair;
}

QByteArray encodeResponse(const Request& request, ErrorStatus status, int errorIndex, QByteArrayView varBinds)
{
    QByteArray pdu;
    pdu.reserve(varBinds.size() + 32);
    appendElement(pdu, ber::integer, request.requestId);
    appendElement(pdu, ber::integer, encodedInteger(int(status)));
    appendElement(pdu, ber::integer, encodedInteger(errorIndex));
    appendElement(pdu, ber::sequence, varBinds);

    QByteArray body;
    body.reserve(pdu.size() + 32);
    appendElement(body, ber::integer, encodedInteger(request.version));
    appendElement(body, ber::octetString, request.community);
    appendElement(body, quint8(Pdu::Response), pdu);
    QByteArray message;
    message.reserve(body.size() + 4);
    appendElement(message, ber::sequence, body);
    return message;
}

QByteArray encodeError(const Request& request, ErrorStatus status, int errorIndex)
{
    // RFC 1157: the variable bindings come back as they were; parseRequest kept them with their tag, which encodeResponse adds.
    const QByteArrayView list = request.varBinds;
    const qsizetype head = quint8(list[1]) < 0x80 ? 2 : 2 + (quint8(list[1]) & 0x7f);
    return encodeResponse(request, status, errorIndex, list.sliced(head));
}

QByteArray encodeReport(QByteArrayView datagram, quint32 number)
{
    BerReader outer(datagram);
    BerReader message(outer.take(ber::sequence));
    const qint64 version = message.takeInteger();
    BerReader header(message.take(ber::sequence));
    const QByteArrayView messageId = header.take(ber::integer);
    if (!outer.ok || !message.ok || !header.ok || version != 3)
        return {};
    message.take(ber::octetString); // security parameters
    BerReader scoped(message.take(ber::sequence));
    scoped.take(ber::octetString);
    scoped.take(ber::octetString);
    BerReader pdu(scoped.take(scoped.tag()));
    const QByteArrayView readableId = pdu.take(ber::integer);

    const auto element = [](quint8 tag, const QByteArray& content) {
        QByteArray bytes;
        appendElement(bytes, tag, content);
        return bytes;
    };
    const auto integer = [&](qint64 value) { return element(ber::integer, encodedInteger(value)); };
    const bool isLate = number % 2 == 1;
    const QByteArray engine = QByteArray::fromHex("80007a690400000000") + char(isLate ? 0 : number); // enterprise 31337: nobody's
    const Oid counter = Oid{1, 3, 6, 1, 6, 3, 15, 1, 1} + (isLate ? 2U : 4U) + 0U; // usmStatsNotInTimeWindows or usmStatsUnknownEngineIDs
    const QByteArray security = element(ber::octetString, engine) + integer(number) + integer(number * 1000) + element(ber::octetString, {})
        + element(ber::octetString, {}) + element(ber::octetString, {});
    const QByteArray report = element(ber::integer, pdu.ok ? readableId.toByteArray() : messageId.toByteArray()) + integer(0) + integer(0)
        + element(ber::sequence, encodeVarBind(counter, {Value::Type::Counter32, number, {}, {}}));
    return element(ber::sequence,
        integer(3) + element(ber::sequence, element(ber::integer, messageId.toByteArray()) + integer(65'507) + element(ber::octetString, QByteArray(1, '\0')) + integer(3))
            + element(ber::octetString, element(ber::sequence, security))
            + element(ber::sequence, element(ber::octetString, engine) + element(ber::octetString, {}) + element(0xa8, report)));
}

} // namespace platen::fleetsim
