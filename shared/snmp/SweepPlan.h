// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "AddressRange.h"

namespace platen::snmp {

/// A range and how the devices in it are asked.
struct SearchRange {
    AddressRange range; ///< a host name must have been resolved
    quint16 port = 161;
    QList<int> credentials =
        {}; ///< which of the site's credentials, by index, in the order they are tried; empty: all, in their order
    QList<AddressRange> exclusions = {}; ///< of this range, beside everybody's
};

/// Addresses that follow each other and are asked in the same way. A /16 is one of these, not 65,534 objects.
struct SweepSpan {
    IpNumber first;
    IpNumber last; ///< included
    quint16 port = 161;
    QList<int> credentials; ///< as in SearchRange, never empty
    QString scope; ///< the interface of a link-local IPv6 address (RFC 4007), else empty

    quint64 count() const { return first.countTo(last); }
    QHostAddress address(IpNumber number) const
    {
        QHostAddress address = number.toAddress();
        address.setScopeId(scope);
        return address;
    }
    bool operator==(const SweepSpan&) const = default;
};

/// What is to be asked: every address of `ranges` once, by the first range that has it, without those of `exclusions`. In
/// order of addresses. `credentialCount` is how many there are to choose from. Fails with InvalidInput when nothing or more
/// than AddressRange::largest addresses are left.
Result<QList<SweepSpan>> planned(
    const QList<SearchRange>& ranges, const QList<AddressRange>& exclusions, int credentialCount);

/// How many addresses `spans` hold.
qint64 addressCount(const QList<SweepSpan>& spans);

} // namespace platen::snmp
