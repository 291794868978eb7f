// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

namespace platen::fuzz {

/// The first byte says how: the rest as an envelope; or the rest sealed by one who has the key, type, flags and direction included,
/// so that what is inside is reached; or a good envelope with one of its bytes changed.
void envelope(QByteArrayView input);
QList<QByteArray> envelopeSeeds();

/// The first byte names a message, the rest is its CBOR.
void message(QByteArrayView input);
QList<QByteArray> messageSeeds();

/// M1 and M3 as a server takes them, from a stranger or from one who knows the PIN (first byte); M4's box.
void activation(QByteArrayView input);
QList<QByteArray> activationSeeds();

/// Server-sent events as a client reads them, in pieces whose lengths are in the input; and what a POST says of its messages.
void eventStream(QByteArrayView input);
QList<QByteArray> eventStreamSeeds();

} // namespace platen::fuzz
