// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Sweep.h"

#include <QVarLengthArray>

#include <span>

namespace platen::snmp {

/// A request that goes to many addresses with only its request id changed: encoded once, then four bytes are written per
/// address. Of v1 and v2c a GET or GETNEXT, of v3 a discovery of the engine (RFC 3414 §4), whose id stands in two places.
class Probe {
public:
    /// The ids a probe can have: all of the same encoded length.
    static constexpr quint32 smallestId = 0x0080'0000;
    static constexpr quint32 largestId = 0x7fff'ffff;

    Probe(const Credentials& credentials, const QList<Oid>& oids, bool isNext = false);

    size_t size() const { return static_cast<size_t>(m_bytes.size()); }
    /// The request with this id, of at least size() bytes; returns what was written.
    std::span<char> write(std::span<char> to, quint32 id) const;

private:
    QByteArray m_bytes;
    QVarLengthArray<qsizetype, 2> m_idAt;
};

/// What a datagram says that may be an answer to a probe.
struct ProbeAnswer {
    Version version = Version::V2c;
    quint32 id = 0;
    bool isRefusal = false; ///< authorizationError (RFC 3416 §3)
    VarBinds varBinds; ///< of v1 and v2c without error
    std::optional<EngineIdentity> engine; ///< of v3
};

/// Nothing for what is no answer of SNMP or, of v3, does not tell of an engine.
std::optional<ProbeAnswer> parsedAnswer(QByteArrayView datagram);

} // namespace platen::snmp
