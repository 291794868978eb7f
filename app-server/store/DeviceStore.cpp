// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "DeviceStore.h"

#include "DeviceIdentity.h"
#include "DeviceSearch.h"
#include "DeviceState.h"
#include "HistoryStore.h"
#include "Log.h"

#include <protocol/Cbor.h>
#include <protocol/ReadingCodec.h>
#include <storage/Query.h>

#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace platen::store {

using storage::execute;
using storage::orNull;
using storage::query;

namespace {

constexpr std::chrono::minutes clockTolerance{5};
constexpr int mostDevicesOfAgent = 20'000; // one that invents devices must not fill the disk of all

/// {name, kind, color, class, level} in the words of DESIGN §3.
QVariant supplyJson(const std::optional<model::Supply>& supply)
{
    if (!supply)
        return {};
    model::Reading only;
    only.supplies = {*supply};
    const QJsonObject all = protocol::toJson(only)[u"supplies"].toArray().first().toObject();
    QJsonObject shown;
    for (const QString& key : {u"name"_s, u"kind"_s, u"color"_s, u"class"_s, u"level"_s})
        shown.insert(key, all[key]);
    return QString::fromUtf8(QJsonDocument(shown).toJson(QJsonDocument::Compact));
}

Result<QCborMap> readingOf(const QSqlQuery& row) { return protocol::decodeMap(row.value(0).toByteArray()); }

/// What the database has; a reading that no longer decodes counts as none, so that a new full one mends it.
Result<std::optional<model::Reading>> knownReading(QSqlDatabase db, qint64 deviceId)
{
    auto row = query(db, u"SELECT reading FROM device WHERE id = ?"_s, {deviceId});
    if (!row)
        return fail(row.error());
    if (!row->next())
        return std::nullopt;
    const auto keyed = readingOf(*row);
    auto reading = keyed ? protocol::fromKeyed(*keyed) : fail(keyed.error());
    if (!reading) {
        qCWarning(lcStore).noquote() << "the stored reading of device" << deviceId
                                     << "cannot be read:" << reading.error().detail;
        return std::nullopt;
    }
    return *std::move(reading);
}

/// The columns that a reading sets, in the order of both statements below.
QVariantList columnsOf(const DeviceOfAgent& who, const QCborMap& keyed, const model::Reading& reading)
{
    const DeviceState state = stateOf(reading);
    const auto lowest = lowestSupply(reading);
    const auto total = totalMeter(reading);
    const model::Identity& is = reading.identity;
    return {state.state, orNull(state.reason), orNull(is.manufacturer), orNull(is.model), orNull(is.assetNumber),
        orNull(reading.address), orNull(is.location), orNull(is.deviceType), orNull(is.color),
        lowest ? orNull(percentOf(lowest->level)) : QVariant(), supplyJson(lowest),
        total ? QVariant(total->value) : QVariant(), total ? orNull(total->unit) : QVariant(), who.agentId,
        protocol::encodeMap(keyed), orNull(is.serialNumber), orNull(normalisedSerial(is.serialNumber)),
        orNull(normalisedMac(is.mac))};
}

Status roomForDevice(QSqlDatabase db, const QByteArray& agentId)
{
    auto row =
        query(db, u"SELECT 1 FROM device WHERE agent_id = ? LIMIT 1 OFFSET ?"_s, {agentId, mostDevicesOfAgent - 1});
    if (!row)
        return fail(row.error());
    if (row->next())
        return fail(ErrorCode::LimitExceeded,
            u"it has %1 devices already, more are not kept: use another agent for them"_s.arg(mostDevicesOfAgent));
    return {};
}

Result<qint64> addDevice(QSqlDatabase db, const QVariantList& columns, qint64 at)
{
    auto added = query(db,
        u"INSERT INTO device (state, state_text, manufacturer, model, asset_number, address, location, "
        u"device_type, color, lowest_supply_percent,"
        " lowest_supply, total_meter, total_meter_unit, agent_id, reading, serial, serial_normalised, mac, "
        "first_seen_at, last_seen_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id"_s,
        columns + QVariantList{at, at});
    if (!added)
        return fail(added.error());
    if (!added->next())
        return fail(ErrorCode::StorageFailed, u"The database gave no number to a new device."_s);
    return added->value(0).toLongLong();
}

/// Serial number and MAC stay when a reading lacks them: they are what the device is known by. `last_seen_at` only moves when
/// the device itself answered.
Status updateDevice(QSqlDatabase db, qint64 deviceId, const QVariantList& columns, std::optional<qint64> seenAt)
{
    const auto updated = execute(db,
        u"UPDATE device SET state = ?, state_text = ?, manufacturer = ?, model = ?, asset_number = ?, address = ?,"
        " location = ?, device_type = ?,"
        " color = ?, lowest_supply_percent = ?, lowest_supply = ?, total_meter = ?, total_meter_unit = ?, agent_id = "
        "?, reading = ?,"
        " serial = COALESCE(?, serial), serial_normalised = COALESCE(?, serial_normalised), mac = COALESCE(?, mac),"
        " last_seen_at = COALESCE(?, last_seen_at) WHERE id = ?"_s,
        columns + QVariantList{orNull(seenAt), deviceId});
    if (!updated)
        return fail(updated.error());
    return {};
}

Status rememberNumber(QSqlDatabase db, const DeviceOfAgent& who, qint64 deviceId, Instant now)
{
    const auto done = execute(db,
        u"INSERT INTO agent_device (agent_id, local_id, device_id, last_seen_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (agent_id, local_id) DO UPDATE SET device_id = excluded.device_id, last_seen_at = excluded.last_seen_at"_s,
        {who.agentId, static_cast<qint64>(who.localId), deviceId, toMs(now)});
    if (!done)
        return fail(done.error());
    return {};
}

} // namespace

