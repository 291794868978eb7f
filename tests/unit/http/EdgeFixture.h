// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "RawClient.h"

#include <http/Certificate.h>
#include <http/Edge.h>

#include <QLoggingCategory>
#include <QTest>

namespace platen::http {

using test::eventually;
using test::frame;
using test::RawClient;

/// An Edge with a few routes, and what they got. Every test runs twice: over plain TCP and over TLS.
class EdgeFixture : public QObject {
public:
    static constexpr char upgrade[] = "GET /socket HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                                      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

    CertificatePair m_pair;
    std::unique_ptr<Edge> m_edge;
    QList<Request> m_requests;
    QList<Reply> m_replies; ///< of /later
    QList<std::shared_ptr<Socket>> m_sockets;
    QByteArrayList m_messages;
    int m_closed = 0;

    static bool isEncrypted()
    {
        QFETCH_GLOBAL(bool, encrypted);
        return encrypted;
    }

    Edge::Settings settings(const Limits& limits = {})
    {
        Edge::Settings settings;
        settings.limits = limits;
        if (isEncrypted()) {
            settings.certificatePem = m_pair.certificatePem;
            settings.keyPem = m_pair.keyPem;
        }
        return settings;
    }

    void open(const Limits& limits = {})
    {
        m_edge = std::make_unique<Edge>();
        m_edge->route("POST", "/echo", [this](Request request, Reply reply) {
            m_requests.append(request);
            reply({200, "application/octet-stream", request.body, {{"X-Query", request.query}}});
        });
        m_edge->route("GET", "/later", [this](const Request&, const Reply& reply) { m_replies.append(reply); });
        m_edge->route("POST", "/api/*", [](const Request& request, const Reply& reply) { reply({200, "text/plain", request.path, {}}); });
        m_edge->routeSocket("/socket", [this](std::shared_ptr<Socket> socket) {
            m_sockets.append(socket);
            connect(socket.get(), &Socket::received, this, [this](const QByteArray& bytes) { m_messages.append(bytes); });
            connect(socket.get(), &Socket::closed, this, [this] { ++m_closed; });
        });
        const Status status = m_edge->listen(settings(limits));
        QVERIFY2(status.has_value(), status ? "" : qPrintable(status.error().detail));
    }

    std::unique_ptr<RawClient> client() { return std::make_unique<RawClient>(m_edge->port(), isEncrypted()); }

    std::unique_ptr<RawClient> socketClient()
    {
        auto one = client();
        one->say(upgrade);
        if (!eventually([&] { return one->heard.endsWith("\r\n\r\n") && !m_sockets.isEmpty(); }))
            qWarning() << "no upgrade:" << one->heard;
        one->heard.clear();
        return one;
    }

    quint64 refused(Refusal why) const { return m_edge->counters().refused(why); }

    static void addBothKinds()
    {
        QTest::addColumn<bool>("encrypted");
        QTest::newRow("plain") << false;
        QTest::newRow("TLS") << true;
    }

    void makeCertificate()
    {
        QLoggingCategory::setFilterRules(QStringLiteral("platen.http=false"));
        m_pair = selfSigned({QStringLiteral("127.0.0.1")}).value();
    }

    void forget()
    {
        m_edge.reset();
        m_requests.clear();
        m_replies.clear();
        m_sockets.clear();
        m_messages.clear();
        m_closed = 0;
    }
};

} // namespace platen::http
