// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

class QObject;

namespace platen {

/// Calls `stop` on `context`'s thread, from its event loop, at the first SIGINT, SIGTERM or SIGHUP; a second one ends the
/// process at once. With `hangUp`, SIGHUP calls that instead, each time. Also ignores SIGPIPE. Once per process, after the application object is there. Linux: signalfd's older
/// sibling, a socket pair, so that nothing happens inside a signal handler.
void stopOnSignals(QObject* context, std::function<void()> stop, std::function<void()> hangUp = {});

} // namespace platen