Result<std::optional<QCborMap>> latestReading(QSqlDatabase db, const DeviceOfAgent& who)
{
    auto row = query(db,
        u"SELECT device.reading FROM agent_device JOIN device ON device.id = agent_device.device_id WHERE agent_device.agent_id = ? AND agent_device.local_id = ?"_s,
        {who.agentId, static_cast<qint64>(who.localId)});
    if (!row)
        return fail(row.error());
    if (!row->next())
        return std::nullopt;
    auto keyed = readingOf(*row);
    if (!keyed)
        return std::nullopt; // asked for in full, which mends it
    return *std::move(keyed);
}

Result<qint64> storeReading(
    QSqlDatabase db, const DeviceOfAgent& who, QCborMap keyed, model::Reading reading, Instant now)
{
    if (reading.takenAt > now + clockTolerance) {
        reading.takenAt = now;
        keyed[u"takenAt"_s] = toMs(now);
    }
    const auto known = findDevice(db, who.agentId, who.localId, reading.identity);
    if (!known)
        return fail(known.error());

    const QVariantList columns = columnsOf(who, keyed, reading);
    const bool answered = reading.status.state != u"offline";
    std::optional<model::Reading> before;
    qint64 deviceId = 0;
    if (*known) {
        deviceId = **known;
        auto stored = knownReading(db, deviceId);
        if (!stored)
            return fail(stored.error());
        before = *std::move(stored);
        if (const Status updated =
                updateDevice(db, deviceId, columns, answered ? std::optional(toMs(reading.takenAt)) : std::nullopt);
            !updated)
            return fail(updated.error());
    } else {
        if (const Status room = roomForDevice(db, who.agentId); !room)
            return fail(room.error());
        const auto added = addDevice(db, columns, toMs(reading.takenAt));
        if (!added)
            return fail(added.error());
        deviceId = *added;
    }
    if (const Status indexed = indexDevice(db, deviceId); !indexed)
        return fail(indexed.error());
    if (const Status recorded = recordHistory(db, deviceId, before ? &*before : nullptr, reading); !recorded)
        return fail(recorded.error());
    if (const Status remembered = rememberNumber(db, who, deviceId, now); !remembered)
        return fail(remembered.error());
    return deviceId;
}

Result<std::optional<qint64>> noteSeen(QSqlDatabase db, const DeviceOfAgent& who, Instant at, Instant now)
{
    auto row = query(db, u"SELECT device_id FROM agent_device WHERE agent_id = ? AND local_id = ?"_s,
        {who.agentId, static_cast<qint64>(who.localId)});
    if (!row)
        return fail(row.error());
    if (!row->next())
        return std::nullopt;
    const qint64 deviceId = row->value(0).toLongLong();
    row->finish();
    const qint64 seenAt = toMs(std::min(at, now));
    const auto noted = execute(
        db, u"UPDATE device SET last_seen_at = ? WHERE id = ? AND last_seen_at < ?"_s, {seenAt, deviceId, seenAt});
    if (!noted)
        return fail(noted.error());
    return deviceId;
}

} // namespace platen::store
