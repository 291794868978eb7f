// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Columns.h"

#include <model/Reading.h>

#include <QHostAddress>

/// What RFC 3805, RFC 2790 and RFC 2863 say of a printer. All functions are pure and leave out what is not there.
namespace platen::profiles::standard {

/// What a device says of a level: the negative numbers of RFC 3805 by their meaning, a percentage only where a capacity or the
/// unit percent allows one, never above 100. A receptacle's level is the room that is left in it.
model::SupplyLevel supplyLevel(std::optional<qint64> level, std::optional<qint64> capacity, std::optional<qint64> unit);

/// The charset of the device's text: prtLocalizationCharacterSet of the console's localization, else of the general one, else
/// of the first. 0 when none is given.
int charset(const Columns& columns, quint32 device);

QList<model::Supply> supplies(const Columns& columns, quint32 device, int charset);
QList<model::Meter> meters(const Columns& columns, quint32 device); ///< one "total" a marker
QList<model::Alert> alerts(const Columns& columns, quint32 device, int charset);
QStringList display(const Columns& columns, quint32 device, int charset); ///< without empty lines
model::DeviceStatus status(const Columns& columns, quint32 device); ///< without display

/// More than one colorant, a coloured supply, or several process colorants: true; any of these saying one or black: false.
std::optional<bool> isColor(const Columns& columns, quint32 device, const QList<model::Supply>& supplies);

/// Of the interface that has the address that answered, else of the only address that is not loopback, else of the first
/// network interface that is up.
QString macAddress(const Columns& columns, const QHostAddress& address);

} // namespace platen::profiles::standard
