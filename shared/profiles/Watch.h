// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Catalogue.h"

#include <snmp/Heard.h>

namespace platen::profiles {

/// What has to be asked again of a device that was read before, to see whether it changed: its serial number, status, life
/// count, levels, alerts, first line of the panel, and a counter of scans, which move without marks on paper. Forgets them.
void forgetWhatChanges(const Catalogue& catalogue, const Profile& profile, snmp::Heard& heard);

/// What followed from comparing the answers with those of before.
enum class Change {
    Values, ///< what was watched is all that can have changed
    More,   ///< other objects can have changed too; they are forgotten and to be asked now
    Device, ///< it is another device, or has other rows: read it from the start
};
Change forgetWhatFollows(
    const Catalogue& catalogue, const Profile& profile, const snmp::Answers& before, snmp::Heard& heard);

} // namespace platen::profiles
