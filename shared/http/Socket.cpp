// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Socket.h"

#include "Network.h"

#include <QRandomGenerator>

namespace platen::http {

namespace {

constexpr quint16 goingAway = 1001;
constexpr qsizetype longestReason = 123; // RFC 6455 §5.5: a control frame carries 125 bytes, two are the code

} // namespace

QString nameOf(Carrier carrier)
{
    switch (carrier) {
    case Carrier::WebSocket: return QStringLiteral("websocket");
    case Carrier::EventStream: return QStringLiteral("sse");
    case Carrier::LongPoll: return QStringLiteral("longpoll");
    }
    return {};
}

QByteArray retryHint(qint64 clients)
{
    constexpr qint64 clientsPerSecond = 500, longestSpread = 60;
    const qint64 spread = std::min(longestSpread, clients / clientsPerSecond);
    const qint64 seconds = 1 + QRandomGenerator::global()->bounded(spread + 1);
    return "restarting; retry in " + QByteArray::number(seconds) + " s";
}

Socket::Socket(std::shared_ptr<SocketLink> link, const Request& upgrade)
    : m_link(std::move(link))
    , m_peer(upgrade.peer)
    , m_isEncrypted(upgrade.encrypted)
{
}

Socket::~Socket()
{
    if (m_open)
        m_link->close(goingAway, {});
}

void Socket::send(const QByteArray& bytes, bool binary)
{
    if (m_open)
        m_link->send(bytes, binary);
}

void Socket::close(quint16 code, const QByteArray& reason)
{
    if (m_open)
        m_link->close(code, reason.left(longestReason));
}

void Socket::holdInput(bool on)
{
    m_link->hold(on);
}

qint64 Socket::pendingBytes() const
{
    return m_link->pendingBytes();
}

Carrier Socket::carrier() const
{
    return m_link->carrier();
}

void Socket::deliver(const QByteArray& bytes, bool binary)
{
    if (m_open)
        emit received(bytes, binary);
}

void Socket::markClosed()
{
    if (std::exchange(m_open, false))
        emit closed();
}

} // namespace platen::http
