// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <snmp/Value.h>

#include <QByteArrayView>

#include <optional>

namespace platen::fleetsim {

/// PDU tags of SNMP v1 and v2c (RFC 1157, RFC 3416).
enum class Pdu : quint8 { Get = 0xa0, GetNext = 0xa1, Response = 0xa2, Set = 0xa3, GetBulk = 0xa5 };

/// One request as it arrived. The views point into the datagram.
struct Request {
    int version = 1; ///< as on the wire: 0 is v1, 1 is v2c
    QByteArrayView community;
    Pdu pdu = Pdu::Get;
    QByteArrayView requestId; ///< the INTEGER's content, echoed as it is
    qint32 nonRepeaters = 0;
    qint32 maxRepetitions = 0;
    QList<snmp::Oid> oids;
    QByteArrayView varBinds; ///< the VarBindList with its tag, echoed by v1 errors
};

/// RFC 3416 error-status values that we answer with.
enum class ErrorStatus : quint8 { NoError = 0, TooBig = 1, NoSuchName = 2, NotWritable = 17 };

/// The request in a datagram; nothing when it is not a well-formed v1 or v2c request.
std::optional<Request> parseRequest(QByteArrayView datagram);

/// SEQUENCE { name, value } as it stands in a VarBindList.
QByteArray encodeVarBind(const snmp::Oid& oid, const snmp::Value& value);

/// The whole response message around `varBinds` (concatenated results of encodeVarBind).
QByteArray encodeResponse(const Request& request, ErrorStatus status, int errorIndex, QByteArrayView varBinds);

/// The response that says what is wrong with a request, whose variable bindings come back as they were.
QByteArray encodeError(const Request& request, ErrorStatus status, int errorIndex);

/// A Report (RFC 3412) to any v3 message, as one that never lets anybody in sends it: in turn "unknown engine id", each time with
/// another one, and "not in time window", each time with another time. Empty when the datagram is no v3 message.
QByteArray encodeReport(QByteArrayView datagram, quint32 number);

} // namespace platen::fleetsim
