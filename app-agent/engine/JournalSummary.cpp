// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "JournalSummary.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace platen::agent {

QStringList fieldsOf(const QCborMap& keyed)
{
    QStringList fields;
    for (const auto& [key, value] : keyed) {
        const QString name = key.toString();
        if (!value.isMap()) {
            fields.append(name);
            continue;
        }
        for (const auto& [inner, ignored] : value.toMap())
            fields.append(name + u'.' + inner.toString());
    }
    return fields;
}

QJsonObject summaryOf(const protocol::Data& data, const KnownDevices& devices, const JournalRules& rules)
{
    if (!rules.transparency)
        return {{u"readings"_s, data.readings.size()}, {u"seen"_s, data.seen.size()}};
    QJsonArray readings;
    for (const protocol::ReadingPart& part : data.readings) {
        QJsonObject line{{u"device"_s, qint64(part.localDeviceId)}, {u"full"_s, part.isFull()},
            {u"fields"_s, QJsonArray::fromStringList(fieldsOf(part.reading))}};
        if (const KnownDevice* device = devices.find(quint32(part.localDeviceId)))
            line.insert(u"address"_s, device->place.address.toString());
        readings.append(line);
    }
    QJsonArray seen;
    for (const quint64 id : data.seen)
        seen.append(qint64(id));
    QJsonObject summary{{u"readings"_s, readings}, {u"seen"_s, seen}};
    if (!rules.masks.isEmpty())
        summary.insert(u"masked"_s, QJsonArray::fromStringList(rules.masks));
    return summary;
}

} // namespace platen::agent
