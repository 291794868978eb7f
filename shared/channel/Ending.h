// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Transport.h"

namespace platen::channel {

/// What the server's close means, whatever carried it: `code` as of a WebSocket's close frame, `reason` in the server's words,
/// which nobody has checked.
Error endingFrom(const QString& server, quint16 code, const QString& reason);

/// How long that close asks to stay away: 1001, 1012 or 1013 with "retry in 7 s" in its reason, at most five minutes. Else nothing.
std::chrono::seconds pauseFrom(quint16 code, const QString& reason);

/// Transport::close().
Error closedByUs(const QString& server);

/// Transport::open() while nobody answers, and later, after `silence` without a sign of life.
Error noAnswer(const QString& server);
Error gone(const QString& server, std::chrono::milliseconds silence);

} // namespace platen::channel
