// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Clock.h>
#include <base/Result.h>
#include <model/Reading.h>

#include <QCborMap>
#include <QSqlDatabase>

#include <optional>

/// The writing side of the device tables. All of it runs inside a write.
namespace platen::store {

/// Which device an agent speaks of.
struct DeviceOfAgent {
    QByteArray agentId;
    quint64 localId = 0;
};

/// The latest reading of the device that an agent means; nothing when it never sent one.
Result<std::optional<QCborMap>> latestReading(QSqlDatabase db, const DeviceOfAgent& who);

/// Stores a reading, in both its forms, as the latest of its device: finds the device or makes it (DeviceIdentity), updates what
/// lists show, adds to the history. A reading from the future (an agent's clock is wrong) is taken as of `now`. Says the device.
Result<qint64> storeReading(
    QSqlDatabase db, const DeviceOfAgent& who, QCborMap keyed, model::Reading reading, Instant now);

/// The device answered at `at` (at most `now` counts) and had nothing new. Says the device; nothing when it never sent a reading.
Result<std::optional<qint64>> noteSeen(QSqlDatabase db, const DeviceOfAgent& who, Instant at, Instant now);

} // namespace platen::store
