// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "WishList.h"

#include <algorithm>

namespace platen::profiles {

using snmp::Chain;
using snmp::Oid;

WishList::WishList(const snmp::Heard& heard, quint32 device)
    : m_heard(heard)
    , m_columns(heard.answers())
    , m_device(device)
{
}

bool WishList::object(const Oid& object, int bytes)
{
    if (m_heard.knows(object))
        return true;
    wish({m_heard.startTowards(object), 1, bytes, {object}});
    return false;
}

bool WishList::own(const Oid& column, int bytes)
{
    if (m_columns.at(column, Oid{m_device}).exists())
        return true;
    if (const QList<Oid> stale = m_heard.staleBelow(column); !stale.isEmpty())
        return object(stale.first(), bytes);
    if (const auto gap = m_heard.gapBelow(column); gap && *gap < column + m_device) {
        wish({*gap, 1, bytes, {}});
        return false;
    }
    return true;
}

bool WishList::referred(const ObjectRef& reference, int bytes)
{
    return reference.perDevice ? own(reference.oid, bytes) : object(reference.oid, bytes);
}

bool WishList::column(const Oid& root, int rows, int bytes, const QList<Oid>& expected)
{
    cells(m_heard.staleBelow(root), bytes);
    const auto gap = m_heard.gapBelow(root);
    if (!gap)
        return true;
    Chain chain{*gap, std::max(rows, static_cast<int>(m_columns.rowsOf(root).size())), bytes, {}};
    for (const Oid& row : expected) {
        if (*gap < root + row)
            chain.expected += root + row;
    }
    if (!chain.expected.isEmpty() || m_heard.isOld())
        chain.length = static_cast<int>(chain.expected.size()) + 1;
    wish(chain);
    return false;
}

bool WishList::cells(const QList<Oid>& objects, int bytes)
{
    bool known = true;
    for (qsizetype i = 0; i < objects.size(); ++i) {
        const qsizetype first = i;
        while (i < objects.size() && !m_heard.knows(objects[i]))
            ++i;
        const QList<Oid> run = objects.sliced(first, i - first);
        if (run.isEmpty())
            continue;
        known = false;
        wish({m_heard.startTowards(run.first()), static_cast<int>(run.size()), bytes, run});
    }
    return known;
}

bool WishList::cells(const Oid& column, const QList<Oid>& rows, int bytes)
{
    QList<Oid> objects;
    objects.reserve(rows.size());
    for (const Oid& row : rows)
        objects += column + row;
    return cells(objects, bytes);
}

bool WishList::table(const QList<Oid>& columns, const QList<Oid>& rows, int bytes)
{
    QList<Oid> objects;
    objects.reserve(columns.size() * rows.size());
    for (const Oid& column : columns) {
        for (const Oid& row : rows)
            objects += column + row;
    }
    return cells(objects, bytes);
}

void WishList::wish(const Chain& chain)
{
    if (m_wished.contains(chain.after))
        return;
    m_wished.insert(chain.after);
    m_cells.unite(QSet<Oid>(chain.expected.begin(), chain.expected.end()));
    m_chains += chain;
}

bool WishList::firstOf(const QList<ValueSource>& sources, const std::function<bool(const ValueSource&)>& counts)
{
    for (qsizetype i = 0; i < sources.size(); ++i) {
        const bool known = referred(sources[i].object, sources[i].decoding.kind == Decoding::Kind::Number ? wishSize::number : wishSize::text);
        if (known && counts(sources[i]))
            return true;
        if (!known && i == 0)
            return false;
    }
    return false;
}

} // namespace platen::profiles
