// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Columns.h"

#include <algorithm>
#include <functional>
#include <iterator>

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
        if (!it.value().exists() || it.key().size() <= column.size())
            continue;
        if (rows.isEmpty())
            rows.reserve(std::min(limit, 8)); // as many as most tables have
        rows += it.key().after(column);
    }
    return rows;
}

QList<snmp::Oid> Columns::rowsOf(const QList<snmp::Oid>& table, quint32 device, int limit) const
{
    QList<snmp::Oid> all;
    for (const snmp::Oid& column : table) {
        const QList<snmp::Oid> rows = rowsOf(column, limit);
        if (all.isEmpty()) {
            all = rows;
        } else if (rows != all) { // rarely: mostly every column has them all
            QList<snmp::Oid> merged;
            std::ranges::set_union(all, rows, std::back_inserter(merged));
            all = merged;
        }
    }
    const auto isOwn = [&](const snmp::Oid& index) { return index[0] == device; };
    if (std::ranges::any_of(all, isOwn))
        all.removeIf(std::not_fn(isOwn));
    return all.size() > limit ? all.first(limit) : all;
}

const snmp::Value& Columns::at(const snmp::Oid& object) const
{
    static const snmp::Value none;
    const auto found = m_answers.constFind(object);
    return found == m_answers.cend() ? none : *found;
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
    const snmp::Value& value = at(column, index);
    return value.exists() ? decodeNumber(value) : std::nullopt;
}

} // namespace platen::profiles
