// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <model/Reading.h>

#include <QList>
#include <QString>

namespace platen::agent {

/// Readings as a table for people: address, model, serial number, state, total meter, supplies.
QString tableOf(const QList<model::Reading>& readings);

/// Where each value of the readings came from, a line each: address, value's path, object, raw value.
QString sourcesOf(const QList<model::Reading>& readings);

/// "54 %", "20–40 %", "some", "unknown"; empty when the device has no such value.
QString levelText(const model::SupplyLevel& level);

} // namespace platen::agent
