// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Call.h"

#include <server/access/Sessions.h>

namespace platen::api {

/// The one way to a handler, whatever the call came by: session, permission, proof, parameters, in this order. Lives as long as the program.
class Dispatcher {
public:
    explicit Dispatcher(access::Sessions& sessions);

    /// Fails with NotAuthenticated, PermissionDenied, ProofNeeded, InvalidInput (naming the parameter), Unsupported, or what the handler says.
    /// `call` is a row of the catalogue.
    QCoro::Task<Answer> run(const Call* call, std::shared_ptr<Connection> connection, QJsonObject parameters);

private:
    QCoro::Task<Answer> attempt(const Call* call, std::shared_ptr<Connection> connection, QJsonObject parameters);

    access::Sessions& m_sessions;
};

} // namespace platen::api
