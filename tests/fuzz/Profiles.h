// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>

namespace platen::fuzz {

/// One byte names the decoder, the next ones its parameters, the rest is the value. Texts stay within bounds, counts positive.
void decoder(QByteArrayView input);
QList<QByteArray> decoderSeeds();

/// The first byte names a recording of ours, then come changes to its objects. A reading holds no impossible number, and its written
/// forms lead back to it.
void interpretation(QByteArrayView input);
QList<QByteArray> interpretationSeeds();

/// What an agent kept of a device.
void memory(QByteArrayView input);
QList<QByteArray> memorySeeds();

void profile(QByteArrayView input);
QList<QByteArray> profileSeeds();

} // namespace platen::fuzz
