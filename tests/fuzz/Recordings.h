// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>

namespace platen::fuzz {

/// Whatever parses is written and parsed again, to the same.
void recording(QByteArrayView input);
QList<QByteArray> recordingSeeds();

/// A range that parses holds no more than a sweep may ask, in order; an exclusion is in order.
void range(QByteArrayView input);
QList<QByteArray> rangeSeeds();

} // namespace platen::fuzz
