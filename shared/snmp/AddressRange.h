// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "IpNumber.h"

#include <base/Result.h>

#include <QCoro/QCoroTask>
#include <QList>
#include <QString>
#include <QStringList>

namespace platen::snmp {

/// Where to look for devices, as a person writes it: "10.0.0.5", "10.0.0.0/24", "10.0.0.10-10.0.0.20", "10.0.0.10-20",
/// "fd00::5", "fd00::10-fd00::20", "fd00::/120" or a host name.
struct AddressRange {
    static constexpr qint64 largest = 65'536; ///< addresses in one sweep

    QString text; ///< as it was written, for messages
    QString hostName; ///< when it is a name: its addresses are not known yet
    IpNumber
        first; ///< otherwise both ends, included; of an IPv4 network of /0 to /30 without its own and the broadcast address
    IpNumber last;
    QString scope; ///< the interface of a link-local IPv6 address ("fe80::1%eth0"), else empty

    /// Fails with InvalidInput for anything else, reversed ranges and more than `largest` addresses.
    static Result<AddressRange> parse(QStringView text);
    /// The same of what is to be left out, which may be of any size and has no addresses that do not count.
    static Result<AddressRange> parseExclusion(QStringView text);

    /// False of a host name that has not been resolved.
    bool contains(const QHostAddress& address) const;

    bool operator==(const AddressRange&) const = default;
};

/// What the addresses of a name are looked up for.
enum class Use {
    Asking, ///< the first IPv4 address, or the first at all
    LeavingOut, ///< all of them
};

/// What the host name of `named` stands for, as its look-up gave `addresses`. NotFound when there are none. For asking, fails
/// with InvalidInput for an address that no printer has: none, multicast, this computer's own (127.0.0.1 must be written as
/// such), or 169.254.169.254, where clouds keep secrets; whoever answers for a name does not choose whom we ask.
Result<QList<AddressRange>> withAddresses(const AddressRange& named, const QList<QHostAddress>& addresses, Use use);

/// `ranges` with the addresses of host names looked up. Fails as withAddresses() does, or with Timeout when the look-up takes
/// longer than ten seconds.
QCoro::Task<Result<QList<AddressRange>>> resolved(QList<AddressRange> ranges, Use use = Use::Asking);

/// What to sweep when nobody says.
struct LocalRanges {
    QList<AddressRange> ranges;
    QStringList left; ///< what was left out of them and why, one English sentence each
};

/// The IPv4 networks this machine is in, as far as they are of private use (RFC 1918); of one larger than a /20 only the /20
/// around the own address. Without loopback and link-local ones.
LocalRanges localRanges();

} // namespace platen::snmp
