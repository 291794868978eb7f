// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "AgentCalls.h"
#include "Catalogue.h"
#include "Changes.h"
#include "ConsoleConnection.h"
#include "DeviceCalls.h"
#include "Dispatcher.h"
#include "HttpApi.h"
#include "Notices.h"
#include "PinCalls.h"
#include "SessionCalls.h"
#include "SubscriptionCalls.h"

namespace platen::api {

/// The server's API, put together: what main() makes one of. Lives as long as the program; destroy the Edge first.
class Api : public QObject {
    Q_OBJECT

public:
    struct Services {
        storage::Database& database; ///< migrated
        access::Sessions& sessions;
        ingest::Events& events;
        const sessions::Presence& presence;
        store::AgentStore& agents;
        store::PinStore& pins;
        const Clock& clock;
    };

    Api(Services services, const ServerIdentity& server, ConsoleLimits limits = {}, QObject* parent = nullptr);

    /// Declares the routes: POST /api/v1/<name>, GET /api/v1/openapi.json, WebSocket /api/v1/socket and what
    /// stands in for it.
    void attach(http::Edge& edge);

    const Catalogue& catalogue() const { return m_catalogue; }
    HttpApi& integrators() { return m_http; }

    /// Serves one console. The connection is the Api's child until its line has closed: deleteLater() it then.
    ConsoleConnection* serve(std::unique_ptr<Line> line);

private:
    void accept(const std::shared_ptr<http::Socket>& socket);

    Services m_services;
    ConsoleLimits m_limits;
    store::DeviceQueries m_devices;
    store::AgentQueries m_agents;
    Notices m_notices;
    Changes m_changes;
    SessionCalls m_sessionCalls;
    DeviceCalls m_deviceCalls;
    AgentCalls m_agentCalls;
    PinCalls m_pinCalls;
    SubscriptionCalls m_subscriptionCalls;
    Catalogue m_catalogue;
    Dispatcher m_dispatcher;
    HttpApi m_http;
    int m_consoles = 0;
};

} // namespace platen::api
