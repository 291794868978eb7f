// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ReadingCodec.h"

#include "Fields.h"
#include "ReadingCost.h"
#include "ReadingNames.h"
#include "Version.h"

#include <QCborArray>

#include <limits>

using namespace Qt::StringLiterals;

namespace platen::protocol {
namespace {

constexpr qint64 leastNumber = std::numeric_limits<qint64>::min(), mostNumber = std::numeric_limits<qint64>::max();

QString text(Fields& fields, QLatin1StringView name)
{
    return cleaned(fields.optionalText(name, readingLimit::textBytes));
}

QStringList lines(Fields& fields, QLatin1StringView name, qsizetype most)
{
    QStringList list;
    const QCborArray array = fields.optionalArray(name, most);
    for (const QCborValue& value : array) {
        if (!value.isString() || value.toString().toUtf8().size() > readingLimit::textBytes)
            fields.refuse(name, u"must hold texts of at most %1 bytes"_s.arg(readingLimit::textBytes));
        list.append(cleaned(value.toString()));
    }
    return list;
}

model::Identity identityFrom(Fields& fields)
{
    model::Identity identity;
    for (const auto& [name, field] : identityTexts)
        identity.*field = text(fields, name);
    identity.color = fields.optionalBool("color"_L1);
    return identity;
}

model::DeviceStatus statusFrom(Fields& fields, const QCborMap& map)
{
    model::DeviceStatus status;
    status.state = text(fields, "state"_L1);
    if (const QCborValue errors = map.value("errors"_L1); !errors.isUndefined() && !errors.isNull())
        status.errors = lines(fields, "errors"_L1, readingLimit::errors);
    status.display = lines(fields, "display"_L1, readingLimit::displayLines);
    return status;
}

model::SupplyLevel levelFrom(Fields& fields)
{
    const auto kind = valueIn(levelKindNames, text(fields, "kind"_L1));
    const auto percent = fields.optionalReal("percent"_L1, 0, 100);
    const auto low = fields.optionalReal("low"_L1, 0, 100), high = fields.optionalReal("high"_L1, 0, 100);
    using Kind = model::SupplyLevel::Kind;
    if (!kind)
        fields.refuse("kind"_L1, u"is no kind of level"_s);
    if (kind == Kind::Percent && !percent)
        fields.refuse("percent"_L1, u"is missing"_s);
    if (kind == Kind::Range && (!low || !high || *low > *high))
        fields.refuse("low"_L1, u"and high must be a range"_s);

    model::SupplyLevel level{.kind = kind.value_or(Kind::Unknown)};
    if (level.kind == Kind::Percent)
        level.percent = percent.value_or(0);
    if (level.kind == Kind::Range) {
        level.low = low.value_or(0);
        level.high = high.value_or(0);
    }
    return level;
}

model::Supply supplyFrom(Fields& fields, const QString& index)
{
    model::Supply supply;
    supply.index = index;
    for (const auto& [name, field] : supplyTexts)
        supply.*field = text(fields, name);
    supply.supplyClass = valueIn(supplyClassNames, text(fields, "class"_L1)).value_or(model::SupplyClass::Other);
    supply.capacity = fields.optionalInteger("capacity"_L1, 1, mostNumber);
    if (const QCborMap map = fields.optionalMap("level"_L1); !map.isEmpty()) {
        Fields level(u"Reading: supply %1: level"_s.arg(index), map);
        supply.level = levelFrom(level);
        fields.adopt(level);
    }
    return supply;
}

model::Alert alertFrom(Fields& fields, const QString& index)
{
    model::Alert alert;
    alert.index = index;
    for (const auto& [name, field] : alertTexts)
        alert.*field = text(fields, name);
    for (const auto& [name, field] : alertNumbers)
        alert.*field = fields.optionalInteger(name, leastNumber, mostNumber).value_or(-2);
    return alert;
}

/// "total" or "total/1.1": what follows the last slash is a marker when it is numbers and dots.
model::Meter meterFrom(Fields& fields, const QString& key)
{
    model::Meter meter;
    const qsizetype slash = key.lastIndexOf(u'/');
    const QStringView after = QStringView(key).sliced(slash + 1);
    const bool hasMarker =
        slash > 0 && !after.isEmpty() && std::ranges::all_of(after, [](QChar c) { return c.isDigit() || c == u'.'; });
    meter.name = hasMarker ? key.first(slash) : key;
    if (hasMarker)
        meter.marker = after.toString();
    meter.unit = text(fields, "unit"_L1);
    meter.value = static_cast<qint64>(fields.number("value"_L1, static_cast<quint64>(mostNumber)));
    return meter;
}

/// Hands each row of the map `name` to `take(fields, key)`; `word` names a row in errors.
template <typename Take>
void eachRow(Fields& reading, QLatin1StringView name, int most, const QString& word, Take take)
{
    const QCborMap rows = reading.optionalMap(name);
    if (rows.size() > most)
        return reading.refuse(name, u"has more than %1 rows"_s.arg(most), ErrorCode::LimitExceeded);
    for (auto it = rows.cbegin(); it != rows.cend() && !reading.failure(); ++it) {
        const QString key = it.key().toString();
        if (!it.key().isString() || key.isEmpty() || key != cleaned(key, readingLimit::keyBytes))
            return reading.refuse(name, u"has a row whose key is none"_s);
        if (!it.value().isMap())
            return reading.refuse(name, u"has a row that is no map"_s);
        Fields fields(u"Reading: %1 %2"_s.arg(word, key), it.value().toMap());
        take(fields, key);
        reading.adopt(fields);
    }
}

void takeMisc(Fields& fields, QMap<QString, QString>& misc)
{
    const QCborMap map = fields.optionalMap("misc"_L1);
    if (map.size() > readingLimit::misc)
        return fields.refuse(
            "misc"_L1, u"has more than %1 entries"_s.arg(readingLimit::misc), ErrorCode::LimitExceeded);
    for (auto it = map.cbegin(); it != map.cend(); ++it) {
        const QString key = it.key().toString(), value = it.value().toString();
        if (key != cleaned(key, readingLimit::keyBytes) || !it.value().isString()
            || value.toUtf8().size() > readingLimit::textBytes)
            return fields.refuse("misc"_L1, u"must hold short texts"_s);
        misc.insert(key, cleaned(value));
    }
}

} // namespace

Result<model::Reading> fromKeyed(const QCborMap& keyed)
{
    if (!costOf(keyed).isAllowed())
        return fail(ErrorCode::LimitExceeded, u"Reading: it is larger than a reading may be."_s);
    Fields fields(u"Reading"_s, keyed);
    if (fields.number("schema"_L1, 1'000'000) != readingSchema && !fields.failure())
        fields.refuse("schema"_L1, u"is another than %1"_s.arg(readingSchema), ErrorCode::Unsupported);

    model::Reading reading;
    reading.takenAt = fields.instant("takenAt"_L1);
    reading.address = text(fields, "address"_L1);
    Fields identity(u"Reading: identity"_s, fields.optionalMap("identity"_L1));
    reading.identity = identityFrom(identity);
    fields.adopt(identity);
    const QCborMap statusMap = fields.optionalMap("status"_L1);
    Fields status(u"Reading: status"_s, statusMap);
    reading.status = statusFrom(status, statusMap);
    fields.adopt(status);

    eachRow(fields, "meters"_L1, readingLimit::meters, u"meter"_s,
        [&](Fields& row, const QString& key) { reading.meters.append(meterFrom(row, key)); });
    eachRow(fields, "supplies"_L1, readingLimit::supplies, u"supply"_s,
        [&](Fields& row, const QString& key) { reading.supplies.append(supplyFrom(row, key)); });
    eachRow(fields, "alerts"_L1, readingLimit::alerts, u"alert"_s,
        [&](Fields& row, const QString& key) { reading.alerts.append(alertFrom(row, key)); });
    takeMisc(fields, reading.misc);
    if (fields.failure())
        return fail(*fields.failure());
    putInOrder(reading);
    return reading;
}

} // namespace platen::protocol
