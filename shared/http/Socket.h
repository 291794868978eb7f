// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Message.h"

#include <QObject>

#include <memory>

namespace platen::http {

class SocketLink;

inline constexpr quint16 serviceRestart = 1001; ///< close code: going away (RFC 6455 §7.4.1); Qt takes the newer 1012 for a broken frame

/// The reason that goes with it: "restarting; retry in 7 s". By chance within a time that grows with the number of clients, 500 a
/// second, so that they do not come back all at once.
QByteArray retryHint(qint64 clients);

/// What carries the messages of a Socket.
enum class Carrier { WebSocket, EventStream, LongPoll };

/// As it is stored and travels: "websocket", "sse", "longpoll".
QString nameOf(Carrier carrier);

/// The server's end of one WebSocket, or of what stands in for it (Streams), on the Edge's thread. Whoever got it keeps it: the connection is closed (1001) when
/// the last shared_ptr goes.
class Socket : public QObject {
    Q_OBJECT

public:
    /// Keeps of the request that opened it what is asked for later: there may be ten thousand of these.
    Socket(std::shared_ptr<SocketLink> link, const Request& upgrade);
    ~Socket() override;

    /// Queues one message; returns at once. When more than Limits::socketOutBytes wait for a slow reader the connection is
    /// cut (closed() follows). Nothing happens once it is closed.
    void send(const QByteArray& bytes, bool binary = true);

    /// Sends what is queued, then a close frame with `code` and `reason` (at most 123 bytes). closed() follows, at the
    /// latest after Limits::send.
    void close(quint16 code = 1000, const QByteArray& reason = {});

    /// Back-pressure: while on, no more is read from the peer than what is already under way (Limits::socketInBytes).
    void holdInput(bool on);

    qint64 pendingBytes() const; ///< queued by send() and not yet taken by the system
    Carrier carrier() const;
    const QHostAddress& peer() const { return m_peer; }
    bool encrypted() const { return m_isEncrypted; }
    bool isOpen() const { return m_open; }

    // For the Edge.
    void deliver(const QByteArray& bytes, bool binary);
    void markClosed();

signals:
    void received(QByteArray bytes, bool binary);
    void closed(); ///< once, whoever closed it; the peer may be gone without a word

private:
    std::shared_ptr<SocketLink> m_link;
    QHostAddress m_peer;
    bool m_isEncrypted;
    bool m_open = true;
};

} // namespace platen::http
