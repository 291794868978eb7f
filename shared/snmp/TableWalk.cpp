// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "TableWalk.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace platen::snmp {

namespace {

constexpr qint64 answerBytes = 1300;     // leaves room for IP, UDP, the message's head and a long community
constexpr qint64 assumedObjectBytes = 32; // of a printer's tables, until measured

/// About what an object takes on the wire: tags and lengths, the OID with seven bits a byte, the value.
qint64 wireBytes(const VarBind& varBind)
{
    qint64 bytes = 6;
    for (const quint32 arc : varBind.oid.arcs())
        bytes += arc < (1U << 7) ? 1 : arc < (1U << 14) ? 2 : arc < (1U << 21) ? 3 : arc < (1U << 28) ? 4 : 5;
    return bytes + varBind.value.octets.size() + varBind.value.objectId.oid().size() + (varBind.value.isNumber() ? 4 : 0);
}

} // namespace

TableWalk::TableWalk(Oid root, WalkLimits limits)
    : m_root(std::move(root))
    , m_last(m_root)
    , m_limits(std::move(limits))
{
    m_time.start();
}

bool TableWalk::isPastLimits()
{
    const auto stopped = [&](bool isPast, const QString& limit) {
        if (isPast)
            stop(u"the walk was ended at the limit of %1"_s.arg(limit));
        return isPast;
    };
    return stopped(m_found.size() >= m_limits.varBinds, u"%1 objects"_s.arg(m_limits.varBinds))
        || stopped(m_bytes >= m_limits.bytes, u"%1 bytes"_s.arg(m_limits.bytes))
        || stopped(m_time.durationElapsed() >= m_limits.time, u"%1 seconds"_s.arg(m_limits.time.count()));
}

void TableWalk::stop(const QString& why)
{
    if (m_trouble.isEmpty())
        m_trouble = why;
    m_hasEnded = true;
}

std::optional<TableWalk::Step> TableWalk::next()
{
    if (m_hasEnded || isPastLimits())
        return std::nullopt;
    const qint64 objectBytes = m_objects ? std::max<qint64>(m_bytes / m_objects, 8) : assumedObjectBytes;
    return Step{m_last, static_cast<int>(std::clamp<qint64>(answerBytes / objectBytes, 1, std::max(m_limits.maxRepetitions, 1)))};
}

void TableWalk::take(const VarBinds& answer)
{
    if (answer.isEmpty())
        return stop(u"the device sent an empty answer"_s);
    for (const VarBind& varBind : answer) {
        m_bytes += wireBytes(varBind);
        ++m_objects;
        if (!m_hasEnded)
            takeOne(varBind);
    }
}

void TableWalk::takeOne(const VarBind& varBind)
{
    const bool isBelow = varBind.oid.startsWith(m_root) && varBind.oid != m_root;
    if (varBind.value.type == Value::Type::EndOfMibView) {
        m_hasEnded = true;
    } else if (varBind.oid <= m_last) {
        stop(u"the device went backwards, from %1 to %2"_s.arg(m_last.toString(), varBind.oid.toString()));
    } else if (!isBelow) {
        m_hasEnded = true;
    } else if (m_found.size() < m_limits.varBinds) {
        m_found.insert(varBind.oid, varBind.value);
        m_last = varBind.oid;
    }
}

} // namespace platen::snmp
