// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "DeviceQueries.h"

#include <protocol/Cbor.h>
#include <protocol/ReadingCodec.h>
#include <storage/Query.h>

#include <algorithm>
#include <limits>

using namespace Qt::StringLiterals;

namespace platen::store {

using storage::query;

namespace {

constexpr int mostPoints = 4000;
constexpr qsizetype mostIds = 500;
constexpr qsizetype mostWords = 8;

QString placeholders(qsizetype count) { return QStringList(count, u"?"_s).join(u", "_s); }

/// Who is there, as bound values: the instant since which agents must have been heard of, and those that are connected.
using Presence = QVariantList;

/// The state that consoles see. Binds `presence`.
QString seenState(const Presence& presence)
{
    return u"CASE WHEN d.agent_id IN (SELECT id FROM agent WHERE status = 'ACTIVE'"
           " AND (last_seen_at >= ? OR id IN (%1))) THEN d.state ELSE 'offline' END"_s.arg(
               placeholders(presence.size() - 1));
}

/// A row as rowOf() reads it, for SELECT. Binds `presence`.
QString rowColumns(const Presence& presence)
{
    return u"d.id, %1, d.state_text, d.manufacturer, d.model, d.serial, d.asset_number, d.address, d.location,"
           " d.device_type, d.color, d.lowest_supply, d.total_meter, d.total_meter_unit, d.last_seen_at,"
           " d.agent_id, a.name"_s.arg(seenState(presence));
}
constexpr int rowColumnCount = 17;

const QString rowTables = u"device d LEFT JOIN agent a ON a.id = d.agent_id"_s;

/// A device names itself, and some are not kind: a list stays small whatever they say.
QString cut(const QVariant& text) { return text.toString().left(128); }

DeviceRow rowOf(const QSqlQuery& query)
{
    DeviceRow row;
    int column = 0;
    row.id = query.value(column++).toLongLong();
    row.state = query.value(column++).toString();
    row.stateText = cut(query.value(column++));
    if (row.state == u"offline")
        row.stateText.clear();
    row.manufacturer = cut(query.value(column++));
    row.model = cut(query.value(column++));
    row.serialNumber = cut(query.value(column++));
    row.assetNumber = cut(query.value(column++));
    row.address = cut(query.value(column++));
    row.location = cut(query.value(column++));
    row.deviceType = cut(query.value(column++));
    if (const QVariant color = query.value(column++); !color.isNull())
        row.color = color.toBool();
    row.lowestSupply = query.value(column++).toString().toUtf8();
    if (const QVariant meter = query.value(column++); !meter.isNull())
        row.totalMeter = meter.toLongLong();
    row.totalMeterUnit = cut(query.value(column++));
    row.lastSeenAt = fromMs(query.value(column++).toLongLong());
    row.agentId = query.value(column++).toByteArray();
    row.agentName = cut(query.value(column++));
    Q_ASSERT(column == rowColumnCount);
    return row;
}

Result<QList<DeviceRow>> rowsOf(Result<QSqlQuery> found)
{
    if (!found)
        return fail(found.error());
    QList<DeviceRow> rows;
    while (found->next())
        rows.append(rowOf(*found));
    return rows;
}

/// A LIKE pattern for text that contains `word`, whatever characters are in it; with ESCAPE '!'.
QString containing(QString word)
{
    word.replace(u'!', u"!!"_s).replace(u'%', u"!%"_s).replace(u'_', u"!_"_s);
    return u'%' + word.toLower() + u'%';
}

/// The WHERE of a list with what it binds.
struct Condition {
    QStringList terms;
    QVariantList values;

