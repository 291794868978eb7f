// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QHostAddress>
#include <QtEndian>

namespace platen::test {

/// Writes multicast DNS answers byte by byte (RFC 1035 §4), right or wrong, as a printer would.
class DnsBytes {
public:
    explicit DnsBytes(quint16 flags = 0x8400)
        : m_flags(flags)
    {
    }

    static QByteArray name(const QByteArray& dotted)
    {
        QByteArray wire;
        for (const QByteArray& label : dotted.split('.'))
            wire += static_cast<char>(label.size()) + label;
        return wire + '\0';
    }

    DnsBytes& add(const QByteArray& owner, quint16 type, const QByteArray& data)
    {
        m_records += owner + number(type) + number<quint16>(0x8001) + number<quint32>(120)
            + number(static_cast<quint16>(data.size())) + data;
        ++m_count;
        return *this;
    }

    DnsBytes& ptr(const QByteArray& kind, const QByteArray& instance) { return add(name(kind), 12, name(instance)); }
    DnsBytes& srv(const QByteArray& instance, quint16 port, const QByteArray& host)
    {
        return add(name(instance), 33, number<quint32>(0) + number(port) + name(host));
    }
    DnsBytes& a(const QByteArray& host, const QString& address)
    {
        return add(name(host), 1, number(QHostAddress(address).toIPv4Address()));
    }
    DnsBytes& aaaa(const QByteArray& host, const QString& address)
    {
        const Q_IPV6ADDR bytes = QHostAddress(address).toIPv6Address();
        return add(name(host), 28, QByteArray(reinterpret_cast<const char*>(bytes.c), 16));
    }
    DnsBytes& txt(const QByteArray& instance, const QList<QByteArray>& strings)
    {
        QByteArray data;
        for (const QByteArray& text : strings)
            data += static_cast<char>(text.size()) + text;
        return add(name(instance), 16, data);
    }

    QByteArray done() const
    {
        return number<quint16>(0) + number(m_flags) + number<quint16>(0) + number(m_count) + number<quint32>(0)
            + m_records;
    }

private:
    template <typename T>
    static QByteArray number(T value)
    {
        QByteArray big(sizeof(T), '\0');
        qToBigEndian(value, big.data());
        return big;
    }

    quint16 m_flags;
    quint16 m_count = 0;
    QByteArray m_records;
};

} // namespace platen::test
