// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "HistoryStore.h"

#include "DeviceState.h"

#include <storage/Query.h>

#include <QMap>
#include <QVariant>

using namespace Qt::StringLiterals;

namespace platen::store {

namespace {

using Values = QMap<QString, QVariant>; ///< null: no number

Values metersOf(const model::Reading& reading)
{
    Values values;
    for (const model::Meter& meter : reading.meters)
        values.insert(meter.marker.isEmpty() ? meter.name : meter.name + u'/' + meter.marker, meter.value);
    return values;
}

Values suppliesOf(const model::Reading& reading)
{
    Values values;
    for (const model::Supply& supply : reading.supplies)
        values.insert(supply.index, storage::orNull(percentOf(supply.level)));
    return values;
}

/// The history as of this reading: while the device is offline every value is a gap.
Values shown(Values values, bool offline)
{
    if (offline)
        values.detach();
    for (QVariant& value : values) {
        if (offline)
            value = QVariant();
    }
    return values;
}

Values changes(const Values& before, const Values& after)
{
    Values changed;
    for (const auto& [key, value] : after.asKeyValueRange()) {
        const auto known = before.constFind(key);
        if (known == before.constEnd() ? !value.isNull() : *known != value)
            changed.insert(key, value);
    }
    for (const auto& [key, value] : before.asKeyValueRange()) {
        if (!after.contains(key) && !value.isNull())
            changed.insert(key, QVariant());
    }
    return changed;
}

Status add(QSqlDatabase db, const QString& table, qint64 deviceId, qint64 at, const Values& values)
{
    const QString sql =
        u"INSERT INTO %1 (device_id, key, at, value) VALUES (?, ?, ?, ?) ON CONFLICT (device_id, key, at) DO UPDATE SET value = excluded.value"_s
            .arg(table);
    for (const auto& [key, value] : values.asKeyValueRange()) {
        if (const auto added = storage::execute(db, sql, {deviceId, key, at, value}); !added)
            return fail(added.error());
    }
    return {};
}

} // namespace

Status recordHistory(QSqlDatabase db, qint64 deviceId, const model::Reading* before, const model::Reading& after)
{
    const model::Reading nothing;
    const model::Reading& earlier = before ? *before : nothing;
    const bool wasOffline = earlier.status.state == u"offline";
    const bool isOffline = after.status.state == u"offline";
    const qint64 at = toMs(after.takenAt);
    if (const Status added = add(db, u"meter_sample"_s, deviceId, at,
            changes(shown(metersOf(earlier), wasOffline), shown(metersOf(after), isOffline)));
        !added)
        return added;
    return add(db, u"supply_sample"_s, deviceId, at,
        changes(shown(suppliesOf(earlier), wasOffline), shown(suppliesOf(after), isOffline)));
}

} // namespace platen::store
