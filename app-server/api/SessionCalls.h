// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Call.h"

#include <server/access/Sessions.h>

namespace platen::api {

/// What a console is told of the server when it signs in.
struct ServerIdentity {
    QString id; ///< hexadecimal
    QString version;
};

/// login, resume, session.prove, logout.
class SessionCalls {
public:
    SessionCalls(access::Sessions& sessions, ServerIdentity server);

    QCoro::Task<Answer> login(Context context, QJsonObject parameters);
    QCoro::Task<Answer> resume(Context context, QJsonObject parameters);
    QCoro::Task<Answer> prove(Context context, QJsonObject parameters);
    QCoro::Task<Answer> logout(Context context, QJsonObject parameters);

    static Schema loginParameters();
    static Schema resumeParameters();
    static Schema proveParameters();
    static Schema result(bool withToken);

private:
    QJsonObject describe(const access::Session& session) const;

    access::Sessions& m_sessions;
    ServerIdentity m_server;
};

} // namespace platen::api
