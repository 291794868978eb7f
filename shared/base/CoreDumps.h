// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace platen {

/// From now on no core dump of this process is written, and nobody but root may look into its memory. Keys lie where no dump looks
/// anyway (Secret.h); passwords on their way through a request do not. Does nothing when PLATEN_CORE_DUMPS is set, for who debugs.
void refuseCoreDumps();

} // namespace platen
