// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

namespace platen::profiles {

/// The line, from 1, on which the value at `path` ("meters[0].sources[1].object") begins; of a path that is not there, the line
/// of its nearest parent. `json` must be valid JSON. For messages to people who write such files.
int lineOfJsonValue(const QByteArray& json, const QString& path);

/// The line, from 1, of the byte at `offset`.
int lineOfByte(const QByteArray& json, qsizetype offset);

} // namespace platen::profiles
