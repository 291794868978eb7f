// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Log.h"

namespace platen::http {

Q_LOGGING_CATEGORY(log, "platen.http", QtInfoMsg)

} // namespace platen::http
