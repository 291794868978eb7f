// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Table.h"

#include <algorithm>

using platen::snmp::Oid;
using platen::snmp::Value;

namespace platen::fleetsim {

namespace {

constexpr qsizetype ethernetPayload = 1472;  // what fits in one frame: how small printers limit a GETBULK
constexpr qsizetype datagramPayload = 65'000;
constexpr qsizetype messageHead = 64;

} // namespace

Table::Table(const snmp::Answers& objects)
{
    m_entries.reserve(size_t(objects.size()));
    for (const auto& [oid, value] : objects.asKeyValueRange())
        m_entries.push_back({oid, encodeVarBind(oid, value), value.type == Value::Type::Counter64});
}

QByteArray Table::answer(const Request& request) const
{
    switch (request.pdu) {
    case Pdu::Get: return get(request);
    case Pdu::GetNext: return getNext(request);
    case Pdu::GetBulk: return getBulk(request);
    case Pdu::Set: return encodeError(request, request.version == 0 ? ErrorStatus::NoSuchName : ErrorStatus::NotWritable, 1);
    case Pdu::Response: break;
    }
    return {};
}

Table::Position Table::after(const Oid& oid, int version) const
{
    auto position = std::ranges::upper_bound(m_entries, oid, {}, &Entry::oid);
    while (version == 0 && position != m_entries.end() && position->isCounter64)
        ++position;
    return position;
}

QByteArray Table::get(const Request& request) const
{
    QByteArray varBinds;
    int index = 0;
    for (const Oid& oid : request.oids) {
        ++index;
        const auto position = std::ranges::lower_bound(m_entries, oid, {}, &Entry::oid);
        const bool isThere = position != m_entries.end() && position->oid == oid;
        if (isThere && !(request.version == 0 && position->isCounter64)) {
            varBinds += position->varBind;
            continue;
        }
        if (request.version == 0)
            return encodeError(request, ErrorStatus::NoSuchName, index);
        // The object exists when another instance of it does; a recording does not tell the MIB, so the last arc is the instance.
        const Oid object = oid.isEmpty() ? oid : Oid(oid.arcs().first(size_t(oid.size() - 1)));
        const auto sibling = std::ranges::lower_bound(m_entries, object, {}, &Entry::oid);
        const bool isObject = sibling != m_entries.end() && sibling->oid.startsWith(object);
        varBinds += encodeVarBind(oid, {isObject ? Value::Type::NoSuchInstance : Value::Type::NoSuchObject, 0, {}, {}});
    }
    if (varBinds.size() > datagramPayload)
        return encodeError(request, ErrorStatus::TooBig, 0);
    return encodeResponse(request, ErrorStatus::NoError, 0, varBinds);
}

QByteArray Table::getNext(const Request& request) const
{
    QByteArray varBinds;
    int index = 0;
    for (const Oid& oid : request.oids) {
        ++index;
        const auto position = after(oid, request.version);
        if (position != m_entries.end())
            varBinds += position->varBind;
        else if (request.version == 0)
            return encodeError(request, ErrorStatus::NoSuchName, index);
        else
            varBinds += encodeVarBind(oid, {Value::Type::EndOfMibView, 0, {}, {}});
    }
    return encodeResponse(request, ErrorStatus::NoError, 0, varBinds);
}

QByteArray Table::getBulk(const Request& request) const
{
    QByteArray varBinds;
    const qsizetype single = std::clamp<qsizetype>(request.nonRepeaters, 0, request.oids.size());
    const auto end = m_entries.end();
    const auto append = [&](const Oid& oid, Position position) {
        const QByteArray next = position != end ? position->varBind : encodeVarBind(oid, {Value::Type::EndOfMibView, 0, {}, {}});
        if (!varBinds.isEmpty() && messageHead + varBinds.size() + next.size() > ethernetPayload)
            return false;
        varBinds += next;
        return true;
    };
    for (const Oid& oid : request.oids.first(single))
        if (!append(oid, after(oid, request.version)))
            return encodeResponse(request, ErrorStatus::NoError, 0, varBinds);

    QList<std::pair<Oid, Position>> columns; // the last name given, and what comes next
    for (const Oid& oid : request.oids.sliced(single))
        columns.append({oid, after(oid, request.version)});
    for (int row = 0; row < request.maxRepetitions && !columns.isEmpty(); ++row) {
        bool allEnded = true;
        for (auto& [oid, position] : columns) {
            if (!append(oid, position))
                return encodeResponse(request, ErrorStatus::NoError, 0, varBinds);
            if (position == end)
                continue;
            allEnded = false;
            oid = position->oid;
            ++position;
        }
        if (allEnded)
            break;
    }
    return encodeResponse(request, ErrorStatus::NoError, 0, varBinds);
}

} // namespace platen::fleetsim
