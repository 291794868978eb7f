// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Clock.h>
#include <model/Reading.h>
#include <widgets/DeviceState.h>

#include <QJsonObject>

namespace platen::console {

/// One device as a table shows it: a row of the API's devices.list.
struct DeviceRow {
    QString id;
    widgets::DeviceState state = widgets::DeviceState::Unknown;
    QString stateText; ///< keyword of its most severe error, empty when there is none
    QString manufacturer, model, serialNumber, assetNumber, address, location;
    std::optional<model::Supply> lowestSupply;
    std::optional<qint64> totalMeter;
    QString totalUnit;
    Instant lastSeenAt{}; ///< 0: never
    QString agentId, agentName, deviceType;

    bool operator==(const DeviceRow&) const = default;

    /// Reads what the server sent; what is missing or of another type stays empty. A row without id is to be dropped.
    static DeviceRow fromJson(const QJsonObject& json);

    /// "HP Color LaserJet Pro M452nw"; the address when the device told nothing.
    QString title() const;

    /// What the state's pill says: the error in words, or nothing for the state's own word.
    QString stateWords() const;
};

/// An ISO-8601 instant of the API; 0 when it is none.
Instant instantFrom(const QString& iso);

} // namespace platen::console
