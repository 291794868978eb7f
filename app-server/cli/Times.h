// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Clock.h>
#include <base/Result.h>

#include <QString>

namespace platen::cli {

/// For people: "2026-11-30 18:00", in this machine's time zone.
QString shown(Instant instant);

/// For machines: ISO 8601 in UTC, with milliseconds.
QString iso(Instant instant);

/// A person's: "2026-12-31" (its last moment), "2026-12-31 18:00", or ISO 8601 with a zone; without one, this machine's. Fails with
/// InvalidInput.
Result<Instant> instantFrom(const QString& text);

} // namespace platen::cli
