// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "NetSnmp.h"

#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>
#include <memory>
#include <mutex>

namespace platen::snmp {

void quietNetSnmp()
{
    static std::once_flag done;
    // With no log handler at all the library writes to stderr, a line for each datagram that it does not like.
    std::call_once(done, [] { netsnmp_register_loghandler(NETSNMP_LOGHANDLER_NONE, LOG_DEBUG); });
}

namespace {

Oid toOid(const oid* arcs, size_t length)
{
    std::array<quint32, Oid::maxArcs> narrow{};
    const size_t size = std::min(length, narrow.size());
    std::transform(arcs, arcs + size, narrow.begin(), [](oid arc) { return static_cast<quint32>(arc); });
    return Oid(std::span<const quint32>(narrow.data(), size));
}

qint64 toNumber(const counter64& counter)
{
    const quint64 value = (static_cast<quint64>(counter.high) << 32) | (counter.low & 0xffffffffU);
    return static_cast<qint64>(std::min<quint64>(value, std::numeric_limits<qint64>::max()));
}

Value toValue(const netsnmp_variable_list& variable)
{
    using Type = Value::Type;
    const auto octets = [&](Type type) {
        return Value{type, 0,
            QByteArray(reinterpret_cast<const char*>(variable.val.string), static_cast<qsizetype>(variable.val_len)),
            {}};
    };
    const auto natural = [&](Type type) { return Value{type, static_cast<quint32>(*variable.val.integer), {}, {}}; };
    switch (variable.type) {
    case ASN_INTEGER:
        return Value::integer(static_cast<qint32>(*variable.val.integer));
    case ASN_COUNTER:
        return natural(Type::Counter32);
    case ASN_GAUGE:
        return natural(Type::Gauge32);
    case ASN_TIMETICKS:
        return natural(Type::TimeTicks);
    case ASN_COUNTER64:
        return {Type::Counter64, toNumber(*variable.val.counter64), {}, {}};
    case ASN_OCTET_STR:
    case ASN_BIT_STR:
        return octets(Type::OctetString);
    case ASN_IPADDRESS:
        return octets(variable.val_len == 4 ? Type::IpAddress : Type::OctetString);
    case ASN_OBJECT_ID:
        return {Type::ObjectId, 0, {}, toOid(variable.val.objid, variable.val_len / sizeof(oid))};
    case SNMP_NOSUCHOBJECT:
        return {Type::NoSuchObject, 0, {}, {}};
    case SNMP_NOSUCHINSTANCE:
        return {Type::NoSuchInstance, 0, {}, {}};
    case SNMP_ENDOFMIBVIEW:
        return {Type::EndOfMibView, 0, {}, {}};
    case ASN_NULL:
        return {};
    default:
        return octets(Type::Opaque); // also the floats that Net-SNMP unwraps from an Opaque
    }
}

netsnmp_pdu* allocatedPdu()
{
    auto* const pdu = static_cast<netsnmp_pdu*>(std::calloc(1, sizeof(netsnmp_pdu)));
    Q_CHECK_PTR(pdu);
    return pdu;
}

} // namespace

std::optional<Pdu> parsedPdu(QByteArrayView bytes)
{
    quietNetSnmp();
    QByteArray copy = bytes.toByteArray(); // the library's parameter is not const
    const std::unique_ptr<netsnmp_pdu, decltype(&snmp_free_pdu)> parsed(allocatedPdu(), &snmp_free_pdu);
    size_t length = static_cast<size_t>(copy.size());
    if (copy.isEmpty() || snmp_pdu_parse(parsed.get(), reinterpret_cast<u_char*>(copy.data()), &length) != 0)
        return std::nullopt;
    Pdu pdu;
    pdu.kind = parsed->command == SNMP_MSG_RESPONSE ? Pdu::Kind::Response
        : parsed->command == SNMP_MSG_REPORT        ? Pdu::Kind::Report
                                                    : Pdu::Kind::Other;
    pdu.id = parsed->reqid;
    pdu.errorStatus = static_cast<int>(parsed->errstat);
    pdu.errorIndex = static_cast<int>(parsed->errindex);
    for (const netsnmp_variable_list* variable = parsed->variables; variable; variable = variable->next_variable)
        pdu.varBinds.append({toOid(variable->name, variable->name_length), toValue(*variable)});
    return pdu;
}

} // namespace platen::snmp
