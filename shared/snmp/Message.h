// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Engine.h"

#include <optional>

namespace platen::snmp {

/// One try of one request, as it goes onto the wire.
struct Question {
    enum class Kind { Get, GetNext, GetBulk };

    Kind kind = Kind::Get;
    Target target;
    QList<Oid> oids;
    int nonRepeaters = 0; ///< of GetBulk
    int maxRepetitions = 0; ///< of GetBulk
    quint32 id = 0; ///< 0: a new one; a second try of the same question keeps the first's, so that a late answer counts
};

/// The inside of an answer (RFC 3416 §3).
struct Pdu {
    enum class Kind { Response, Report, Other };

    static constexpr int authorizationError = 16; ///< an errorStatus: we may not ask (RFC 3416 §3)

    Kind kind = Kind::Other;
    qint64 id = 0; ///< request-id
    int errorStatus = 0;
    int errorIndex = 0;
    VarBinds varBinds;
};

/// What stands around the inside of an SNMPv3 message (RFC 3412 §6, RFC 3414 §2.4).
struct UsmHeader {
    quint32 id = 0; ///< msgID
    bool isAuthenticated = false;
    bool isEncrypted = false;
    bool isReportable = false;
    QByteArray engineId; ///< msgAuthoritativeEngineID
    quint32 boots = 0;
    quint32 time = 0; ///< of the engine, in seconds
    QByteArray user;
    QByteArray digest; ///< msgAuthenticationParameters
    QByteArray salt; ///< msgPrivacyParameters
};

/// A message as it came, taken apart as far as that needs no keys.
struct Incoming {
    Version version = Version::V2c;
    Pdu pdu; ///< of v1 and v2c
    UsmHeader header; ///< of v3
    qsizetype digestAt = 0; ///< of v3: where in the message header.digest begins
    QByteArrayView scoped; ///< of v3: the scoped PDU, or its ciphertext when isEncrypted; points into the message
};

/// The inside of a request.
QByteArray encodedPdu(const Question& question, quint32 id);

/// A whole request of v1 or v2c. The target's community must be at most 255 bytes long.
QByteArray encoded(const Question& question, quint32 id);

/// The request that every SNMPv3 engine answers with a Report that tells its engine id, boots and time (RFC 3414 §4).
QByteArray encodedDiscovery(quint32 id);

/// A datagram taken apart: exactly what is done with bytes from the network before anything is known of them. Nothing for what
/// is no SNMP message, or one that is no answer. `datagram` must outlive the outcome.
std::optional<Incoming> parsed(QByteArrayView datagram);

/// The PDU in a scoped PDU of v3 (RFC 3412 §6.8), which may be followed by padding.
std::optional<Pdu> parsedScopedPdu(QByteArrayView scoped);

} // namespace platen::snmp
