// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <profiles/Reader.h>

namespace platen::agent {

/// What must not leave the site.
struct Mask {
    bool address = false; ///< IP addresses
    bool hostName = true; ///< names of devices in the network: not even asked for
    bool location = false; ///< sysLocation

    bool operator==(const Mask&) const = default;
};

/// The reading without what the mask names: the value is absent, and the device's own address or host name is struck out where
/// it stands in other texts. With `address` so is every other address in the panel's lines, alerts, location and `misc`. A host
/// name that was never asked for is not known, so it is not found in such texts. The server keeps the device apart by the agent's number for it all the same.
model::Reading masked(model::Reading reading, const Mask& mask);

/// "address", "hostName", "location": what the mask names.
QStringList namesOf(const Mask& mask);

} // namespace platen::agent
