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

using model::SupplyLevel;

void putText(QCborMap& map, QLatin1StringView name, const QString& text)
{
    if (const QString kept = cleaned(text); !kept.isEmpty())
        map.insert(name, kept);
}

QCborMap keyedIdentity(const model::Identity& identity)
{
    QCborMap map;
    for (const auto& [name, field] : identityTexts)
        putText(map, name, identity.*field);
    if (identity.color)
        map.insert(u"color"_s, *identity.color);
    return map;
}

QCborArray keyedLines(const QStringList& lines, qsizetype most)
{
    QCborArray array;
    for (const QString& line : lines.first(std::min(lines.size(), most)))
        array.append(cleaned(line));
    return array;
}

QCborMap keyedStatus(const model::DeviceStatus& status)
{
    QCborMap map;
    putText(map, "state"_L1, status.state);
    if (status.errors)
        map.insert(u"errors"_s, keyedLines(*status.errors, readingLimit::errors));
    if (!status.display.isEmpty())
        map.insert(u"display"_s, keyedLines(status.display, readingLimit::displayLines));
    return map;
}

bool isPercent(double number) { return number >= 0 && number <= 100; } // false of what is no number

/// Empty: the device has no level.
QCborMap keyedLevel(const SupplyLevel& level)
{
    QCborMap map;
    if (level.kind == SupplyLevel::Kind::None)
        return map;
    const bool isRange = level.kind == SupplyLevel::Kind::Range && isPercent(level.low) && isPercent(level.high)
        && level.low <= level.high;
    const bool isKnown = level.kind == SupplyLevel::Kind::Percent && isPercent(level.percent);
    if (isRange) {
        map.insert(u"low"_s, level.low);
        map.insert(u"high"_s, level.high);
    }
    if (isKnown)
        map.insert(u"percent"_s, level.percent);
    const bool isSome = level.kind == SupplyLevel::Kind::Some;
    map.insert(
        u"kind"_s, nameIn(levelKindNames, isRange || isKnown || isSome ? level.kind : SupplyLevel::Kind::Unknown));
    return map;
}

QCborMap keyedSupply(const model::Supply& supply)
{
    QCborMap map;
    for (const auto& [name, field] : supplyTexts)
        putText(map, name, supply.*field);
    map.insert(u"class"_s, nameIn(supplyClassNames, supply.supplyClass));
    if (supply.capacity && *supply.capacity > 0)
        map.insert(u"capacity"_s, *supply.capacity);
    if (const QCborMap level = keyedLevel(supply.level); !level.isEmpty())
        map.insert(u"level"_s, level);
    return map;
}

QCborMap keyedAlert(const model::Alert& alert)
{
    QCborMap map;
    for (const auto& [name, field] : alertTexts)
        putText(map, name, alert.*field);
    for (const auto& [name, field] : alertNumbers) {
        if (alert.*field != -2)
            map.insert(name, alert.*field);
    }
    return map;
}

QCborMap keyedMeter(const model::Meter& meter)
{
    QCborMap map{{u"value"_s, meter.value}};
    putText(map, "unit"_L1, meter.unit);
    return map;
}

/// Puts rows into a keyed form as long as there is room.
class Rows {
public:
    Rows(QCborMap& keyed)
        : m_keyed(keyed)
        , m_cost(costOf(keyed))
    {
    }

    template <typename List, typename Key, typename Row>
    void put(QLatin1StringView name, const List& list, int most, Key keyOf, Row rowOf)
    {
        QCborMap rows;
        m_cost += costOf(QCborValue(name));
        m_cost += costOf(rows);
        for (const auto& element : list) {
            const QString key = cleaned(keyOf(element), readingLimit::keyBytes);
            const QCborValue row = rowOf(element);
            if (key.isEmpty() || row.isUndefined())
                continue;
            ReadingCost with = m_cost;
            with += costOf(QCborValue(key));
            with += costOf(row);
            if (rows.size() >= most || !with.isAllowed())
                break;
            m_cost = with;
            rows.insert(key, row);
        }
        if (!rows.isEmpty())
            m_keyed.insert(name, rows);
    }

private:
    QCborMap& m_keyed;
    ReadingCost m_cost;
};

QString keyOf(const model::Meter& meter)
{
    return meter.marker.isEmpty() || meter.name.isEmpty() ? meter.name : meter.name + u'/' + meter.marker;
}

} // namespace

QCborMap toKeyed(const model::Reading& reading)
{
    QCborMap keyed{{u"schema"_s, readingSchema}, {u"takenAt"_s, toMs(reading.takenAt)}};
    putText(keyed, "address"_L1, reading.address);
    if (const QCborMap identity = keyedIdentity(reading.identity); !identity.isEmpty())
        keyed.insert(u"identity"_s, identity);
    if (const QCborMap status = keyedStatus(reading.status); !status.isEmpty())
        keyed.insert(u"status"_s, status);

    Rows rows(keyed);
    rows.put("meters"_L1, reading.meters, readingLimit::meters, keyOf,
        [](const model::Meter& meter) { return meter.value < 0 ? QCborValue() : QCborValue(keyedMeter(meter)); });
    rows.put(
        "supplies"_L1, reading.supplies, readingLimit::supplies,
        [](const model::Supply& supply) { return supply.index; },
        [](const model::Supply& supply) { return QCborValue(keyedSupply(supply)); });
    rows.put(
        "misc"_L1, reading.misc.asKeyValueRange(), readingLimit::misc, [](const auto& entry) { return entry.first; },
        [](const auto& entry) { return QCborValue(cleaned(entry.second)); });
    rows.put(
        "alerts"_L1, reading.alerts, readingLimit::alerts, [](const model::Alert& alert) { return alert.index; },
        [](const model::Alert& alert) { return QCborValue(keyedAlert(alert)); });
    return keyed;
}

} // namespace platen::protocol
