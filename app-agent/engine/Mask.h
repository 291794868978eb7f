// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <model/Reading.h>

namespace platen::agent {

/// What must not leave the site.
struct Mask {
    bool address = false; ///< IP addresses
    bool hostName = true; ///< names of devices in the network
    bool location = false; ///< sysLocation

    bool operator==(const Mask&) const = default;
};

/// The reading without what the mask names: the value is absent, and the device's own address or host name is struck out where
/// it stands in other texts, such as the panel's. The server keeps the device apart by the agent's number for it all the same.
model::Reading masked(model::Reading reading, const Mask& mask);

/// "address", "hostName", "location": what the mask names.
QStringList namesOf(const Mask& mask);

/// Where a device's name in the network stands in a reading's `misc`.
inline constexpr QLatin1StringView hostNameKey{"hostName"};

} // namespace platen::agent
