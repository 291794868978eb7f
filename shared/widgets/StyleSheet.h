// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Colors.h"

namespace platen::widgets {

/// The one style sheet: what a palette cannot say (cards, chips, radii). Set by the Theme on the application, never elsewhere.
QString styleSheet(const Colors& colors);

} // namespace platen::widgets
