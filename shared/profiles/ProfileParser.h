// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Catalogue.h"

#include <QByteArray>
#include <QJsonObject>

namespace platen::profiles {

/// Reads one profile file. README.md has the schema. Fails with InvalidInput: the sentence names `file` and the key.
Result<Profile> parseProfile(const QString& file, const QByteArray& json);

} // namespace platen::profiles
