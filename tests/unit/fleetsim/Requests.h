// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <fleetsim/Ber.h>

/// Requests as a manager sends them.
namespace platen::test {

inline QByteArray tlv(char tag, const QByteArray& content) { return QByteArray(1, tag) + char(content.size()) + content; }

/// A request for `oids` as a manager sends it; the OIDs' bytes come from encodeVarBind with a null.
inline QByteArray request(char version, fleetsim::Pdu pdu, const QList<snmp::Oid>& oids, char second = 0, char third = 0)
{
    QByteArray list;
    for (const snmp::Oid& oid : oids)
        list += fleetsim::encodeVarBind(oid, {});
    const QByteArray body = tlv(2, "\x2a") + tlv(2, QByteArray(1, second)) + tlv(2, QByteArray(1, third)) + tlv(0x30, list);
    return tlv(0x30, tlv(2, QByteArray(1, version)) + tlv(4, "public") + tlv(char(pdu), body));
}

} // namespace platen::test
