// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>
#include <model/Reading.h>

#include <QSqlDatabase>

#include <optional>

namespace platen::store {

/// A serial number as devices are compared by: letters and digits in upper case, without the zeros in front (HP pads with "00").
/// Empty for what is no serial number: too short, one character over and over, "N/A", "1234567890".
QString normalisedSerial(QStringView serial);

/// A MAC address as devices are compared by: "00:11:22:33:44:55"; empty for none, all zeros, all ones, a group address.
QString normalisedMac(QStringView mac);

/// The device that sent `identity` under `localId` of an agent, by weighted evidence: maker and serial number, then MAC, then the
/// agent's own number. Evidence that contradicts wins over evidence that agrees: two serial numbers are two devices, whatever
/// else they share. Serial number and MAC count only within the agent's customer (group). Nothing: a device not seen before. Inside a write.
Result<std::optional<qint64>> findDevice(
    QSqlDatabase db, const QByteArray& agentId, quint64 localId, const model::Identity& identity);

} // namespace platen::store
