// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Profile.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace platen::profiles {

QString ValueSource::text(const snmp::Value& value, int charset) const
{
    const QString text = decoding.text(value, charset);
    return format.isEmpty() || text.isEmpty() ? text : QString(format).replace("%1"_L1, text);
}

QString labelText(const snmp::Value& value)
{
    return value.isNumber() ? QString::number(value.number) : Decoding().text(value).toLower();
}

QString MeterTable::nameOf(const snmp::Value& labelOfRow) const { return names.value(labelText(labelOfRow)); }

bool MeterTable::isWanted(const snmp::Value& filterOfRow) const
{
    return filter.isEmpty() || wanted.contains(labelText(filterOfRow));
}

bool Interest::covers(const snmp::Oid& object) const
{
    const auto behind = std::ranges::upper_bound(roots, object);
    return behind != roots.begin() && object.startsWith(*std::prev(behind));
}

snmp::Oid SupplyRef::objectOf(const snmp::Oid& supply) const
{
    snmp::Oid object = column;
    for (const QStringView part : QStringView(index).split(u'.'))
        object = object + (part == u"D" ? supply[0] : part == u"N" ? supply.last() : part.toUInt());
    return object;
}

} // namespace platen::profiles
