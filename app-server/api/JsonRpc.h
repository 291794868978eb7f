// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Call.h"

#include <QByteArray>
#include <QJsonValue>

#include <variant>

namespace platen::api {

/// JSON-RPC 2.0 as we speak it: one call a message, parameters by name, ids that are texts or numbers.
namespace jsonRpc {

inline constexpr qsizetype longestMessage = 1 << 20;

/// A call that is well formed. What it calls may still not exist.
struct Request {
    QJsonValue id; ///< undefined: nobody waits for an answer
    QString method;
    QJsonObject parameters;
};

/// A message that is no call. `code` is JSON-RPC's own.
struct Fault {
    QJsonValue id; ///< null when it could not be told
    int code = 0;
    Error error;
};

inline constexpr int parseError = -32700;
inline constexpr int invalidRequest = -32600;
inline constexpr int methodNotFound = -32601;
inline constexpr int invalidParams = -32602;
inline constexpr int internalError = -32603;
inline constexpr int refused = -32000; ///< everything else; the message says which ErrorCode

std::variant<Request, Fault> parse(const QByteArray& message);

/// {"jsonrpc", "id", "result"}.
QByteArray result(const QJsonValue& id, const QJsonObject& result);

/// {"jsonrpc", "id", "error": {code, message: the ErrorCode's name, data: {detail, retryAfterSeconds?}}}.
QByteArray error(const QJsonValue& id, int code, const CallError& why);
QByteArray error(const Fault& fault);

/// The JSON-RPC code of a failed call.
int codeOf(ErrorCode code);

/// {"jsonrpc", "method", "params"}: nobody answers.
QByteArray notification(const QString& method, const QJsonObject& parameters);

} // namespace jsonRpc

} // namespace platen::api
