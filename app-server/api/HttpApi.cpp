// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "HttpApi.h"

#include "Catalogue.h"
#include "Dispatcher.h"
#include "OpenApi.h"

#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace platen::api {

namespace {

http::Response json(int status, const QJsonObject& body)
{
    return {status, "application/json"_ba, QJsonDocument(body).toJson(QJsonDocument::Compact),
        {{"cache-control"_ba, "no-store"_ba}}};
}

http::Response failure(const CallError& why)
{
    const int status = statusOf(why.error.code);
    http::Response response = json(
        status, {{u"error"_s, QJsonObject{{u"code"_s, nameOf(why.error.code)}, {u"message"_s, why.error.detail}}}});
    if (status == 401)
        response.headers.append({"www-authenticate"_ba, "Bearer"_ba});
    if (why.retryAfterSeconds)
        response.headers.append({"retry-after"_ba, QByteArray::number(*why.retryAfterSeconds)});
    return response;
}

/// RFC 6750 §2.1; empty when there is none.
Secret bearerOf(const http::Request& request)
{
    const QByteArray header = request.header("authorization");
    return header.size() > 7 && header.first(7).toLower() == "bearer " ? Secret(header.mid(7).trimmed()) : Secret();
}

Result<QJsonObject> parametersOf(const http::Request& request)
{
    if (request.body.isEmpty())
        return QJsonObject();
    const QByteArray type = request.header("content-type").split(';').first().trimmed().toLower();
    if (type != "application/json")
        return fail(ErrorCode::InvalidInput, u"send the parameters as application/json"_s);
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(request.body, &error);
    if (error.error != QJsonParseError::NoError)
        return fail(ErrorCode::Malformed, u"the body is not JSON: %1"_s.arg(error.errorString()));
    if (!document.isObject())
        return fail(ErrorCode::InvalidInput, u"the body must be a JSON object: parameters go by name"_s);
    return document.object();
}

} // namespace

HttpApi::HttpApi(const Catalogue& catalogue, Dispatcher& dispatcher, const QString& version, QObject* parent)
    : QObject(parent)
    , m_catalogue(catalogue)
    , m_dispatcher(dispatcher)
    , m_openApi(QJsonDocument(openApi(catalogue, version)).toJson())
{
}

void HttpApi::attach(http::Edge& edge)
{
    for (const Call& call : m_catalogue.calls())
        if (!call.needsConnection)
            edge.route("POST"_ba, pathOf(call.name).toLatin1(),
                [this, &call](
                    const http::Request& request, const http::Reply& reply) { handle(&call, request, reply); });
    edge.route("GET"_ba, "/api/v1/openapi.json"_ba,
        [this](const http::Request&, const http::Reply& reply) { reply({200, "application/json"_ba, m_openApi, {}}); });
}

void HttpApi::handle(const Call* call, const http::Request& request, const http::Reply& reply)
{
    if (!isPrivate(request.encrypted, request.peer))
        return reply(failure({ErrorCode::PermissionDenied, u"passwords and tokens do not travel in clear: use https"_s}));
    const Result<QJsonObject> parameters = parametersOf(request);
    auto connection = std::make_shared<Connection>();
    connection->source = request.peer;
    connection->tokenHash = access::Sessions::hashOf(bearerOf(request));
    // Who may not call is told so before anything else.
    if (!parameters && (!call->permission || !connection->tokenHash.isEmpty()))
        return reply(failure(parameters.error()));
    QCoro::connect(m_dispatcher.run(call, connection, parameters.value_or(QJsonObject())), this,
        [reply](const Answer& answer) { reply(answer ? json(200, *answer) : failure(answer.error())); });
}

bool isPrivate(bool encrypted, const QHostAddress& peer)
{
    return encrypted || peer.isLoopback();
}

int statusOf(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidInput:
    case ErrorCode::Malformed:
        return 400;
    case ErrorCode::NotAuthenticated:
        return 401;
    case ErrorCode::PermissionDenied:
    case ErrorCode::ProofNeeded:
        return 403;
    case ErrorCode::NotFound:
        return 404;
    case ErrorCode::Conflict:
    case ErrorCode::AddressInUse:
        return 409;
    case ErrorCode::Expired:
        return 410;
    case ErrorCode::LimitExceeded:
    case ErrorCode::TooManyAttempts:
        return 429;
    case ErrorCode::Unsupported:
        return 501;
    case ErrorCode::NetworkFailed:
    case ErrorCode::CertificateRefused:
        return 502;
    case ErrorCode::Timeout:
        return 504;
    case ErrorCode::Cancelled:
        return 503;
    case ErrorCode::StorageFailed:
    case ErrorCode::SchemaTooNew:
    case ErrorCode::MigrationChanged:
    case ErrorCode::CryptoFailed:
    case ErrorCode::Internal:
        return 500;
    }
    Q_UNREACHABLE_RETURN(500);
}

} // namespace platen::api
