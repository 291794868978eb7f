// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Call.h"

#include <http/Edge.h>

#include <QObject>

namespace platen::api {

class Catalogue;
class Dispatcher;

/// The calls for integrators: POST /api/v1/<name> with a Bearer token, parameters and result as JSON.
class HttpApi : public QObject {
    Q_OBJECT

public:
    HttpApi(const Catalogue& catalogue, Dispatcher& dispatcher, const QString& version, QObject* parent = nullptr);

    /// Declares the routes.
    void attach(http::Edge& edge);

    /// One call by HTTP; `reply` is called once.
    void handle(const Call* call, const http::Request& request, const http::Reply& reply);

private:
    const Catalogue& m_catalogue;
    Dispatcher& m_dispatcher;
    QByteArray m_openApi;
};

/// May passwords and tokens travel on this connection? Encrypted ones, and those from this computer (a TLS front, a test): the
/// plain listener is for agents, whose envelopes are sealed by themselves.
bool isPrivate(bool encrypted, const QHostAddress& peer);

/// The HTTP status of a failed call: the one place that decides.
int statusOf(ErrorCode code);

} // namespace platen::api
