// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>

namespace platen::fuzz {

/// A datagram, as the engine takes it apart: v1, v2c, and v3 with and without the keys.
void answer(QByteArrayView input);
/// A datagram, as a sweep takes it apart.
void probeAnswer(QByteArrayView input);
QList<QByteArray> answerSeeds();

/// A talk with one of our printers (the first byte), whose answers are changed on the way as the other bytes say. It comes to its
/// end, and what it says is possible.
void interview(QByteArrayView input);
QList<QByteArray> interviewSeeds();

} // namespace platen::fuzz
