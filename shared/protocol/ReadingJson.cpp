// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ReadingCodec.h"

#include "ReadingNames.h"
#include "Version.h"

#include <QCborArray>
#include <QDateTime>
#include <QJsonArray>
#include <QTimeZone>

using namespace Qt::StringLiterals;

namespace platen::protocol {
namespace {

constexpr int mostSources = 5000;

QJsonValue orNull(const QString& text) { return text.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(text); }

template <typename T>
QJsonValue orNull(const std::optional<T>& value)
{
    return value ? QJsonValue(*value) : QJsonValue(QJsonValue::Null);
}

template <typename Names, typename Row>
void putTexts(QJsonObject& json, const Names& names, const Row& row)
{
    for (const auto& [name, field] : names)
        json.insert(name, orNull(row.*field));
}

QJsonObject jsonStatus(const model::DeviceStatus& status)
{
    return {{u"state"_s, orNull(status.state)},
        {u"errors"_s,
            status.errors ? QJsonValue(QJsonArray::fromStringList(*status.errors)) : QJsonValue(QJsonValue::Null)},
        {u"display"_s, QJsonArray::fromStringList(status.display)}};
}

QJsonObject jsonLevel(const model::SupplyLevel& level)
{
    QJsonObject json{{u"kind"_s, nameIn(levelKindNames, level.kind)}};
    if (level.kind == model::SupplyLevel::Kind::Percent)
        json.insert(u"percent"_s, level.percent);
    if (level.kind == model::SupplyLevel::Kind::Range) {
        json.insert(u"low"_s, level.low);
        json.insert(u"high"_s, level.high);
    }
    return json;
}

QJsonObject jsonSupply(const model::Supply& supply)
{
    QJsonObject json{{u"index"_s, supply.index}, {u"class"_s, nameIn(supplyClassNames, supply.supplyClass)},
        {u"capacity"_s, orNull(supply.capacity)}, {u"level"_s, jsonLevel(supply.level)}};
    putTexts(json, supplyTexts, supply);
    return json;
}

// That a level is the vendor's is not sent, so the tidy reading has lost it.
QJsonArray jsonSupplies(const QList<model::Supply>& shown, const QList<model::Supply>& whole)
{
    QJsonArray list;
    for (const model::Supply& supply : shown) {
        QJsonObject json = jsonSupply(supply);
        const auto same = std::ranges::find(whole, supply.index, &model::Supply::index);
        if (same != whole.end() && same->level.vendor) {
            QJsonObject level = json["level"_L1].toObject();
            level.insert(u"source"_s, u"vendor"_s);
            json.insert(u"level"_s, level);
        }
        list += json;
    }
    return list;
}

QJsonObject jsonMeter(const model::Meter& meter)
{
    return {{u"name"_s, meter.name}, {u"unit"_s, orNull(meter.unit)}, {u"value"_s, meter.value},
        {u"marker"_s, orNull(meter.marker)}};
}

QJsonObject jsonAlert(const model::Alert& alert)
{
    QJsonObject json{{u"index"_s, alert.index}};
    putTexts(json, alertTexts, alert);
    for (const auto& [name, field] : alertNumbers)
        json.insert(name, alert.*field == -2 ? QJsonValue(QJsonValue::Null) : QJsonValue(alert.*field));
    return json;
}

template <typename Rows, typename Write>
QJsonArray jsonList(const Rows& rows, Write write)
{
    QJsonArray list;
    for (const auto& row : rows)
        list.append(write(row));
    return list;
}

QJsonObject jsonSources(const QMap<QString, model::Source>& sources)
{
    QJsonObject json;
    for (const auto& [path, source] : sources.asKeyValueRange())
        json.insert(
            path, QJsonObject{{u"protocol"_s, source.protocol}, {u"object"_s, source.object}, {u"raw"_s, source.raw}});
    return json;
}

QMap<QString, model::Source> sourcesFrom(const QJsonObject& json)
{
    QMap<QString, model::Source> sources;
    for (auto it = json.begin(); it != json.end() && sources.size() < mostSources; ++it) {
        const QJsonObject source = it->toObject();
        sources.insert(cleaned(it.key()),
            {cleaned(source[u"protocol"].toString()), cleaned(source[u"object"].toString()),
                cleaned(source[u"raw"].toString(), 256)});
    }
    return sources;
}

/// The entries that are not null, one level deep.
QCborMap known(const QCborMap& map)
{
    QCborMap out;
    for (auto it = map.cbegin(); it != map.cend(); ++it) {
        if (!it.value().isNull())
            out.insert(it.key(), it.value());
    }
    return out;
}

/// A list of rows as a map by what `takeKey` takes out of each.
template <typename TakeKey>
Status keyRows(QCborMap& keyed, QLatin1StringView name, TakeKey takeKey)
{
    const QCborValue list = keyed.value(name);
    if (list.isUndefined())
        return {};
    if (!list.isArray())
        return fail(ErrorCode::Malformed, u"Reading: %1 must be a list."_s.arg(name));
    QCborMap rows;
    const QCborArray array = list.toArray();
    for (const QCborValue& value : array) {
        QCborMap row = known(value.toMap());
        const QString key = takeKey(row);
        if (rows.contains(key))
            return fail(
                ErrorCode::Malformed, u"Reading: %1 has %2 twice."_s.arg(name, cleaned(key, readingLimit::keyBytes)));
        rows.insert(key, row);
    }
    keyed.insert(name, rows);
    return {};
}

QString takeIndex(QCborMap& row) { return row.take(u"index"_s).toString(); }

QString takeMeterKey(QCborMap& row)
{
    const QString name = row.take(u"name"_s).toString(), marker = row.take(u"marker"_s).toString();
    return marker.isEmpty() ? name : name + u'/' + marker;
}

} // namespace

QJsonObject toJson(const model::Reading& reading, bool withSources)
{
    const Result<model::Reading> tidy = fromKeyed(toKeyed(reading));
    const model::Reading& shown = tidy ? *tidy : reading; // the codec's promise is that there always is a tidy one
    Q_ASSERT(tidy);

    QJsonObject identity{{u"color"_s, orNull(shown.identity.color)}};
    putTexts(identity, identityTexts, shown.identity);
    QJsonObject misc;
    for (const auto& [key, value] : shown.misc.asKeyValueRange())
        misc.insert(key, value);
    QJsonObject json{{u"schema"_s, readingSchema}, {u"address"_s, orNull(shown.address)},
        {u"takenAt"_s, QDateTime::fromMSecsSinceEpoch(toMs(shown.takenAt), QTimeZone::UTC).toString(Qt::ISODateWithMs)},
        {u"identity"_s, identity}, {u"status"_s, jsonStatus(shown.status)},
        {u"meters"_s, jsonList(shown.meters, jsonMeter)}, {u"supplies"_s, jsonSupplies(shown.supplies, reading.supplies)},
        {u"alerts"_s, jsonList(shown.alerts, jsonAlert)}, {u"misc"_s, misc}};
    if (withSources)
        json.insert(u"sources"_s, jsonSources(reading.sources));
    return json;
}

Result<model::Reading> fromJson(const QJsonObject& json)
{
    QJsonObject withoutSources = json;
    const QJsonObject sources = withoutSources.take(u"sources"_s).toObject();
    QCborMap keyed = known(QCborMap::fromJsonObject(withoutSources));

    const QDateTime taken = QDateTime::fromString(keyed.value("takenAt"_L1).toString(), Qt::ISODateWithMs);
    if (!taken.isValid() || taken.timeSpec() == Qt::LocalTime)
        return fail(ErrorCode::Malformed, u"Reading: takenAt must be an instant such as 2026-11-22T12:00:00.000Z."_s);
    keyed.insert(u"takenAt"_s, taken.toMSecsSinceEpoch());
    for (const auto name : {"meters"_L1, "supplies"_L1, "alerts"_L1}) {
        const Status rows = keyRows(keyed, name, name == "meters"_L1 ? takeMeterKey : takeIndex);
        if (!rows)
            return fail(rows.error());
    }
    for (const auto name : {"identity"_L1, "status"_L1}) {
        if (keyed.value(name).isMap())
            keyed.insert(name, known(keyed.value(name).toMap()));
    }
    return fromKeyed(keyed).transform([&](model::Reading reading) {
        reading.sources = sourcesFrom(sources);
        return reading;
    });
}

} // namespace platen::protocol
