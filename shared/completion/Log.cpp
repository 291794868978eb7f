// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Log.h"

namespace platen::completion {

Q_LOGGING_CATEGORY(log, "platen.completion", QtInfoMsg)

} // namespace platen::completion
