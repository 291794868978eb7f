// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>

#include <QSqlDatabase>

namespace platen::store {

/// Brings device_search up to what is now in the device's row. Inside a write.
Status indexDevice(QSqlDatabase db, qint64 deviceId);

/// What addresses are ordered by: 32 hexadecimal digits of the 128 bits, IPv4 as ::ffff:a.b.c.d. Empty for what is no address.
QString addressKey(const QString& address);

} // namespace platen::store
