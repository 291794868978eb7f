// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

namespace platen::fuzz {

/// What a stranger sends to the server's port, over a pair of sockets and through all of the edge's own code, without threads.
void httpTalk(QByteArrayView input);
QList<QByteArray> httpSeeds();

/// The same after a good upgrade: frames.
void frames(QByteArrayView input);
QList<QByteArray> frameSeeds();

/// Sessions without a WebSocket: requests in any order, by somebody who has a token and by somebody who makes one up.
void longPoll(QByteArrayView input);
QList<QByteArray> longPollSeeds();

} // namespace platen::fuzz
