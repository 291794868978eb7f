// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <snmp/Oid.h>

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

/// The elements that SNMP messages are made of (X.690, the part of it that RFC 3417 uses).
namespace platen::fleetsim {

namespace ber {
inline constexpr quint8 integer = 0x02, octetString = 0x04, null = 0x05, oid = 0x06, sequence = 0x30;
}

/// Reads tag-length-value from the front of what is left; every function fails by making `ok` false.
class BerReader {
public:
    explicit BerReader(QByteArrayView bytes) : m_left(bytes) {}

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
        const QByteArrayView content = take(ber::integer);
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

/// The content of an OBJECT IDENTIFIER; nothing when it is none or has too many arcs.
std::optional<snmp::Oid> decodeOid(QByteArrayView content);

/// Tag, length and content at the end of `out`; the content is shorter than 64 KiB.
void appendElement(QByteArray& out, quint8 tag, QByteArrayView content);

QByteArray encodedArcs(const snmp::Oid& oid); ///< the content of an OBJECT IDENTIFIER
QByteArray encodedInteger(qint64 number);     ///< two's complement, as short as it goes

} // namespace platen::fleetsim
