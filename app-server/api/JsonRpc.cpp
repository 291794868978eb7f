// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "JsonRpc.h"

#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace platen::api::jsonRpc {

namespace {

constexpr qsizetype longestId = 128;
constexpr qsizetype longestMethod = 64;

bool isId(const QJsonValue& id) { return id.isDouble() || (id.isString() && id.toString().size() <= longestId); }

QByteArray write(const QJsonObject& message) { return QJsonDocument(message).toJson(QJsonDocument::Compact); }

Fault invalid(const QJsonValue& id, const QString& why) { return {id, invalidRequest, {ErrorCode::Malformed, why}}; }

} // namespace

std::variant<Request, Fault> parse(const QByteArray& message)
{
    if (message.size() > longestMessage)
        return Fault{QJsonValue::Null, invalidRequest,
            {ErrorCode::LimitExceeded, u"the message is larger than %1 bytes"_s.arg(longestMessage)}};
    QJsonParseError failure;
    const QJsonDocument document = QJsonDocument::fromJson(message, &failure);
    if (failure.error != QJsonParseError::NoError)
        return Fault{QJsonValue::Null, parseError,
            {ErrorCode::Malformed, u"the message is not JSON: %1"_s.arg(failure.errorString())}};
    if (document.isArray())
        return invalid(QJsonValue::Null, u"batches are not spoken here; send one call a message"_s);
    const QJsonObject object = document.object();

    const QJsonValue sentId = object.value(u"id"_s);
    if (!sentId.isUndefined() && !isId(sentId))
        return invalid(
            QJsonValue::Null, u"the id must be a number or a text of at most %1 characters"_s.arg(longestId));
    const QJsonValue id = sentId.isUndefined() ? QJsonValue(QJsonValue::Null) : sentId;
    if (object.value(u"jsonrpc"_s).toString() != u"2.0")
        return invalid(id, u"\"jsonrpc\" must be \"2.0\""_s);
    const QJsonValue method = object.value(u"method"_s);
    if (!method.isString() || method.toString().size() > longestMethod)
        return invalid(id, u"\"method\" must be the name of a call"_s);
    const QJsonValue parameters = object.value(u"params"_s);
    if (!parameters.isUndefined() && !parameters.isObject())
        return Fault{
            id, invalidParams, {ErrorCode::InvalidInput, u"\"params\" must be an object: parameters go by name"_s}};
    return Request{sentId, method.toString(), parameters.toObject()};
}

QByteArray result(const QJsonValue& id, const QJsonObject& result)
{
    return write({{u"jsonrpc"_s, u"2.0"_s}, {u"id"_s, id}, {u"result"_s, result}});
}

QByteArray error(const QJsonValue& id, int code, const CallError& why)
{
    QJsonObject data{{u"detail"_s, why.error.detail}};
    if (why.retryAfterSeconds)
        data[u"retryAfterSeconds"_s] = *why.retryAfterSeconds;
    const QJsonObject failure{{u"code"_s, code}, {u"message"_s, nameOf(why.error.code)}, {u"data"_s, data}};
    return write({{u"jsonrpc"_s, u"2.0"_s}, {u"id"_s, id}, {u"error"_s, failure}});
}

QByteArray error(const Fault& fault) { return error(fault.id, fault.code, fault.error); }

int codeOf(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidInput:
        return invalidParams;
    case ErrorCode::Internal:
        return internalError;
    default:
        return refused;
    }
}

QByteArray notification(const QString& method, const QJsonObject& parameters)
{
    return write({{u"jsonrpc"_s, u"2.0"_s}, {u"method"_s, method}, {u"params"_s, parameters}});
}

} // namespace platen::api::jsonRpc
