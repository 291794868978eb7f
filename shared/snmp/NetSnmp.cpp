// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "NetSnmp.h"

#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>
#include <net-snmp/library/snmp_transport.h>

#include <QNetworkInterface>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <mutex>

#include <netinet/in.h>

namespace platen::snmp {

void startNetSnmp()
{
    static std::once_flag started;
    std::call_once(started, [] {
        qputenv("MIBS", "");
        for (const int setting : {NETSNMP_DS_LIB_DONT_READ_CONFIGS, NETSNMP_DS_LIB_DONT_PERSIST_STATE, NETSNMP_DS_LIB_DISABLE_CONFIG_LOAD})
            netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, setting, 1);
        snmp_disable_log();
        init_snmp("platen");
    });
}

namespace {

template <typename T>
T* allocated()
{
    T* const memory = static_cast<T*>(std::calloc(1, sizeof(T)));
    Q_CHECK_PTR(memory);
    return memory;
}

/// The destination of a message, in memory that Net-SNMP frees: its UDP transport wants an address pair, UDP/IPv6 a sockaddr_in6.
void setDestination(netsnmp_pdu& pdu, const Target& target)
{
    if (target.address.protocol() == QAbstractSocket::IPv4Protocol) {
        auto* const destination = allocated<netsnmp_indexed_addr_pair>();
        destination->remote_addr.sin.sin_family = AF_INET;
        destination->remote_addr.sin.sin_port = htons(target.port);
        destination->remote_addr.sin.sin_addr.s_addr = htonl(target.address.toIPv4Address());
        pdu.transport_data = destination;
        pdu.transport_data_length = sizeof *destination;
        return;
    }
    auto* const destination = allocated<sockaddr_in6>();
    const Q_IPV6ADDR bytes = target.address.toIPv6Address();
    destination->sin6_family = AF_INET6;
    destination->sin6_port = htons(target.port);
    std::memcpy(&destination->sin6_addr, &bytes, sizeof bytes);
    if (const QString scope = target.address.scopeId(); !scope.isEmpty())
        destination->sin6_scope_id = static_cast<quint32>(QNetworkInterface::interfaceIndexFromName(scope));
    pdu.transport_data = destination;
    pdu.transport_data_length = sizeof *destination;
}

int commandOf(Question::Kind kind)
{
    switch (kind) {
    case Question::Kind::Get: return SNMP_MSG_GET;
    case Question::Kind::GetNext: return SNMP_MSG_GETNEXT;
    case Question::Kind::GetBulk: return SNMP_MSG_GETBULK;
    }
    Q_UNREACHABLE();
}

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
        return Value{type, 0, QByteArray(reinterpret_cast<const char*>(variable.val.string), static_cast<qsizetype>(variable.val_len)), {}};
    };
    const auto natural = [&](Type type) { return Value{type, static_cast<quint32>(*variable.val.integer), {}, {}}; };
    switch (variable.type) {
    case ASN_INTEGER: return Value::integer(static_cast<qint32>(*variable.val.integer));
    case ASN_COUNTER: return natural(Type::Counter32);
    case ASN_GAUGE: return natural(Type::Gauge32);
    case ASN_TIMETICKS: return natural(Type::TimeTicks);
    case ASN_COUNTER64: return {Type::Counter64, toNumber(*variable.val.counter64), {}, {}};
    case ASN_OCTET_STR:
    case ASN_BIT_STR: return octets(Type::OctetString);
    case ASN_IPADDRESS: return octets(variable.val_len == 4 ? Type::IpAddress : Type::OctetString);
    case ASN_OBJECT_ID: return {Type::ObjectId, 0, {}, toOid(variable.val.objid, variable.val_len / sizeof(oid))};
    case SNMP_NOSUCHOBJECT: return {Type::NoSuchObject, 0, {}, {}};
    case SNMP_NOSUCHINSTANCE: return {Type::NoSuchInstance, 0, {}, {}};
    case SNMP_ENDOFMIBVIEW: return {Type::EndOfMibView, 0, {}, {}};
    case ASN_NULL: return {};
    default: return octets(Type::Opaque); // also the floats that Net-SNMP unwraps from an Opaque
    }
}

} // namespace

snmp_pdu* toPdu(const Question& question)
{
    netsnmp_pdu* const pdu = snmp_pdu_create(commandOf(question.kind));
    Q_CHECK_PTR(pdu);
    for (const Oid& object : question.oids) {
        std::array<oid, Oid::maxArcs> name{};
        std::ranges::copy(object.arcs(), name.begin());
        snmp_add_null_var(pdu, name.data(), static_cast<size_t>(object.size()));
    }
    const QByteArray& community = question.target.credentials.community.reveal();
    pdu->version = question.target.credentials.version == Version::V1 ? SNMP_VERSION_1 : SNMP_VERSION_2c;
    pdu->reqid = static_cast<long>(question.id);
    pdu->community = static_cast<u_char*>(std::malloc(static_cast<size_t>(community.size()) + 1));
    Q_CHECK_PTR(pdu->community);
    std::memcpy(pdu->community, community.constData(), static_cast<size_t>(community.size()) + 1);
    pdu->community_len = static_cast<size_t>(community.size());
    if (question.kind == Question::Kind::GetBulk) {
        pdu->non_repeaters = question.nonRepeaters;
        pdu->max_repetitions = question.maxRepetitions;
    }
    setDestination(*pdu, question.target);
    return pdu;
}

VarBinds varBindsOf(const snmp_pdu& answer)
{
    VarBinds varBinds;
    for (const netsnmp_variable_list* variable = answer.variables; variable; variable = variable->next_variable)
        varBinds.append({toOid(variable->name, variable->name_length), toValue(*variable)});
    return varBinds;
}

std::pair<QHostAddress, quint16> sourceOf(const snmp_pdu& answer)
{
    if (!answer.transport_data || answer.transport_data_length < static_cast<int>(sizeof(sockaddr_in)))
        return {};
    // Both of Net-SNMP's forms, the pair and the bare address, begin with the address of the other side.
    const auto* const address = static_cast<const sockaddr*>(answer.transport_data);
    const quint16 port = address->sa_family == AF_INET6 ? static_cast<const sockaddr_in6*>(answer.transport_data)->sin6_port
                                                        : static_cast<const sockaddr_in*>(answer.transport_data)->sin_port;
    return {QHostAddress(address), ntohs(port)};
}

} // namespace platen::snmp
