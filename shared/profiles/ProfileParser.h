// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Profile.h"

#include <base/Result.h>

#include <QByteArray>

namespace platen::profiles {

/// The names that a profile may give a maker's meters, on pages as in the MIB.
const QStringList& meterNames();

/// Reads one profile file. docs/profiles.md has the schema. Fails with InvalidInput: the sentence names `file`, key and
/// line.
Result<Profile> parseProfile(const QString& file, const QByteArray& json);

} // namespace platen::profiles
