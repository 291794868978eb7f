// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Columns.h"

namespace platen::profiles {

QMap<snmp::Oid, snmp::Value> Columns::of(const snmp::Oid& column, int limit) const
{
    QMap<snmp::Oid, snmp::Value> rows;
    for (auto it = m_answers.lowerBound(column);
        it != m_answers.end() && it.key().startsWith(column) && rows.size() < limit; ++it) {
        if (it.value().exists() && it.key().size() > column.size())
            rows.insert(rows.cend(), it.key().after(column), it.value());
    }
    return rows;
}

QList<snmp::Oid> Columns::rowsOf(const snmp::Oid& column, int limit) const
{
    QList<snmp::Oid> rows;
    for (auto it = m_answers.lowerBound(column);
        it != m_answers.end() && it.key().startsWith(column) && rows.size() < limit; ++it) {
        if (it.value().exists() && it.key().size() > column.size())
            rows += it.key().after(column);
    }
    return rows;
}

bool Columns::hasBelow(const snmp::Oid& root) const
{
    for (auto it = m_answers.lowerBound(root); it != m_answers.end() && it.key().startsWith(root); ++it) {
        if (it.value().exists())
            return true;
    }
    return false;
}

snmp::Oid Columns::oidOf(const ObjectRef& object, quint32 device) const
{
    if (!object.perDevice)
        return object.oid;
    const snmp::Oid own = object.oid + device;
    if (at(own).exists())
        return own;
    const QList<snmp::Oid> rows = rowsOf(object.oid, 1);
    return rows.isEmpty() ? own : object.oid + rows.first();
}

std::optional<qint64> Columns::number(const snmp::Oid& column, const snmp::Oid& index) const
{
    const snmp::Value value = at(column, index);
    return value.exists() ? decodeNumber(value) : std::nullopt;
}

} // namespace platen::profiles
