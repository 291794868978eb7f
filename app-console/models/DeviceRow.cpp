// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "DeviceRow.h"

#include <protocol/ReadingCodec.h>
#include <widgets/Words.h>

#include <QDateTime>

using namespace Qt::StringLiterals;

namespace platen::console {

namespace {

std::optional<model::Supply> supplyFrom(const QJsonValue& value)
{
    if (!value.isObject())
        return {};
    const QJsonObject json = value.toObject();
    const QJsonObject level = json["level"_L1].toObject();
    const QString kind = level["kind"_L1].toString();
    const auto percent = [&level](QLatin1StringView key) { return std::clamp(level[key].toDouble(), 0.0, 100.0); };
    model::Supply supply;
    supply.index = json["index"_L1].toString();
    supply.name = protocol::cleaned(json["name"_L1].toString());
    supply.kind = json["kind"_L1].toString();
    supply.color = json["color"_L1].toString();
    if (const QString classWord = json["class"_L1].toString(); classWord == "filled"_L1)
        supply.supplyClass = model::SupplyClass::Filled;
    else if (classWord == "consumed"_L1)
        supply.supplyClass = model::SupplyClass::Consumed;
    if (kind == "percent"_L1)
        supply.level = {.kind = model::SupplyLevel::Kind::Percent, .percent = percent("percent"_L1)};
    else if (kind == "range"_L1)
        supply.level = {.kind = model::SupplyLevel::Kind::Range, .low = percent("low"_L1), .high = percent("high"_L1)};
    else if (kind == "some"_L1)
        supply.level.kind = model::SupplyLevel::Kind::Some;
    else if (kind == "unknown"_L1)
        supply.level.kind = model::SupplyLevel::Kind::Unknown;
    return supply;
}

} // namespace

DeviceRow DeviceRow::fromJson(const QJsonObject& json)
{
    const auto text = [&json](QLatin1StringView key) { return protocol::cleaned(json[key].toString()); };
    DeviceRow row;
    row.id = json["id"_L1].toString();
    row.state = widgets::deviceStateFrom(json["state"_L1].toString());
    row.stateText = text("stateText"_L1);
    row.manufacturer = text("manufacturer"_L1);
    row.model = text("model"_L1);
    row.serialNumber = text("serialNumber"_L1);
    row.assetNumber = text("assetNumber"_L1);
    row.address = text("address"_L1);
    row.location = text("location"_L1);
    row.lowestSupply = supplyFrom(json["lowestSupply"_L1]);
    if (const QJsonObject meter = json["totalMeter"_L1].toObject(); meter["value"_L1].isDouble()) {
        row.totalMeter = meter["value"_L1].toInteger();
        row.totalUnit = meter["unit"_L1].toString();
    }
    row.lastSeenAt = instantFrom(json["lastSeenAt"_L1].toString());
    row.agentId = json["agentId"_L1].toString();
    row.agentName = text("agentName"_L1);
    row.deviceType = text("deviceType"_L1);
    return row;
}

QString DeviceRow::title() const
{
    if (model.isEmpty() && manufacturer.isEmpty())
        return address;
    return model.startsWith(manufacturer, Qt::CaseInsensitive) ? model : QString(manufacturer + u' ' + model).trimmed();
}

QString DeviceRow::stateWords() const
{
    const bool isTrouble = state == widgets::DeviceState::Attention || state == widgets::DeviceState::Error;
    return isTrouble && !stateText.isEmpty() ? widgets::errorName(stateText) : QString();
}

Instant instantFrom(const QString& iso)
{
    const QDateTime time = QDateTime::fromString(iso, Qt::ISODateWithMs);
    return time.isValid() ? fromMs(time.toMSecsSinceEpoch()) : Instant{};
}

} // namespace platen::console
