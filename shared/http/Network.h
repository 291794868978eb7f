// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Doorkeeper.h"
#include "Edge.h"
#include "Routes.h"

#include <memory>

namespace platen::http {

/// The network's side of a WebSocket, for its handle on the application's thread. Any thread; nothing happens once it is gone.
class SocketLink {
public:
    virtual ~SocketLink() = default;

    virtual void send(const QByteArray& bytes, bool binary) = 0;
    virtual void close(quint16 code, const QByteArray& reason) = 0;
    virtual void hold(bool on) = 0;
    virtual void taken(qsizetype bytes) = 0; ///< the application has taken a message of this size
    virtual qint64 pendingBytes() const = 0;
    virtual Carrier carrier() const { return Carrier::WebSocket; }

    std::weak_ptr<Socket> handle; ///< touched on the application's thread only
};

/// Who hears what comes in. Called on the network's threads.
class NetworkListener {
public:
    virtual ~NetworkListener() = default;

    virtual void requested(int route, Request request, Reply reply) = 0;
    virtual void socketOpened(int route, std::shared_ptr<SocketLink> link, Request upgrade) = 0;
    virtual void streamOpened(StreamHandler handler, std::shared_ptr<SocketLink> link, Request request) = 0;
    virtual void messageArrived(std::shared_ptr<SocketLink> link, QByteArray bytes, bool binary) = 0;
    virtual void socketClosed(std::shared_ptr<SocketLink> link) = 0;
    virtual void drained() = 0; ///< after drain(), once: every thread has nothing more to do
};

/// All of Boost behind one door: threads, endpoints, connections. Used from the application's thread.
class Network {
public:
    /// Starts the threads. `routes` and `listener` must outlive it.
    Network(const Routes& routes, NetworkListener& listener, std::shared_ptr<Doorkeeper> doorkeeper, int threads);
    ~Network(); ///< cuts everything and joins

    /// Opens an endpoint and says its port. Errors as Edge::listen.
    Result<quint16> listen(const Edge::Settings& settings);

    /// As Edge::renewCertificate.
    Status renewCertificate(const QByteArray& certificatePem, const Secret& keyPem);

    /// No new connections; open ones end as Edge::stop says, at the latest after `limit`.
    void drain(std::chrono::milliseconds limit);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace platen::http
