// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Icons.h"

#include <QColor>
#include <QPalette>

namespace platen::widgets {

/// How a device is, in one word; the keywords are the API's.
enum class DeviceState { Ready, Printing, WarmingUp, Attention, Error, Sleeping, Offline, Unknown };

/// From "ready", "printing", "warmup", "attention", "error", "sleeping", "offline"; anything else is Unknown.
DeviceState deviceStateFrom(const QString& keyword);
QString keywordOf(DeviceState state);

QString wordOf(DeviceState state);                               ///< translated: "Ready", "Warming up"
QIcon iconOf(DeviceState state);                                 ///< a shape of its own, in its colour
QColor colorOf(DeviceState state, const QPalette& palette);

} // namespace platen::widgets
