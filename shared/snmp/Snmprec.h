// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Value.h"

namespace platen::snmp {

/// The objects of a recording in snmpsim's .snmprec form: one `OID|type|value` a line, where type is the BER tag as a decimal
/// number (2 INTEGER, 4 OCTET STRING, 5 NULL, 6 OBJECT IDENTIFIER, 64 IpAddress, 65 Counter32, 66 Gauge32, 67 TimeTicks,
/// 68 Opaque, 70 Counter64) and 4x, 64x and 68x give the octets as hexadecimal digits. Blank lines and lines that start with # are
/// skipped, lines may come in any order, the last of two for one object counts; octets are kept as they are, spaces, CR and |
/// included (one CR a line is taken off when the first line has one). Malformed when a line is none of these, naming its
/// number; LimitExceeded when there are more than `limit` objects.
Result<Answers> parseSnmprec(QByteArrayView bytes, qsizetype limit = 200'000);

/// One line of a recording, with its line end. Octets that are not plain ASCII text come as hexadecimal digits. Empty for the
/// exceptions (NoSuchObject, NoSuchInstance, EndOfMibView), which a recording does not hold.
QByteArray snmprecLine(const VarBind& varBind);

} // namespace platen::snmp
