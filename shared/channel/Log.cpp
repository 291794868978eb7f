// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Log.h"

namespace platen::channel {

Q_LOGGING_CATEGORY(log, "platen.channel", QtInfoMsg)

} // namespace platen::channel
