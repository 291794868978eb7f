// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "OpenApi.h"

#include "Catalogue.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace platen::api {

namespace {

QJsonObject inJson(const QJsonObject& schema) { return {{u"application/json"_s, QJsonObject{{u"schema"_s, schema}}}}; }

QJsonObject failureSchema()
{
    const Schema error = Schema::object({
        {u"code"_s, Schema::text(64, u"Never changes: \"notAuthenticated\""_s)},
        {u"message"_s, Schema::text(4096, u"English, for people"_s)},
    });
    return Schema::object({{u"error"_s, error}}).toOpenApi();
}

QJsonObject operation(const Call& call)
{
    const QJsonObject failure{
        {u"description"_s, u"The call failed; its code says why"_s}, {u"content"_s, inJson(failureSchema())}};
    const QJsonObject success{{u"description"_s, u"Done"_s}, {u"content"_s, inJson(call.result.toOpenApi())}};
    QJsonObject operation{
        {u"operationId"_s, call.name},
        {u"summary"_s, call.summary},
        {u"requestBody"_s, QJsonObject{{u"content"_s, inJson(call.parameters.toOpenApi())}}},
        {u"responses"_s, QJsonObject{{u"200"_s, success}, {u"default"_s, failure}}},
    };
    if (call.permission) {
        operation[u"security"_s] = QJsonArray{QJsonObject{{u"token"_s, QJsonArray()}}};
        operation[u"x-permission"_s] = model::nameOf(*call.permission);
    } else {
        operation[u"security"_s] = QJsonArray();
    }
    return operation;
}

} // namespace

QString pathOf(const QString& callName) { return u"/api/v1/"_s + callName; }

QJsonObject openApi(const Catalogue& catalogue, const QString& version)
{
    QJsonObject paths;
    for (const Call& call : catalogue.calls())
        if (!call.needsConnection)
            paths[pathOf(call.name)] = QJsonObject{{u"post"_s, operation(call)}};
    const QJsonObject token{
        {u"type"_s, u"http"_s}, {u"scheme"_s, u"bearer"_s}, {u"description"_s, u"The token that login gave"_s}};
    return {
        {u"openapi"_s, u"3.1.0"_s},
        {u"info"_s, QJsonObject{{u"title"_s, u"Platen server"_s}, {u"version"_s, version}}},
        {u"paths"_s, paths},
        {u"components"_s, QJsonObject{{u"securitySchemes"_s, QJsonObject{{u"token"_s, token}}}}},
    };
}

} // namespace platen::api
