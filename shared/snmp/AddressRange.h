// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>

#include <QCoro/QCoroTask>
#include <QHostAddress>
#include <QList>
#include <QString>

namespace platen::snmp {

/// Where to look for devices, as a person writes it: "10.0.0.5", "10.0.0.0/24", "10.0.0.10-10.0.0.20", "10.0.0.10-20",
/// "fd00::5" or a host name.
struct AddressRange {
    static constexpr qint64 largest = 65'536; ///< addresses in one sweep

    QString text;         ///< as it was written, for messages
    QString hostName;     ///< when it is a name: its addresses are not known yet
    QHostAddress ipv6;    ///< when it is a single IPv6 address
    quint32 first = 0;    ///< otherwise: IPv4, both ends included; of /0 to /30 without the network's and broadcast address
    quint32 last = 0;

    /// Fails with InvalidInput for anything else, reversed ranges and more than `largest` addresses.
    static Result<AddressRange> parse(QStringView text);
    /// The same of what is to be left out, which may be of any size and has no addresses that do not count.
    static Result<AddressRange> parseExclusion(QStringView text);

    bool operator==(const AddressRange&) const = default;
};

/// `ranges` with the addresses of host names looked up (the first IPv4 address, or the first at all). NotFound for a name
/// that nobody knows, Timeout when the look-up takes longer than ten seconds.
QCoro::Task<Result<QList<AddressRange>>> resolved(QList<AddressRange> ranges);

/// Every address of `ranges` once, in order, without those of `exclusions`. Names must have been resolved. Fails with
/// InvalidInput when nothing or more than AddressRange::largest is left.
Result<QList<QHostAddress>> expanded(const QList<AddressRange>& ranges, const QList<AddressRange>& exclusions = {});

/// The IPv4 networks this machine is in, as ranges: what to sweep when nobody says. Without loopback and link-local ones; of a
/// large network only the /22 around the own address.
QList<AddressRange> localRanges();

} // namespace platen::snmp
