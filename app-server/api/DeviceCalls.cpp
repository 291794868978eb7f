// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "DeviceCalls.h"

#include "Rows.h"

#include <protocol/ReadingCodec.h>

#include <QJsonArray>

#include <array>

using namespace Qt::StringLiterals;

namespace platen::api {

namespace {

using Column = store::DeviceListing::Column;

const std::array sortColumns{
    std::pair{u"state"_s, Column::State},
    std::pair{u"manufacturer"_s, Column::Manufacturer},
    std::pair{u"model"_s, Column::Model},
    std::pair{u"serialNumber"_s, Column::SerialNumber},
    std::pair{u"address"_s, Column::Address},
    std::pair{u"location"_s, Column::Location},
    std::pair{u"lowestSupply"_s, Column::LowestSupply},
    std::pair{u"totalMeter"_s, Column::TotalMeter},
    std::pair{u"lastSeenAt"_s, Column::LastSeenAt},
};

QStringList sortColumnNames()
{
    QStringList names;
    for (const auto& [name, column] : sortColumns)
        names.append(name);
    return names;
}

Result<qint64> deviceIdFrom(const QJsonObject& parameters)
{
    bool isNumber = false;
    const qint64 id = parameters.value(u"id"_s).toString().toLongLong(&isNumber);
    if (!isNumber || id <= 0)
        return fail(ErrorCode::NotFound, u"there is no device of this id"_s);
    return id;
}

Result<store::DeviceListing> listingFrom(const QJsonObject& parameters)
{
    store::DeviceListing listing;
    listing.offset = parameters.value(u"offset"_s).toInt(0);
    listing.limit = parameters.value(u"limit"_s).toInt(100);
    listing.search = parameters.value(u"search"_s).toString();

    const QJsonObject filter = parameters.value(u"filter"_s).toObject();
    for (const QJsonValue& state : filter.value(u"state"_s).toArray())
        listing.states.append(state.toString());
    listing.manufacturer = filter.value(u"manufacturer"_s).toString();
    const QString agentId = filter.value(u"agentId"_s).toString();
    listing.agentId = QByteArray::fromHex(agentId.toLatin1());
    if (!agentId.isEmpty() && (agentId.size() != 32 || listing.agentId.size() != 16))
        return fail(ErrorCode::InvalidInput, u"parameter filter.agentId must be 32 hexadecimal digits"_s);

    const QJsonObject sort = parameters.value(u"sort"_s).toObject();
    for (const auto& [name, column] : sortColumns)
        if (name == sort.value(u"column"_s).toString())
            listing.sortBy = column;
    listing.descending = sort.value(u"descending"_s).toBool(false);
    return listing;
}

/// The unit of a meter by the name its history has: "total", or "name/marker".
QJsonValue unitOf(const model::Reading& reading, const QString& key)
{
    for (const model::Meter& meter : reading.meters)
        if (meter.name == key || meter.name + u'/' + meter.marker == key)
            return textOrNull(meter.unit);
    return QJsonValue::Null;
}

} // namespace

DeviceCalls::DeviceCalls(store::DeviceQueries& devices)
    : m_devices(devices)
{
}

QCoro::Task<Answer> DeviceCalls::list(Context, QJsonObject parameters)
{
    const Result<store::DeviceListing> listing = listingFrom(parameters);
    if (!listing)
        co_return std::unexpected(listing.error());
    const Result<store::DeviceList> list = co_await m_devices.list(*listing);
    if (!list)
        co_return std::unexpected(list.error());
    QJsonArray rows;
    for (const store::DeviceRow& row : list->rows)
        rows.append(toJson(row));
    co_return QJsonObject{{u"total"_s, list->total}, {u"rows"_s, rows}};
}

QCoro::Task<Answer> DeviceCalls::get(Context, QJsonObject parameters)
{
    const Result<qint64> id = deviceIdFrom(parameters);
    if (!id)
        co_return std::unexpected(id.error());
    const Result<store::DeviceDetails> device = co_await m_devices.details(*id);
    if (!device)
        co_return std::unexpected(device.error());
    QJsonObject result = toJson(device->row);
    const QJsonObject reading = protocol::toJson(device->reading);
    result[u"firstSeenAt"_s] = toJson(device->firstSeenAt);
    result[u"reading"_s] = reading;
    result[u"meters"_s] = reading.value(u"meters"_s);
    co_return result;
}

QCoro::Task<Answer> DeviceCalls::history(Context, QJsonObject parameters)
{
    const Result<qint64> id = deviceIdFrom(parameters);
    if (!id)
        co_return std::unexpected(id.error());
    const bool isMeter = parameters.value(u"kind"_s).toString() == u"meter";
    const store::HistoryRequest request{*id, isMeter ? store::HistoryKind::Meter : store::HistoryKind::Supply,
        parameters.value(u"key"_s).toString(), instantFrom(parameters.value(u"from"_s)),
        instantFrom(parameters.value(u"to"_s))};

    const Result<store::DeviceDetails> device = co_await m_devices.details(*id);
    if (!device)
        co_return std::unexpected(device.error());
    const Result<QList<store::Sample>> samples = co_await m_devices.history(request);
    if (!samples)
        co_return std::unexpected(samples.error());
    QJsonArray points;
    for (const store::Sample& sample : *samples)
        points.append(QJsonArray{toMs(sample.at), sample.value ? QJsonValue(*sample.value) : QJsonValue()});
    co_return QJsonObject{
        {u"points"_s, points}, {u"unit"_s, isMeter ? unitOf(device->reading, request.key) : QJsonValue(u"percent"_s)}};
}

Schema DeviceCalls::listParameters()
{
    const Schema filter = Schema::object({
        optional(u"state"_s,
            Schema::list(Schema::choice(deviceStates()), deviceStates().size(), u"Any of these; none: all"_s)),
        optional(u"agentId"_s, Schema::text(32, u"Hexadecimal"_s).orNull()),
        optional(u"manufacturer"_s, Schema::text(256, u"Case does not matter"_s).orNull()),
    });
    const Schema sort = Schema::object({
        {u"column"_s, Schema::choice(sortColumnNames())},
        optional(u"descending"_s, Schema::boolean(u"Unknown values come last either way"_s)),
    });
    return Schema::object({
        optional(u"offset"_s, Schema::integer(0, 1'000'000'000, u"How many rows to skip; 0 when left out"_s)),
        optional(u"limit"_s, Schema::integer(1, 1000, u"How many rows to give; 100 when left out"_s)),
        optional(u"search"_s,
            Schema::text(
                256, u"Words that must all be in maker, model, serial number, address, location or asset number"_s)
                .orNull()),
        optional(u"filter"_s, filter.orNull()),
        optional(u"sort"_s, sort.orNull()),
    });
}

Schema DeviceCalls::listResult()
{
    return Schema::object({
        {u"total"_s, Schema::integer(0, 1LL << 53, u"Of all that match"_s)},
        {u"rows"_s, Schema::list(Schema::object(deviceRowFields()), 1000)},
    });
}

Schema DeviceCalls::getParameters() { return Schema::object({{u"id"_s, Schema::text(20)}}); }

Schema DeviceCalls::getResult()
{
    std::vector<Field> fields = deviceRowFields();
    fields.push_back({u"firstSeenAt"_s, Schema::instant()});
    fields.push_back(
        {u"reading"_s, Schema::anyObject(u"The latest reading: identity, status, meters, supplies, alerts"_s)});
    fields.push_back({u"meters"_s, Schema::list(Schema::anyObject(), 1000, u"As in the reading"_s)});
    return Schema::object(std::move(fields));
}

Schema DeviceCalls::historyParameters()
{
    return Schema::object({
        {u"id"_s, Schema::text(20)},
        {u"kind"_s, Schema::choice({u"meter"_s, u"supply"_s})},
        {u"key"_s, Schema::text(128, u"Of a meter \"total\" or \"name/marker\"; of a supply its index"_s)},
        optional(u"from"_s, Schema::instant(u"The first instant; null: the beginning"_s).orNull()),
        optional(u"to"_s, Schema::instant(u"The last instant; null: now"_s).orNull()),
    });
}

Schema DeviceCalls::historyResult()
{
    const Schema point = Schema::list(
        Schema::number().orNull(), 2, u"Milliseconds since 1970 UTC, and the value; null: offline or no number"_s);
    return Schema::object({
        {u"points"_s, Schema::list(point, 10'000, u"A value holds until the next point"_s)},
        {u"unit"_s, Schema::text(64).orNull()},
    });
}

} // namespace platen::api
