// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>
#include <model/Reading.h>

#include <QSqlDatabase>

namespace platen::store {

/// Adds to meter_sample and supply_sample what changed between two readings of a device, at the time of the later one. Meters go by
/// "name" or "name/marker", supplies by index. A device that went offline, and a value that is gone, open a gap (NULL); one that
/// came back closes it. `before` is null for a new device. Inside a write.
Status recordHistory(QSqlDatabase db, qint64 deviceId, const model::Reading* before, const model::Reading& after);

} // namespace platen::store
