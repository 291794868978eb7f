// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Result.h"

namespace platen {

/// Root at work in a folder that belongs to a service's own user becomes that user, for good: what it writes there has to be
/// readable for the service. Changes nothing for other users, for root's own folders and where no folder is yet. Fails with
/// PermissionDenied when root may not become that user.
Status becomeOwnerOf(const QString& folder);

} // namespace platen
