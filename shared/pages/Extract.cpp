// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Extract.h"

#include "Document.h"

#include <profiles/Keywords.h>

using namespace Qt::StringLiterals;

namespace platen::pages {

namespace {

std::optional<qint64> countIn(const QString& text)
{
    static const QRegularExpression digits(u"^(?:[0-9]{1,15}|[0-9]{1,3}(?:[.,'\u00a0\u202f ][0-9]{3}){1,4})$"_s);
    if (!digits.match(text).hasMatch())
        return std::nullopt;
    QString number = text;
    return number.removeIf([](QChar c) { return !c.isDigit(); }).toLongLong();
}

model::SupplyLevel levelIn(const QString& text)
{
    static const QRegularExpression percent(u"^([0-9]{1,3}(?:\\.[0-9]{1,3})?)\\s*%?$"_s);
    const double value = percent.match(text).captured(1).toDouble();
    return percent.match(text).hasMatch() && value <= 100
        ? model::SupplyLevel{model::SupplyLevel::Kind::Percent, value, 0, 0}
        : model::SupplyLevel{model::SupplyLevel::Kind::Unknown, 0, 0, 0};
}

QString* identityField(model::Identity& identity, const QString& path)
{
    static const QMap<QString, QString model::Identity::*> fields{{u"identity.model"_s, &model::Identity::model},
        {u"identity.serialNumber"_s, &model::Identity::serialNumber},
        {u"identity.firmware"_s, &model::Identity::firmware},
        {u"identity.assetNumber"_s, &model::Identity::assetNumber},
        {u"identity.location"_s, &model::Identity::location}, {u"identity.mac"_s, &model::Identity::mac},
        {u"identity.description"_s, &model::Identity::description}};
    const auto found = fields.find(path);
    return found == fields.end() ? nullptr : &(identity.**found);
}

model::Supply supplyFrom(const QMap<QString, QString>& fields, qsizetype row)
{
    model::Supply supply;
    supply.index = u"page.%1"_s.arg(row + 1);
    supply.name = fields.value(u"name"_s);
    supply.kind = fields.value(u"kind"_s);
    supply.supplyClass = supply.kind.startsWith("waste"_L1) ? model::SupplyClass::Filled : model::SupplyClass::Consumed;
    supply.color = fields.value(u"color"_s).toLower().left(40);
    if (fields.contains(u"level"_s)) {
        supply.unit = u"percent"_s;
        supply.level = levelIn(fields.value(u"level"_s));
    }
    if (supply.color.isEmpty())
        supply.color = profiles::keyword::colorIn(supply.name);
    supply.serialNumber = profiles::normalisedSerial(fields.value(u"serialNumber"_s));
    return supply;
}

bool setValue(model::Reading& reading, const QString& path, const QString& text, const Page& page)
{
    if (path == "status.display"_L1) {
        reading.status.display = {text};
        return true;
    }
    if (QString* field = identityField(reading.identity, path)) {
        *field = path == "identity.serialNumber"_L1 ? profiles::normalisedSerial(text)
            : path == "identity.mac"_L1             ? profiles::decodeMac(snmp::Value::text(text.toLatin1()))
                                                    : text;
        return !field->isEmpty();
    }
    const std::optional<qint64> count = countIn(text);
    if (count)
        reading.meters += {path.sliced(7), page.meterUnit, *count, {}}; // after "meters."
    return count.has_value();
}

} // namespace

model::Reading extract(const Page& page, QByteArrayView bytes)
{
    const Document document(bytes);
    model::Reading reading;
    for (const Field& field : page.values) { // a JSON object's order: by name, as meters have to be
        const QString text = document.text(field.extractor);
        if (!text.isEmpty() && setValue(reading, field.path, text, page))
            reading.sources.insert(field.path, {u"http"_s, page.url, text});
    }
    if (!page.supplies)
        return reading;
    const QList<QMap<QString, QString>> rows = document.rows(*page.supplies);
    for (qsizetype i = 0; i < rows.size(); ++i) {
        if (rows[i].isEmpty())
            continue;
        const model::Supply supply = supplyFrom(rows[i], i);
        reading.supplies += supply;
        for (auto it = rows[i].begin(); it != rows[i].end(); ++it)
            reading.sources.insert(u"supplies.%1.%2"_s.arg(supply.index, it.key()), {u"http"_s, page.url, it.value()});
    }
    return reading;
}

} // namespace platen::pages
