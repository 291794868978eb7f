// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Clock.h>

#include <QString>

namespace platen::widgets {

/// "just now", "2 min ago", "3 h ago", "12 days ago", then the date. An instant in the future (clocks differ)
/// is "just now"; an instant of 0 is "never".
QString relativeTime(Instant then, Instant now);

/// The exact time in the user's zone and locale, for the hover.
QString exactTime(Instant then);

} // namespace platen::widgets
