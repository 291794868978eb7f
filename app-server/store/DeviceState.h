// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <model/Reading.h>

#include <optional>

namespace platen::store {

/// What lists say of a device in one word, and in one more: from hrPrinterStatus, hrPrinterDetectedErrorState, prtAlertTable and
/// the panel. The one place where this is decided.
struct DeviceState {
    QString
        state; ///< "offline", "error", "attention", "printing", "warmup", "sleeping", "ready", "unknown": the first that fits
    QString
        reason; ///< keyword of the most severe condition: "jammed", "lowToner"; empty when there is none or it has no keyword

    bool operator==(const DeviceState&) const = default;
};

DeviceState stateOf(const model::Reading& reading);

/// The supply that runs out first, of those that are used up (a waste container never is): the lowest percentage, else one that
/// has some; nothing when no level is known.
std::optional<model::Supply> lowestSupply(const model::Reading& reading);

/// What there is at least of it, 0–100; nothing when the device gives no number.
std::optional<double> percentOf(const model::SupplyLevel& level);

/// The device's total: its own counter "total", else the highest of its markers'.
std::optional<model::Meter> totalMeter(const model::Reading& reading);

} // namespace platen::store
