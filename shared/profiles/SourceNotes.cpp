// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "SourceNotes.h"

#include <QUtf8StringView>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace platen::profiles {

namespace {

constexpr qsizetype maxRaw = 256; // characters

QString printable(const snmp::Value& value)
{
    if (value.isNumber())
        return QString::number(value.number);
    if (value.type == snmp::Value::Type::ObjectId)
        return value.objectId.oid().toString();
    const QByteArray& octets = value.octets;
    if (QUtf8StringView(octets.constData(), octets.size()).isValidUtf8()) {
        const QString text = QString::fromUtf8(octets);
        if (std::ranges::all_of(text, [](QChar c) { return c.isPrint(); }))
            return text.left(maxRaw);
    }
    return u"0x"_s + QString::fromLatin1(octets.first(std::min(octets.size(), maxRaw / 2 - 1)).toHex());
}

} // namespace

void SourceNotes::note(QLatin1StringView group, QStringView name, const snmp::Oid& object)
{
    if (!m_wanted)
        return;
    if (const auto it = m_answers.find(object); it != m_answers.end() && it.value().exists())
        m_sources.insert(QString(group).append(name), {u"snmp"_s, object.toString(), printable(it.value())});
}

} // namespace platen::profiles
