// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHostAddress>

#include <algorithm>
#include <compare>
#include <limits>

namespace platen::snmp {

/// An address to count with. IPv4 is the block ::ffff:0:0/96 of IPv6 (RFC 4291 §2.5.5.2), so that one order holds for both.
struct IpNumber {
    quint64 high = 0;
    quint64 low = 0;

    static constexpr quint64 ipv4Block = 0xffff'0000'0000;

    static constexpr IpNumber fromIpv4(quint32 address) { return {0, ipv4Block | address}; }
    /// Null for a null address. A scope (fe80::1%eth0) is left out.
    static IpNumber from(const QHostAddress& address)
    {
        bool isIpv4 = false;
        const quint32 ipv4 = address.toIPv4Address(&isIpv4);
        if (isIpv4)
            return fromIpv4(ipv4);
        const Q_IPV6ADDR bytes = address.toIPv6Address();
        IpNumber number;
        for (int i = 0; i < 8; ++i) {
            number.high = (number.high << 8) | bytes[i];
            number.low = (number.low << 8) | bytes[i + 8];
        }
        return number;
    }

    constexpr bool isIpv4() const { return high == 0 && (low >> 32) == (ipv4Block >> 32); }
    constexpr quint32 ipv4() const { return static_cast<quint32>(low); }
    QHostAddress toAddress() const
    {
        if (isIpv4())
            return QHostAddress(ipv4());
        Q_IPV6ADDR bytes;
        for (int i = 0; i < 8; ++i) {
            bytes[i] = static_cast<quint8>(high >> (56 - 8 * i));
            bytes[i + 8] = static_cast<quint8>(low >> (56 - 8 * i));
        }
        return QHostAddress(bytes);
    }

    constexpr IpNumber operator+(quint64 count) const { return {high + (low + count < low ? 1 : 0), low + count}; }
    constexpr IpNumber next() const { return *this + 1; }
    constexpr IpNumber previous() const { return {high - (low == 0 ? 1 : 0), low - 1}; }
    /// How many addresses from here to `last`, both included; the largest number there is when they are more.
    constexpr quint64 countTo(IpNumber last) const
    {
        const quint64 difference = last.low - low;
        const quint64 borrowed = last.low < low ? 1 : 0;
        const bool isHuge = last.high - high != borrowed || difference == std::numeric_limits<quint64>::max();
        return isHuge ? std::numeric_limits<quint64>::max() : difference + 1;
    }

    constexpr bool operator==(const IpNumber&) const = default;
    constexpr auto operator<=>(const IpNumber&) const = default;
};

} // namespace platen::snmp
