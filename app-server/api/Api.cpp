// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Api.h"

#include "Log.h"

#include <http/Socket.h>

namespace platen::api {

namespace {

constexpr int mostConsoles = 1000;
constexpr quint16 tryAgainLater = 1013;
constexpr quint16 notAllowed = 1008;

class SocketLine final : public Line {
public:
    explicit SocketLine(std::shared_ptr<http::Socket> socket)
        : m_socket(std::move(socket))
    {
    }
    void send(const QByteArray& text) override { m_socket->send(text, false); }
    void close(quint16 code, const QByteArray& reason) override { m_socket->close(code, reason); }
    qint64 pendingBytes() const override { return m_socket->pendingBytes(); }
    QHostAddress peer() const override { return m_socket->peer(); }

private:
    std::shared_ptr<http::Socket> m_socket;
};

} // namespace

Api::Api(Services services, const ServerIdentity& server, ConsoleLimits limits, QObject* parent)
    : QObject(parent)
    , m_services(services)
    , m_limits(std::move(limits))
    , m_devices(services.database, services.clock, [&presence = services.presence] { return presence.connected(); })
    , m_agents(services.database)
    , m_notices(services.sessions, m_devices, m_agents, services.presence, services.clock)
    , m_changes(services.events, m_agents, services.presence, services.clock)
    , m_sessionCalls(services.sessions, server)
    , m_deviceCalls(m_devices)
    , m_agentCalls(m_notices, services.agents, services.events)
    , m_pinCalls(services.pins, services.clock)
    , m_catalogue(m_sessionCalls, m_deviceCalls, m_agentCalls, m_pinCalls, m_subscriptionCalls)
    , m_dispatcher(services.sessions)
    , m_http(m_catalogue, m_dispatcher, server.version)
{
}

void Api::attach(http::Edge& edge)
{
    m_http.attach(edge);
    const auto handler = [this](const std::shared_ptr<http::Socket>& socket) { accept(socket); };
    edge.routeSocket("/api/v1/socket", handler);
    edge.routeStreams("/api/v1", handler);
}

void Api::accept(const std::shared_ptr<http::Socket>& socket)
{
    if (!isPrivate(socket->encrypted(), socket->peer()))
        return socket->close(notAllowed, "passwords do not travel in clear: use wss");
    if (m_consoles >= mostConsoles) {
        qCWarning(lcApi) << "turned a console away:" << mostConsoles << "are connected";
        return socket->close(tryAgainLater, "too many consoles");
    }
    ConsoleConnection* connection = serve(std::make_unique<SocketLine>(socket));
    connect(socket.get(), &http::Socket::received, connection, &ConsoleConnection::receive);
    connect(socket.get(), &http::Socket::closed, connection, &QObject::deleteLater);
}

ConsoleConnection* Api::serve(std::unique_ptr<Line> line)
{
    auto* connection = new ConsoleConnection(std::move(line),
        {m_catalogue, m_dispatcher, m_changes, m_notices, m_services.sessions, m_services.clock}, m_limits, this);
    ++m_consoles;
    connect(connection, &QObject::destroyed, this, [this] { --m_consoles; });
    return connection;
}

} // namespace platen::api
