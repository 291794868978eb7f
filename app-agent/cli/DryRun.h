// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <agent/engine/ScanPlan.h>

namespace platen::agent {

/// What a search by `plan` would ask whom, how fast and how often, in lines for people. Nothing is sent for it.
QString scanText(const ScanPlan& plan, const Settings& settings);

/// Which values of a printer would be sent, and which the mask keeps back.
QString sendingText(const Settings& settings, const QString& server);

} // namespace platen::agent
