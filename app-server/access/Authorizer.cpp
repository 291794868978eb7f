// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Authorizer.h"

using namespace Qt::StringLiterals;

namespace platen::access {

Status Authorizer::check(const std::optional<Session>& session, model::Permission permission)
{
    if (!session)
        return fail(ErrorCode::NotAuthenticated, u"sign in first"_s);
    if (!session->permissions.contains(permission))
        return fail(ErrorCode::PermissionDenied,
            u"user %1 needs the permission %2"_s.arg(session->user.name, model::nameOf(permission)));
    return {};
}

} // namespace platen::access
