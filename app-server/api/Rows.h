// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Schema.h"

#include <base/Clock.h>
#include <server/store/AgentQueries.h>
#include <server/store/DeviceQueries.h>

namespace platen::api {

/// How values look in the API. Unknown is null, never "" or 0.
QJsonValue toJson(Instant instant); ///< "2026-11-22T12:00:00.000Z"
QJsonValue toJson(const std::optional<Instant>& instant);
QJsonValue textOrNull(const QString& text);
std::optional<Instant> instantFrom(const QJsonValue& value); ///< nothing for null, missing and what is no instant

/// A row of devices.list, and of the notification devices.changed.
QJsonObject toJson(const store::DeviceRow& row);
std::vector<Field> deviceRowFields();

/// A row of agents.list, and of the notification agents.changed. `now` and `isConnected` make its state.
QJsonObject toJson(const store::AgentRow& row, Instant now, bool isConnected);
Schema agentRowSchema();

/// The states of a device, most urgent first.
const QStringList& deviceStates();

} // namespace platen::api
