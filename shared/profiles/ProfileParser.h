// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Profile.h"

#include <base/Result.h>

#include <QByteArray>

namespace platen::profiles {

/// Reads one profile file. docs/profiles.md has the schema. Fails with InvalidInput: the sentence names `file`, key and
/// line.
Result<Profile> parseProfile(const QString& file, const QByteArray& json);

} // namespace platen::profiles
