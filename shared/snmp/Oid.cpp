// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Oid.h"

#include <QHashFunctions>

#include <algorithm>
#include <cstring>

using namespace Qt::StringLiterals;

namespace platen::snmp {

Result<Oid> Oid::parse(QStringView text)
{
    const QStringView body = text.startsWith(u'.') ? text.sliced(1) : text;
    Oid oid;
    for (const QStringView part : body.split(u'.')) {
        bool isNumber = false;
        const quint32 arc = part.toUInt(&isNumber);
        const bool digitsOnly = std::ranges::all_of(part, [](QChar c) { return c >= u'0' && c <= u'9'; });
        if (!isNumber || !digitsOnly || oid.size() == maxArcs)
            return fail(ErrorCode::InvalidInput, u"\"%1\" is not an object identifier: write numbers with dots between, as in 1.3.6.1.2.1.43"_s.arg(text));
        oid.m_arcs.append(arc);
    }
    return oid;
}

QString Oid::toString() const
{
    QString text;
    for (const quint32 arc : m_arcs) {
        if (!text.isEmpty())
            text += u'.';
        text += QString::number(arc);
    }
    return text;
}

bool Oid::startsWith(const Oid& root) const
{
    return size() >= root.size() && std::memcmp(m_arcs.constData(), root.m_arcs.constData(), sizeof(quint32) * static_cast<size_t>(root.size())) == 0;
}

Oid Oid::after(const Oid& root) const
{
    Q_ASSERT(startsWith(root));
    return Oid(arcs().subspan(static_cast<size_t>(root.size())));
}

Oid Oid::operator+(quint32 arc) const
{
    Oid longer = *this;
    longer.m_arcs.append(arc);
    return longer;
}

Oid Oid::operator+(const Oid& tail) const
{
    Oid longer = *this;
    longer.m_arcs.append(tail.m_arcs.constData(), tail.size());
    return longer;
}

size_t qHash(const Oid& oid, size_t seed)
{
    return qHashRange(oid.arcs().begin(), oid.arcs().end(), seed);
}

} // namespace platen::snmp
