// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "SessionCalls.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace platen::api {

namespace {

/// The connection belongs to this session now; what it was subscribed to belonged to another.
void attach(Connection& connection, const QByteArray& tokenHash)
{
    connection.tokenHash = tokenHash;
    if (connection.subscribe)
        connection.subscribe({});
}

CallError from(const access::Refusal& refusal)
{
    CallError refused(refusal.error);
    if (refusal.retryAfter)
        refused.retryAfterSeconds = refusal.retryAfter->count();
    return refused;
}

} // namespace

SessionCalls::SessionCalls(access::Sessions& sessions, ServerIdentity server)
    : m_sessions(sessions)
    , m_server(std::move(server))
{
}

QCoro::Task<Answer> SessionCalls::login(Context context, QJsonObject parameters)
{
    const Secret password(parameters.value(u"password"_s).toString().toUtf8());
    const auto signedIn =
        co_await m_sessions.login(parameters.value(u"name"_s).toString(), password, context.connection->source);
    if (!signedIn)
        co_return std::unexpected(from(signedIn.error()));
    attach(*context.connection, signedIn->session.tokenHash);
    QJsonObject result = describe(signedIn->session);
    result[u"token"_s] = QString::fromLatin1(signedIn->token.reveal());
    co_return result;
}

QCoro::Task<Answer> SessionCalls::resume(Context context, QJsonObject parameters)
{
    const Secret token(parameters.value(u"token"_s).toString().toLatin1());
    const Result<access::Session> session = co_await m_sessions.use(access::Sessions::hashOf(token));
    if (!session)
        co_return std::unexpected(session.error());
    attach(*context.connection, session->tokenHash);
    co_return describe(*session);
}

QCoro::Task<Answer> SessionCalls::prove(Context context, QJsonObject parameters)
{
    const Secret password(parameters.value(u"password"_s).toString().toUtf8());
    const auto proven = co_await m_sessions.prove(context.session, password, context.connection->source);
    if (!proven && proven.error().error.code == ErrorCode::NotAuthenticated)
        co_return std::unexpected(CallError(ErrorCode::PermissionDenied, u"the password is wrong"_s)); // the session goes on
    if (!proven)
        co_return std::unexpected(from(proven.error()));
    co_return QJsonObject();
}

QCoro::Task<Answer> SessionCalls::logout(Context context, QJsonObject)
{
    if (const Status ended = co_await m_sessions.logout(context.session); !ended)
        co_return std::unexpected(ended.error());
    if (context.connection->tokenHash == context.session.tokenHash)
        attach(*context.connection, {});
    co_return QJsonObject();
}

Schema SessionCalls::loginParameters()
{
    return Schema::object({
        {u"name"_s, Schema::text(256)},
        {u"password"_s, Schema::password(1024)},
    });
}

Schema SessionCalls::resumeParameters()
{
    return Schema::object({{u"token"_s, Schema::password(64, u"As login gave it"_s)}});
}

Schema SessionCalls::proveParameters()
{
    return Schema::object({{u"password"_s, Schema::password(1024, u"Of the user who is signed in"_s)}});
}

Schema SessionCalls::result(bool withToken)
{
    const Schema user = Schema::object({
        {u"name"_s, Schema::text(64)},
        {u"roles"_s, Schema::list(Schema::text(64), 100)},
    });
    std::vector<Field> fields{
        {u"user"_s, user},
        {u"idleSeconds"_s, Schema::integer(0, 1LL << 31, u"A session without calls ends after so long"_s)},
        {u"absoluteSeconds"_s, Schema::integer(0, 1LL << 31, u"Every session ends so long after login"_s)},
        {u"serverVersion"_s, Schema::text(64)},
        {u"serverId"_s, Schema::text(64, u"Hexadecimal; the same for all the server's life"_s)},
    };
    if (withToken)
        fields.push_back(
            {u"token"_s, Schema::text(64, u"Opens the session again by resume, or as Bearer token over HTTP"_s)});
    return Schema::object(std::move(fields));
}

QJsonObject SessionCalls::describe(const access::Session& session) const
{
    const auto seconds = [](std::chrono::milliseconds span) {
        return static_cast<qint64>(std::chrono::floor<std::chrono::seconds>(span).count());
    };
    return {
        {u"user"_s,
            QJsonObject{{u"name"_s, session.user.name}, {u"roles"_s, QJsonArray::fromStringList(session.user.roles)}}},
        {u"idleSeconds"_s, seconds(m_sessions.limits().idle)},
        {u"absoluteSeconds"_s, seconds(m_sessions.limits().absolute)},
        {u"serverVersion"_s, m_server.version},
        {u"serverId"_s, m_server.id},
    };
}

} // namespace platen::api
