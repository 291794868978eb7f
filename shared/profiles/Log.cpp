// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Log.h"

namespace platen::profiles {

Q_LOGGING_CATEGORY(log, "platen.profiles", QtInfoMsg)

} // namespace platen::profiles