    void add(const QString& term, const QVariantList& bound)
    {
        terms.append(term);
        values.append(bound);
    }
    QString sql() const { return terms.isEmpty() ? QString() : u" WHERE "_s + terms.join(u" AND "_s); }
};

/// All that need to be read of a device to find and order it, for FROM. Binds `presence`.
QString foundDevices(const Presence& presence)
{
    return u"(SELECT d.id, d.manufacturer, d.model, d.serial, d.location, d.lowest_supply_percent, d.total_meter,"
           " d.last_seen_at, d.agent_id, s.address_key, s.text, %1 AS state"
           " FROM device d LEFT JOIN device_search s ON s.device_id = d.id) AS d"_s.arg(seenState(presence));
}

Condition conditionOf(const DeviceListing& listing)
{
    Condition condition;
    if (!listing.states.isEmpty())
        condition.add(u"d.state IN (%1)"_s.arg(placeholders(listing.states.size())),
            QVariantList(listing.states.begin(), listing.states.end()));
    if (!listing.agentId.isEmpty())
        condition.add(u"d.agent_id = ?"_s, {listing.agentId});
    if (!listing.manufacturer.isEmpty())
        condition.add(u"lower(d.manufacturer) = ?"_s, {listing.manufacturer.toLower()});
    QStringList words = listing.search.simplified().split(u' ', Qt::SkipEmptyParts);
    words.resize(std::min(words.size(), mostWords));
    for (const QString& word : std::as_const(words))
        condition.add(u"d.text LIKE ? ESCAPE '!'"_s, {containing(word)});
    return condition;
}

/// What a list is ordered by. The words are ours, never a caller's.
struct Order {
    QString column; ///< NULL comes last
    QString key; ///< what is compared
};

Order orderOf(DeviceListing::Column column)
{
    const auto plain = [](const QString& name) { return Order{name, name}; };
    const auto caseless = [](const QString& name) { return Order{name, u"lower(%1)"_s.arg(name)}; };
    switch (column) {
    case DeviceListing::Column::Id:
        return plain(u"d.id"_s);
    case DeviceListing::Column::State:
        return {u"d.state"_s,
            u"CASE d.state WHEN 'error' THEN 1 WHEN 'attention' THEN 2 WHEN 'offline' THEN 3 WHEN 'unknown' THEN 4"
            " WHEN 'warmup' THEN 5 WHEN 'printing' THEN 6 WHEN 'ready' THEN 7 ELSE 8 END"_s};
    case DeviceListing::Column::Manufacturer:
        return caseless(u"d.manufacturer"_s);
    case DeviceListing::Column::Model:
        return caseless(u"d.model"_s);
    case DeviceListing::Column::SerialNumber:
        return caseless(u"d.serial"_s);
    case DeviceListing::Column::Address:
        return plain(u"d.address_key"_s);
    case DeviceListing::Column::Location:
        return caseless(u"d.location"_s);
    case DeviceListing::Column::LowestSupply:
        return plain(u"d.lowest_supply_percent"_s);
    case DeviceListing::Column::TotalMeter:
        return plain(u"d.total_meter"_s);
    case DeviceListing::Column::LastSeenAt:
        return plain(u"d.last_seen_at"_s);
    }
    Q_UNREACHABLE_RETURN({});
}

Result<QList<DeviceRow>> rowsFor(QSqlDatabase db, const QList<qint64>& ids, const Presence& presence)
{
    QVariantList values = presence;
    for (const qint64 id : ids)
        values.append(id);
    return rowsOf(query(db,
        u"SELECT %1 FROM %2 WHERE d.id IN (%3)"_s.arg(rowColumns(presence), rowTables, placeholders(ids.size())),
        values));
}

/// The page asked for: first only which devices, in order, so that nothing wide is sorted.
Result<QList<qint64>> pageOf(
    QSqlDatabase db, const DeviceListing& listing, const Condition& condition, const Presence& presence)
{
    const Order order = orderOf(listing.sortBy);
    auto found = query(db,
        u"SELECT d.id FROM %1%2 ORDER BY %3 IS NULL, %4 %5, d.id LIMIT ? OFFSET ?"_s.arg(foundDevices(presence),
            condition.sql(), order.column, order.key, listing.descending ? u"DESC"_s : u"ASC"_s),
        presence + condition.values + QVariantList{listing.limit, listing.offset});
    if (!found)
        return fail(found.error());
    QList<qint64> ids;
    while (found->next())
        ids.append(found->value(0).toLongLong());
    return ids;
}

Result<DeviceList> listOf(QSqlDatabase db, const DeviceListing& listing, const Presence& presence)
{
    const Condition condition = conditionOf(listing);
    auto counted =
        query(db, u"SELECT count(*) FROM "_s + foundDevices(presence) + condition.sql(), presence + condition.values);
    if (!counted)
        return fail(counted.error());
    DeviceList list;
    list.total = counted->next() ? counted->value(0).toLongLong() : 0;

    const Result<QList<qint64>> ids = pageOf(db, listing, condition, presence);
    if (!ids)
        return fail(ids.error());
    Result<QList<DeviceRow>> rows = rowsFor(db, *ids, presence);
    if (!rows)
        return fail(rows.error());
    list.rows = *std::move(rows);
    std::ranges::sort(list.rows, {}, [&](const DeviceRow& row) { return ids->indexOf(row.id); });
    return list;
}

Result<DeviceDetails> detailsOf(QSqlDatabase db, qint64 id, const Presence& presence)
{
    auto found = query(db,
        u"SELECT %1, d.first_seen_at, d.reading FROM %2 WHERE d.id = ?"_s.arg(rowColumns(presence), rowTables),
        presence + QVariantList{id});
    if (!found)
        return fail(found.error());
    if (!found->next())
        return fail(ErrorCode::NotFound, u"there is no device %1"_s.arg(id));
    const auto keyed = protocol::decodeMap(found->value(rowColumnCount + 1).toByteArray());
    if (!keyed)
        return fail(ErrorCode::StorageFailed,
            u"the reading of device %1 does not decode: %2"_s.arg(id).arg(keyed.error().detail));
    Result<model::Reading> reading = protocol::fromKeyed(*keyed);
    if (!reading)
        return fail(
            ErrorCode::StorageFailed, u"the reading of device %1 is not one: %2"_s.arg(id).arg(reading.error().detail));
    return DeviceDetails{rowOf(*found), fromMs(found->value(rowColumnCount).toLongLong()), *std::move(reading)};
}

QString tableOf(HistoryKind kind) { return kind == HistoryKind::Meter ? u"meter_sample"_s : u"supply_sample"_s; }

std::optional<double> numberOf(const QVariant& value)
{
    return value.isNull() ? std::nullopt : std::optional(value.toDouble());
}

/// The value that held when the part asked for begins.
Result<QList<Sample>> heldAt(QSqlDatabase db, const HistoryRequest& request)
{
    if (!request.from)
        return QList<Sample>();
    auto row = query(db,
        u"SELECT value FROM %1 WHERE device_id = ? AND key = ? AND at < ? ORDER BY at DESC LIMIT 1"_s.arg(
            tableOf(request.kind)),
        {request.deviceId, request.key, toMs(*request.from)});
    if (!row)
        return fail(row.error());
    if (!row->next() || row->value(0).isNull())
        return QList<Sample>();
    return QList<Sample>{{*request.from, numberOf(row->value(0))}};
}

Result<QList<Sample>> historyOf(QSqlDatabase db, const HistoryRequest& request)
{
    const QVariantList part{request.deviceId, request.key, toMs(request.from.value_or(Instant{})),
        toMs(request.to.value_or(fromMs(std::numeric_limits<qint64>::max())))};
    const QString where =
        u" FROM %1 WHERE device_id = ? AND key = ? AND at >= ? AND at <= ?"_s.arg(tableOf(request.kind));
    auto counted = query(db, u"SELECT count(*)"_s + where, part);
    if (!counted)
        return fail(counted.error());
    const qint64 count = counted->next() ? counted->value(0).toLongLong() : 0;
    const qint64 every = count / mostPoints + 1;

    Result<QList<Sample>> points = heldAt(db, request);
    if (!points)
        return points;
    // Counted from the end, so that the newest value is always there.
    auto rows = query(db,
        u"SELECT at, value FROM (SELECT at, value, row_number() OVER (ORDER BY at DESC) AS number"_s + where
            + u") AS numbered WHERE number % ? = ? OR value IS NULL ORDER BY at DESC LIMIT ?"_s,
        part + QVariantList{every, 1 % every, 2 * mostPoints});
    if (!rows)
        return fail(rows.error());
    const qsizetype first = points->size();
    while (rows->next())
        points->append({fromMs(rows->value(0).toLongLong()), numberOf(rows->value(1))});
    std::reverse(points->begin() + first, points->end());
    return points;
}

} // namespace

DeviceQueries::DeviceQueries(storage::Database& database, const Clock& clock, ConnectedAgents connected)
    : m_database(database)
    , m_clock(clock)
    , m_connected(std::move(connected))
{
}

QVariantList DeviceQueries::presence() const
{
    QVariantList presence{toMs(m_clock.now() - agentSilentAfter)};
    for (const QByteArray& agentId : m_connected())
        presence.append(agentId);
    return presence;
}

QCoro::Task<Result<DeviceList>> DeviceQueries::list(DeviceListing listing)
{
    return m_database.read([listing, who = presence()](QSqlDatabase db) { return listOf(db, listing, who); });
}

QCoro::Task<Result<QList<DeviceRow>>> DeviceQueries::rows(QList<qint64> ids)
{
    ids.resize(std::min(ids.size(), mostIds));
    return m_database.read([ids, who = presence()](QSqlDatabase db) { return rowsFor(db, ids, who); });
}

QCoro::Task<Result<DeviceDetails>> DeviceQueries::details(qint64 id)
{
    return m_database.read([id, who = presence()](QSqlDatabase db) { return detailsOf(db, id, who); });
}

QCoro::Task<Result<QList<Sample>>> DeviceQueries::history(HistoryRequest request)
{
    return m_database.read([request](QSqlDatabase db) { return historyOf(db, request); });
}

} // namespace platen::store
