// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QtEndian>

namespace platen::test {

/// Writes IPP messages byte by byte (RFC 8010), right or wrong, as a printer would.
class IppBytes {
public:
    enum Tag : uchar {
        Integer = 0x21,
        Boolean = 0x22,
        Enum = 0x23,
        Octets = 0x30,
        Begin = 0x34,
        End = 0x37,
        Text = 0x41,
        Name = 0x42,
        Keyword = 0x44,
        Uri = 0x45,
        Member = 0x4a,
        NoValue = 0x13,
    };

    explicit IppBytes(quint16 status = 0, quint32 requestId = 1)
    {
        bytes = QByteArray("\x01\x01") + number(status) + number(requestId) + '\x01';
        add(0x47, "attributes-charset", "utf-8").add(0x48, "attributes-natural-language", "en");
        bytes += '\x04'; // the printer's attributes
    }

    /// A further value of the attribute before when `name` is empty.
    IppBytes& add(int tag, const QByteArray& name, const QByteArray& value)
    {
        bytes += static_cast<char>(tag);
        bytes += number(static_cast<quint16>(name.size())) + name;
        bytes += number(static_cast<quint16>(value.size())) + value;
        return *this;
    }

    IppBytes& add(int tag, const QByteArray& name, qint32 value)
    {
        return add(tag, name, number(static_cast<quint32>(value)));
    }
    IppBytes& add(const QByteArray& name, bool value) { return add(Boolean, name, QByteArray(1, value ? '\1' : '\0')); }

    IppBytes& member(const QByteArray& name, qint32 value) { return add(Member, {}, name).add(Integer, {}, value); }

    QByteArray done() const { return bytes + '\x03'; }

    QByteArray bytes;

private:
    template <typename T>
    static QByteArray number(T value)
    {
        QByteArray big(sizeof(T), '\0');
        qToBigEndian(value, big.data());
        return big;
    }
};

} // namespace platen::test
