// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Connection.h"

#include <sys/socket.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace platen::chaosproxy {

namespace {

/// After what the system has, the peer gets a reset.
void resetSocket(QTcpSocket& socket)
{
    if (socket.state() == QAbstractSocket::UnconnectedState)
        return;
    socket.flush();
    const linger atOnce{1, 0};
    setsockopt(int(socket.socketDescriptor()), SOL_SOCKET, SO_LINGER, &atOnce, sizeof atOnce);
    socket.abort();
}

} // namespace

Connection::Connection(qintptr client, const Faults& faults, QObject* parent)
    : QObject(parent)
    , m_faults(faults)
    , m_up(m_client, m_server, faults.up, this)
    , m_down(m_server, m_client, faults.down, this)
{
    m_client.setSocketDescriptor(client);
    m_patience.setSingleShot(true);
    connect(&m_patience, &QTimer::timeout, this, [this] { over(m_how); });
    connect(&m_server, &QTcpSocket::connected, this, &Connection::begin);
    connect(&m_server, &QTcpSocket::errorOccurred, this, [this] {
        if (!m_hasBegun)
            over(m_server.errorString());
    });
    connect(&m_up, &Pipe::drained, this, [this] { close(m_server); });
    connect(&m_down, &Pipe::drained, this, [this] { close(m_client); });
    connect(&m_up, &Pipe::endReached, this, [this] { end(*m_faults.up.ending); });
    connect(&m_down, &Pipe::endReached, this, [this] { end(*m_faults.down.ending); });
    connect(&m_up, &Pipe::passedOn, this, [this](const QByteArray& piece) {
        if (m_faults.isDuplicated)
            m_twin.write(piece);
    });
    connect(&m_twin, &QTcpSocket::readyRead, &m_twin, [this] { m_twin.readAll(); });
    for (QTcpSocket* const socket : {&m_client, &m_server})
        connect(socket, &QTcpSocket::disconnected, this, &Connection::look, Qt::QueuedConnection); // after the pipes
}

void Connection::open(const QHostAddress& target, quint16 port)
{
    if (m_faults.isDuplicated)
        m_twin.connectToHost(target, port);
    m_server.connectToHost(target, port);
}

void Connection::begin()
{
    m_hasBegun = true;
    m_server.setSocketOption(QAbstractSocket::LowDelayOption, 1);
    m_client.setSocketOption(QAbstractSocket::LowDelayOption, 1);
    m_up.start();
    m_down.start();
}

void Connection::end(Ending how)
{
    if (!m_how.isEmpty())
        return;
    m_how = how == Ending::Cut ? u"cut"_s : how == Ending::Reset ? u"reset"_s : u"half-open"_s;
    m_up.stop();
    m_down.stop();
    if (how == Ending::HalfOpen)
        return;
    for (QTcpSocket* const socket : {&m_client, &m_server, &m_twin})
        how == Ending::Cut ? finishSending(*socket) : resetSocket(*socket);
    if (how == Ending::Cut)
        m_patience.start(2s);
    else
        over(m_how);
}

void Connection::look()
{
    if (m_client.state() == QAbstractSocket::UnconnectedState && m_server.state() == QAbstractSocket::UnconnectedState)
        over(m_how.isEmpty() ? u"closed"_s : m_how);
}

/// The peer reads what was passed on and then the stream's end. What it still says is taken from it: a socket that is closed with
/// unread input resets the connection, and the reset can overtake the last bytes.
void Connection::finishSending(QTcpSocket& socket)
{
    if (socket.state() != QAbstractSocket::ConnectedState)
        return socket.abort();
    socket.flush();
    ::shutdown(int(socket.socketDescriptor()), SHUT_WR);
}

/// The other end has closed. A half-open connection tells nobody.
void Connection::close(QTcpSocket& socket)
{
    if (m_how.isEmpty())
        socket.disconnectFromHost();
    if (&socket == &m_server)
        m_twin.disconnectFromHost();
}

void Connection::over(const QString& how)
{
    if (std::exchange(m_isOver, true))
        return;
    for (QTcpSocket* const socket : {&m_client, &m_server, &m_twin})
        socket->disconnect(this);
    m_up.stop();
    m_down.stop();
    emit ended(how);
    deleteLater();
}

} // namespace platen::chaosproxy
