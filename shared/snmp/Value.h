// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Oid.h"

#include <QByteArray>
#include <QMap>
#include <QSharedData>

#include <optional>

namespace platen::snmp {

/// An object identifier that is a value. Few values are one, so it stands elsewhere: a Value without it stays small.
class OidValue {
public:
    OidValue() = default;
    OidValue(const Oid& oid) : m_held(oid.isEmpty() ? nullptr : new Held(oid)) {} // NOLINT(google-explicit-constructor)

    const Oid& oid() const; ///< empty when there is none
    operator const Oid&() const { return oid(); } // NOLINT(google-explicit-constructor)

    bool operator==(const OidValue& other) const { return oid() == other.oid(); }
    bool operator==(const Oid& other) const { return oid() == other; }

private:
    struct Held : QSharedData {
        explicit Held(const Oid& given) : oid(given) {}
        const Oid oid;
    };
    QExplicitlySharedDataPointer<const Held> m_held;
};

/// The value of one object as an agent answered it (RFC 2578 types; the last three are RFC 3416's exceptions).
struct Value {
    enum class Type { Null, Integer, OctetString, ObjectId, IpAddress, Counter32, Gauge32, TimeTicks, Opaque, Counter64,
                      NoSuchObject, NoSuchInstance, EndOfMibView };

    Type type = Type::Null;
    qint64 number = 0;  ///< of Integer, Counter32, Gauge32, TimeTicks; Counter64 saturates at 2^63 − 1
    QByteArray octets;  ///< of OctetString, IpAddress (4 bytes), Opaque; raw, any charset
    OidValue objectId;  ///< of ObjectId

    static Value integer(qint64 number) { return {Type::Integer, number, {}, {}}; }
    static Value text(QByteArray octets) { return {Type::OctetString, 0, std::move(octets), {}}; }

    /// False for Null and the three exceptions.
    bool exists() const { return type != Type::Null && type < Type::NoSuchObject; }
    bool isNumber() const
    {
        return type == Type::Integer || type == Type::Counter32 || type == Type::Gauge32 || type == Type::TimeTicks || type == Type::Counter64;
    }

    bool operator==(const Value&) const = default;
};

struct VarBind {
    Oid oid;
    Value value;

    bool operator==(const VarBind&) const = default;
};

using VarBinds = QList<VarBind>;

static_assert(sizeof(Value) <= 48); // there are hundreds of them to a printer

/// What a device answered, by object.
using Answers = QMap<Oid, Value>;

} // namespace platen::snmp
