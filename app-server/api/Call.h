// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Schema.h"

#include <server/access/User.h>

#include <QCoro/QCoroTask>
#include <QHostAddress>

#include <expected>
#include <functional>
#include <memory>

namespace platen::api {

/// Why a call failed, and when the next try is welcome.
struct CallError {
    CallError(Error why)
        : error(std::move(why))
    {
    } // NOLINT: any Error is one
    CallError(ErrorCode code, QString detail)
        : error{code, std::move(detail)}
    {
    }

    Error error;
    std::optional<qint64> retryAfterSeconds;
};

using Answer = std::expected<QJsonObject, CallError>;

/// What a console may ask to be told of.
enum class Topic { Devices, Agents };

/// One who calls: a console's WebSocket for as long as it is open, or a single HTTP request.
struct Connection {
    QHostAddress source;
    QByteArray tokenHash; ///< of the session; empty while nobody has signed in
    std::function<void(QSet<Topic>)> subscribe; ///< nothing over HTTP
};

/// What a handler knows of its caller. `session` is fresh, and empty only for calls without a permission.
struct Context {
    std::shared_ptr<Connection> connection;
    access::Session session;
};

/// One call of the API, declared once, in Catalogue.cpp.
struct Call {
    QString name; ///< "devices.list"; never changed
    std::optional<model::Permission> permission; ///< nothing: what begins a session
    QString summary; ///< for the OpenAPI document
    Schema parameters;
    Schema result;
    std::function<QCoro::Task<Answer>(Context context, QJsonObject parameters)>
        handler; ///< gets checked parameters only
    bool needsConnection = false; ///< makes sense on a WebSocket only
    bool needsProof = false; ///< asks for the password again when it was given longer than five minutes ago
};

} // namespace platen::api
