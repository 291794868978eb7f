// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Columns.h"
#include "Profile.h"
#include "SourceNotes.h"

#include <model/Reading.h>

namespace platen::profiles {

/// The counters a profile names, each name once. A counter that is negative, missing or no number is left out.
QList<model::Meter> vendorMeters(const Columns& columns, const Profile& profile, quint32 device, SourceNotes& notes);

/// Without the counters that cannot be what their names say: parts that together are more than their whole (mono and colour
/// more than the total, copies in colour more than all copies). It cannot be told which of them is wrong, so none is kept;
/// the totals stay. A hundredth more is allowed: the counters are not read at one instant.
QList<model::Meter> plausible(QList<model::Meter> meters);

} // namespace platen::profiles
