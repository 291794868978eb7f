// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Dispatcher.h"

#include "Log.h"

#include <server/access/Authorizer.h>

using namespace Qt::StringLiterals;

Q_LOGGING_CATEGORY(lcApi, "platen.api", QtInfoMsg)

namespace platen::api {

namespace {

/// What went wrong inside is for our log, not for whoever called.
bool isOurs(ErrorCode code)
{
    return code == ErrorCode::Internal || code == ErrorCode::StorageFailed || code == ErrorCode::CryptoFailed;
}

} // namespace

Dispatcher::Dispatcher(access::Sessions& sessions)
    : m_sessions(sessions)
{
}

QCoro::Task<Answer> Dispatcher::run(const Call* call, std::shared_ptr<Connection> connection, QJsonObject parameters)
{
    Answer answer = co_await attempt(call, std::move(connection), std::move(parameters));
    if (!answer && isOurs(answer.error().error.code)) {
        qCWarning(lcApi).noquote() << call->name << "failed:" << answer.error().error;
        answer.error().error.detail = u"the server could not do this; its log says why"_s;
    }
    co_return answer;
}

QCoro::Task<Answer> Dispatcher::attempt(
    const Call* call, std::shared_ptr<Connection> connection, QJsonObject parameters)
{
    Context context{connection, {}};
    if (call->permission) {
        const QByteArray tokenHash = connection->tokenHash;
        const Result<access::Session> session = co_await m_sessions.use(tokenHash);
        if (!session && session.error().code == ErrorCode::NotAuthenticated && connection->tokenHash == tokenHash)
            connection->tokenHash.clear();
        if (!session)
            co_return std::unexpected(session.error());
        if (const Status allowed = access::Authorizer::check(*session, *call->permission); !allowed)
            co_return std::unexpected(allowed.error());
        if (call->needsProof && !session->isProven)
            co_return std::unexpected(
                CallError(ErrorCode::ProofNeeded, u"give the password again by session.prove, then call %1 again"_s.arg(call->name)));
        context.session = *session;
    }
    if (call->needsConnection && !connection->subscribe)
        co_return std::unexpected(
            CallError(ErrorCode::Unsupported, u"%1 works on a WebSocket connection only"_s.arg(call->name)));
    if (const Status checked = call->parameters.check(parameters); !checked)
        co_return std::unexpected(checked.error());

    co_return co_await call->handler(context, parameters);
}

} // namespace platen::api
