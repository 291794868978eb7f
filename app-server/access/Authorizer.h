// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "User.h"

#include <base/Result.h>

#include <optional>

namespace platen::access {

/// The one place that answers "may this user?". Denies by default.
class Authorizer {
public:
    /// Fails with NotAuthenticated (no session) or PermissionDenied (the sentence names the permission).
    static Status check(const std::optional<Session>& session, model::Permission permission);
};

} // namespace platen::access
