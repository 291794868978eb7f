// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Log.h"

namespace platen::snmp {

Q_LOGGING_CATEGORY(log, "platen.snmp", QtInfoMsg)

} // namespace platen::snmp
