// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <console/frame/Screen.h>

namespace platen::console {

/// Every screen of the console, in the order of the navigation.
const QList<ScreenRow>& catalogue();

} // namespace platen::console
