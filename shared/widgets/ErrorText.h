// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Error.h>

namespace platen::widgets {

/// What a person reads for an error: one sentence on what happened, one on what to do, translated. Never the detail.
QString errorText(ErrorCode code);

} // namespace platen::widgets
