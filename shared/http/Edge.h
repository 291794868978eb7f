// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Limits.h"
#include "Message.h"
#include "Socket.h"
#include "StreamSettings.h"

#include <base/Result.h>
#include <base/Secret.h>

#include <QObject>

#include <functional>
#include <memory>

namespace platen::http {

/// The server's door to strangers: HTTP/1.1 and WebSocket, with or without TLS, on threads of its own. Handlers run on the
/// thread the Edge lives on. Everything is bounded (Limits); what breaks a rule is refused, counted and never seen by a
/// handler.
///
/// Declare the routes, then listen() on one or more endpoints.
class Edge : public QObject {
    Q_OBJECT

public:
    using Handler = std::function<void(Request request, Reply reply)>;
    using SocketHandler = std::function<void(std::shared_ptr<Socket> socket)>;

    struct Settings {
        QHostAddress address{QHostAddress::LocalHost}; ///< Any: IPv4 and IPv6
        quint16 port = 0;                              ///< 0: the system chooses; see port()
        QByteArray certificatePem;                     ///< with its chain; both empty: plain HTTP
        Secret keyPem;
        quint16 redirectPort = 0;                      ///< of a plain endpoint: all is sent on to https there (308); 0: served
        int threads = 2;                               ///< of the whole Edge; the first listen() decides
        Limits limits;                                 ///< totals over all endpoints: the first listen() decides
    };

    explicit Edge(QObject* parent = nullptr);
    ~Edge() override; ///< cuts what is open and joins the threads

    /// Requests with this method and path go to `handler`; a path that ends in "/*" stands for all below it. Other paths get
    /// 404, other methods 405. Before the first listen() only.
    void route(const QByteArray& method, const QByteArray& path, Handler handler);

    /// WebSockets opened at this path go to `handler`; a plain GET there gets 426. Before the first listen() only.
    void routeSocket(const QByteArray& path, SocketHandler handler);

    /// The same messages for those who can open no WebSocket: POST messages, GET stream and GET poll below `folder` ("/a/v2"), as
    /// Streams.h says; crypto::start() comes before the first of them. Before the first listen() only.
    void routeStreams(const QByteArray& folder, SocketHandler handler, const StreamSettings& settings = {});

    /// Opens one endpoint. Fails with AddressInUse, PermissionDenied (a port below 1024), NetworkFailed (not an address of
    /// this machine) or CertificateRefused (broken certificate or key, or they do not belong together).
    Status listen(const Settings& settings);

    /// What TLS endpoints show from now on; open connections stay as they are. Fails with CertificateRefused, and the old one stays.
    Status renewCertificate(const QByteArray& certificatePem, const Secret& keyPem);

    quint16 port() const; ///< of the last endpoint opened; 0 when none
    const Counters& counters() const;

    /// Takes no more connections, closes WebSockets with serviceRestart and a retryHint(), lets answers under way finish (Limits::drain) and joins the
    /// threads; then stopped(). Returns at once; a second call does nothing.
    void stop();

signals:
    void stopped();

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace platen::http
