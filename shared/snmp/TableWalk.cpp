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
    return bytes + varBind.value.octets.size() + varBind.value.objectId.size() + (varBind.value.isNumber() ? 4 : 0);
}

} // namespace

TableWalk::TableWalk(QList<Oid> columns, int repetitions, WalkLimits limits) : m_repetitions(std::max(repetitions, 1)), m_limits(limits)
{
    for (const Oid& root : columns)
        m_columns.append({root, root});
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
    for (Column& column : m_columns)
        column.hasEnded = true;
}

std::optional<TableWalk::Step> TableWalk::next()
{
    QList<qsizetype> open;
    for (qsizetype i = 0; i < m_columns.size(); ++i) {
        if (!m_columns[i].hasEnded)
            open.append(i);
    }
    if (open.isEmpty() || isPastLimits())
        return std::nullopt;

    // As many rows as wished, then as many columns beside each other as still fit.
    const qint64 objectBytes = m_objects ? std::max<qint64>(m_bytes / m_objects, 8) : assumedObjectBytes;
    const qint64 fitting = std::max<qint64>(answerBytes / objectBytes, 1);
    const qint64 rows = std::min<qint64>(m_repetitions, fitting);
    const qsizetype width = std::clamp<qsizetype>(fitting / rows, 1, open.size());
    Step step;
    step.maxRepetitions = static_cast<int>(std::clamp<qint64>(fitting / width, 1, rows));
    for (const qsizetype i : open.first(width)) {
        step.columns.append(i);
        step.oids.append(m_columns[i].last);
    }
    return step;
}

void TableWalk::take(const Step& step, const VarBinds& answer)
{
    if (answer.isEmpty())
        return stop(u"the device sent an empty answer"_s);
    for (qsizetype i = 0; i < answer.size(); ++i) {
        m_bytes += wireBytes(answer[i]);
        ++m_objects;
        Column& column = m_columns[step.columns[i % step.columns.size()]];
        if (!column.hasEnded)
            takeOne(column, answer[i]);
    }
    // A device may cut a row short to fit its message (RFC 3416 §4.2.3): what it left out is asked again, and the walk ends all the
    // same because every answer brings the first column forward or ends it.
}

void TableWalk::takeOne(Column& column, const VarBind& varBind)
{
    const bool isBelow = varBind.oid.startsWith(column.root) && varBind.oid != column.root;
    if (varBind.value.type == Value::Type::EndOfMibView) {
        column.hasEnded = true;
    } else if (varBind.oid <= column.last) {
        column.hasEnded = true;
        if (m_trouble.isEmpty())
            m_trouble = u"the device went backwards, from %1 to %2"_s.arg(column.last.toString(), varBind.oid.toString());
    } else if (!isBelow) {
        column.hasEnded = true;
    } else if (m_found.size() < m_limits.varBinds) {
        m_found.insert(varBind.oid, varBind.value);
        column.last = varBind.oid;
    }
}

} // namespace platen::snmp
