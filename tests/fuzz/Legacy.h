// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

namespace platen::fuzz {

/// The obsolete file of 4.x and its answer, from a stranger and (first byte) from one who has the key. In builds with it only.
void legacyFile(QByteArrayView input);
QList<QByteArray> legacySeeds();

} // namespace platen::fuzz
