// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Proxy.h"

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace platen::chaosproxy {

namespace {

constexpr auto longestHolding = 300ms; ///< a group that does not fill up goes without the rest
constexpr auto betweenReordered = 20ms; ///< so that the server sees them in the new order

} // namespace

Proxy::Proxy(QHostAddress target, quint16 targetPort, QObject* parent)
    : QTcpServer(parent)
    , m_target(std::move(target))
    , m_targetPort(targetPort)
{
    setListenBacklogSize(1000);
    m_holding.setSingleShot(true);
    connect(&m_holding, &QTimer::timeout, this, &Proxy::letThrough);
}

Proxy::~Proxy() = default;

Status Proxy::open(quint16 port)
{
    if (listen(QHostAddress(QHostAddress::LocalHost), port))
        return {};
    const bool isTaken = serverError() == QAbstractSocket::AddressInUseError;
    const bool isRefused = serverError() == QAbstractSocket::SocketAccessError;
    return fail(isTaken ? ErrorCode::AddressInUse : isRefused ? ErrorCode::PermissionDenied : ErrorCode::NetworkFailed,
        u"cannot listen on 127.0.0.1 port %1 (%2): give another with --listen"_s.arg(port).arg(errorString()));
}

void Proxy::setFaults(const Faults& faults)
{
    m_faults = faults;
    m_past = {};
    ++m_round;
}

Traffic Proxy::traffic() const
{
    Traffic traffic = m_past;
    traffic.open = int(m_connections.size());
    for (const auto& [connection, round] : m_connections.asKeyValueRange()) {
        if (round != m_round)
            continue;
        traffic.up += connection->passed(Way::Up);
        traffic.down += connection->passed(Way::Down);
    }
    return traffic;
}

void Proxy::endAll(Ending how)
{
    for (Connection* const connection : m_connections.keys())
        connection->end(how);
}

void Proxy::incomingConnection(qintptr descriptor)
{
    const int number = ++m_past.connections;
    const bool isSpared = m_faults.only > 0 && number > m_faults.only;
    auto* const connection = new Connection(descriptor, isSpared ? Faults() : m_faults, this);
    m_connections.insert(connection, m_round);
    connect(connection, &Connection::ended, this, [this, connection, number](const QString& how) {
        const qint64 up = connection->passed(Way::Up), down = connection->passed(Way::Down);
        if (m_connections.take(connection) == m_round) {
            m_past.up += up;
            m_past.down += down;
        }
        emit connectionEnded(number, how, up, down);
    });
    if (m_faults.reorder < 2 || isSpared)
        return connection->open(m_target, m_targetPort);
    m_held.append(connection);
    if (m_held.size() >= m_faults.reorder)
        letThrough();
    else
        m_holding.start(longestHolding);
}

/// The last first.
void Proxy::letThrough()
{
    m_holding.stop();
    const auto group = std::exchange(m_held, {});
    auto wait = 0ms;
    for (const QPointer<Connection>& held : std::views::reverse(group)) {
        QTimer::singleShot(wait, this, [this, held] {
            if (held)
                held->open(m_target, m_targetPort);
        });
        wait += betweenReordered;
    }
}

} // namespace platen::chaosproxy
