// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Ber.h"

namespace platen::snmp::ber {

QByteArray element(quint8 tag, QByteArrayView content)
{
    QByteArray bytes;
    bytes.reserve(content.size() + 4);
    bytes.append(static_cast<char>(tag));
    const qsizetype length = content.size();
    if (length > 0xff)
        bytes.append('\x82').append(static_cast<char>(length >> 8)); // a message is never longer than 64 KiB
    else if (length > 0x7f)
        bytes.append('\x81');
    bytes.append(static_cast<char>(length));
    return bytes.append(content);
}

QByteArray integer(qint64 number)
{
    QByteArray octets;
    do {
        octets.prepend(static_cast<char>(number));
        number >>= 8;
    } while ((number != 0 && number != -1) || ((octets[0] & 0x80) != 0) != (number < 0));
    return element(integerTag, octets);
}

QByteArray octetString(QByteArrayView octets) { return element(octetStringTag, octets); }

QByteArray objectId(const Oid& oid)
{
    // The first two arcs share one number; an object has at least two, so shorter ones are filled up (as Net-SNMP does).
    const quint32 first = oid.isEmpty() ? 0 : oid[0], second = oid.size() < 2 ? 0 : oid[1];
    QByteArray octets;
    octets.reserve(2 * oid.size() + 8);
    const auto append = [&](quint64 arc) {
        int septets = 1;
        while (septets < 6 && arc >> (7 * septets))
            ++septets;
        while (septets-- > 0)
            octets.append(static_cast<char>(((arc >> (7 * septets)) & 0x7f) | (septets ? 0x80 : 0)));
    };
    append(quint64(first) * 40 + second);
    for (qsizetype i = 2; i < oid.size(); ++i)
        append(oid[i]);
    return element(objectIdTag, octets);
}

std::optional<Reader::Element> Reader::next(quint8 tag) const
{
    if (m_rest.size() < 2 || static_cast<quint8>(m_rest[0]) != tag)
        return std::nullopt;
    Element element{2, static_cast<quint8>(m_rest[1])};
    if (element.length >= 0x80) {
        const qsizetype octets = element.length & 0x7f;
        if (octets < 1 || octets > 4 || m_rest.size() < 2 + octets)
            return std::nullopt;
        element = {2 + octets, 0};
        for (qsizetype i = 2; i < element.head; ++i)
            element.length = (element.length << 8) | static_cast<quint8>(m_rest[i]);
    }
    if (element.length > m_rest.size() - element.head)
        return std::nullopt;
    return element;
}

std::optional<QByteArrayView> Reader::content(quint8 tag)
{
    const std::optional<Element> element = next(tag);
    if (!element)
        return std::nullopt;
    const QByteArrayView content = m_rest.sliced(element->head, element->length);
    m_rest = m_rest.sliced(element->head + element->length);
    return content;
}

std::optional<QByteArrayView> Reader::whole(quint8 tag)
{
    const std::optional<Element> element = next(tag);
    if (!element)
        return std::nullopt;
    const QByteArrayView whole = m_rest.first(element->head + element->length);
    m_rest = m_rest.sliced(whole.size());
    return whole;
}

std::optional<qint64> Reader::integer()
{
    const std::optional<Element> element = next(integerTag);
    if (!element || element->length < 1 || element->length > 8)
        return std::nullopt;
    const QByteArrayView octets = *content(integerTag);
    quint64 number = octets[0] & 0x80 ? ~0ULL : 0;
    for (const char octet : octets)
        number = (number << 8) | static_cast<quint8>(octet);
    return static_cast<qint64>(number);
}

} // namespace platen::snmp::ber
