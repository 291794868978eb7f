// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Columns.h"
#include "Profile.h"
#include "SourceNotes.h"

#include <model/Reading.h>

namespace platen::profiles {

/// Adds what a profile knows of supplies beyond the Printer MIB: serial numbers of cartridges, and a percentage where the
/// Printer MIB gives no number ("some is left", "unknown"). A percentage of the Printer MIB is never replaced.
void completeSupplies(
    const Columns& columns, const Profile& profile, QList<model::Supply>& supplies, SourceNotes& notes);

} // namespace platen::profiles
