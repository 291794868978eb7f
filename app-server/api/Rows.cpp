// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Rows.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTimeZone>

using namespace Qt::StringLiterals;

namespace platen::api {

namespace {

/// The supply of a list, as ingest wrote it: an object of short texts, whatever the device calls its cartridge.
QJsonValue supplyFrom(const QByteArray& json)
{
    QJsonObject supply = QJsonDocument::fromJson(json).object();
    if (supply.isEmpty())
        return QJsonValue::Null;
    for (auto field = supply.begin(); field != supply.end(); ++field)
        if (field->isString())
            *field = field->toString().left(128);
    return supply;
}

QString stateOf(const store::AgentRow& row, Instant now, bool isConnected)
{
    if (row.status == u"DEACTIVATED")
        return u"deactivated"_s;
    if (row.status == u"PENDING")
        return u"pending"_s;
    if (row.expiresAt && *row.expiresAt <= now)
        return u"expired"_s;
    return isConnected ? u"connected"_s : u"silent"_s;
}

} // namespace

QJsonValue toJson(Instant instant)
{
    return QDateTime::fromMSecsSinceEpoch(toMs(instant), QTimeZone::UTC).toString(Qt::ISODateWithMs);
}

QJsonValue toJson(const std::optional<Instant>& instant) { return instant ? toJson(*instant) : QJsonValue(); }

QJsonValue textOrNull(const QString& text) { return text.isEmpty() ? QJsonValue() : QJsonValue(text); }

std::optional<Instant> instantFrom(const QJsonValue& value)
{
    const QDateTime time = QDateTime::fromString(value.toString(), Qt::ISODateWithMs);
    return time.isValid() ? std::optional(fromMs(time.toMSecsSinceEpoch())) : std::nullopt;
}

QJsonObject toJson(const store::DeviceRow& row)
{
    QJsonValue meter;
    if (row.totalMeter)
        meter = QJsonObject{{u"value"_s, *row.totalMeter}, {u"unit"_s, textOrNull(row.totalMeterUnit)}};
    return {
        {u"id"_s, QString::number(row.id)},
        {u"state"_s, row.state},
        {u"stateText"_s, textOrNull(row.stateText)},
        {u"manufacturer"_s, textOrNull(row.manufacturer)},
        {u"model"_s, textOrNull(row.model)},
        {u"serialNumber"_s, textOrNull(row.serialNumber)},
        {u"assetNumber"_s, textOrNull(row.assetNumber)},
        {u"address"_s, textOrNull(row.address)},
        {u"location"_s, textOrNull(row.location)},
        {u"lowestSupply"_s, supplyFrom(row.lowestSupply)},
        {u"totalMeter"_s, meter},
        {u"lastSeenAt"_s, toJson(row.lastSeenAt)},
        {u"agentId"_s, textOrNull(QString::fromLatin1(row.agentId.toHex()))},
        {u"agentName"_s, textOrNull(row.agentName)},
        {u"deviceType"_s, textOrNull(row.deviceType)},
        {u"color"_s, row.color ? QJsonValue(*row.color) : QJsonValue()},
    };
}

std::vector<Field> deviceRowFields()
{
    const Schema name = Schema::text(128).orNull();
    const Schema meter = Schema::object({{u"value"_s, Schema::integer(0, 1LL << 53)}, {u"unit"_s, name}},
        u"prtMarkerLifeCount or the vendor's total"_s);
    return {
        {u"id"_s, Schema::text(20, u"The device's number, as text"_s)},
        {u"state"_s, Schema::choice(deviceStates(), u"offline also when the agent is silent"_s)},
        {u"stateText"_s, Schema::text(128, u"Keyword of the most severe error: \"lowToner\""_s).orNull()},
        {u"manufacturer"_s, name},
        {u"model"_s, name},
        {u"serialNumber"_s, name},
        {u"assetNumber"_s, name},
        {u"address"_s, name},
        {u"location"_s, name},
        {u"lowestSupply"_s,
            Schema::anyObject(u"name, kind, color, class and level of the supply that ends first, as in a reading"_s)
                .orNull()},
        {u"totalMeter"_s, meter.orNull()},
        {u"lastSeenAt"_s, Schema::instant(u"When the device answered last"_s)},
        {u"agentId"_s, Schema::text(32, u"Hexadecimal"_s).orNull()},
        {u"agentName"_s, name},
        {u"deviceType"_s, name},
        {u"color"_s, Schema::boolean().orNull()},
    };
}

QJsonObject toJson(const store::AgentRow& row, Instant now, bool isConnected)
{
    return {
        {u"id"_s, QString::fromLatin1(row.id.toHex())},
        {u"name"_s, row.name},
        {u"group"_s, textOrNull(row.group)},
        {u"state"_s, stateOf(row, now, isConnected)},
        {u"expiresAt"_s, toJson(row.expiresAt)},
        {u"lastSeenAt"_s, toJson(row.lastSeenAt)},
        {u"version"_s, textOrNull(row.version)},
        {u"os"_s, textOrNull(row.os)},
        {u"devices"_s, row.devices},
        {u"isForked"_s, row.isForked},
        {u"lost"_s, row.lost},
        {u"transport"_s, textOrNull(row.transport)},
        {u"transportNote"_s, textOrNull(row.transportNote)},
    };
}

Schema agentRowSchema()
{
    return Schema::object({
        {u"id"_s, Schema::text(32, u"Hexadecimal"_s)},
        {u"name"_s, Schema::text(128)},
        {u"state"_s, Schema::choice({u"connected"_s, u"silent"_s, u"expired"_s, u"deactivated"_s, u"pending"_s})},
        {u"group"_s, Schema::text(128, u"The customer it belongs to"_s).orNull()},
        {u"expiresAt"_s, Schema::instant(u"Null: never"_s).orNull()},
        {u"lastSeenAt"_s, Schema::instant().orNull()},
        {u"version"_s, Schema::text(64).orNull()},
        {u"os"_s, Schema::text(64).orNull()},
        {u"devices"_s, Schema::integer(0, 1LL << 53, u"How many devices it sent the latest reading of"_s)},
        {u"isForked"_s,
            Schema::boolean(u"A copy of it called, or it was put back: refused until platen-server agent rekey"_s)},
        {u"lost"_s, Schema::integer(0, 1LL << 53, u"Envelopes it declared lost"_s)},
        {u"transport"_s, Schema::text(32, u"Of the session: \"websocket\", \"sse\" or \"longpoll\""_s).orNull()},
        {u"transportNote"_s, Schema::text(1024, u"Why it is none better, as the agent says"_s).orNull()},
    });
}

const QStringList& deviceStates()
{
    static const QStringList states{
        u"error"_s, u"attention"_s, u"offline"_s, u"unknown"_s, u"warmup"_s, u"printing"_s, u"ready"_s, u"sleeping"_s};
    return states;
}

} // namespace platen::api
