// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Oid.h"

#include <QByteArray>

#include <optional>

/// The basic encoding rules as far as SNMP uses them (X.690; RFC 3417 §8: definite lengths).
namespace platen::snmp::ber {

enum Tag : quint8 { integerTag = 0x02, octetStringTag = 0x04, nullTag = 0x05, objectIdTag = 0x06, sequenceTag = 0x30 };

QByteArray element(quint8 tag, QByteArrayView content);
QByteArray integer(qint64 number);
QByteArray octetString(QByteArrayView octets);
QByteArray objectId(const Oid& oid);

/// Takes elements apart, front to back. Nothing is read beyond the bytes it was given, whatever they say; what does not fit
/// is nothing, and then the reader stays where it is.
class Reader {
public:
    explicit Reader(QByteArrayView bytes)
        : m_rest(bytes)
    {
    }

    bool isAtEnd() const { return m_rest.isEmpty(); }
    QByteArrayView rest() const { return m_rest; }

    /// The content of the next element, when it has `tag`.
    std::optional<QByteArrayView> content(quint8 tag);
    /// The next element as it is, tag and length included.
    std::optional<QByteArrayView> whole(quint8 tag);
    /// An INTEGER of at most eight octets.
    std::optional<qint64> integer();

private:
    struct Element {
        qsizetype head = 0;
        qsizetype length = 0;
    };
    std::optional<Element> next(quint8 tag) const;

    QByteArrayView m_rest;
};

} // namespace platen::snmp::ber
