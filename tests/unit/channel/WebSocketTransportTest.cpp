// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include <channel/WebSocketTransport.h>
#include <crypto/Crypto.h>
#include <http/Certificate.h>
#include <http/Edge.h>
#include <testkit/Program.h>
#include <testkit/Wait.h>

#include <QCryptographicHash>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace platen::channel {

using test::eventually;

class WebSocketTransportTest : public QObject {
    Q_OBJECT

    http::CertificatePair m_pair;
    QByteArray m_spki;
    std::unique_ptr<http::Edge> m_edge;
    quint16 m_tlsPort = 0;
    quint16 m_plainPort = 0;
    std::shared_ptr<http::Socket> m_socket;
    QByteArrayList m_heard; ///< by the server

    std::unique_ptr<WebSocketTransport> m_transport;
    QByteArrayList m_received;
    QList<Error> m_closed;
    int m_opened = 0;

    void connectTo(const QUrl& url, const TlsTrust& trust, const WebSocketTransport::Settings& settings = {})
    {
        m_transport = std::make_unique<WebSocketTransport>(trust, settings);
        connect(m_transport.get(), &Transport::opened, this, [this] { ++m_opened; });
        connect(m_transport.get(), &Transport::received, this, [this](const QByteArray& message) { m_received.append(message); });
        connect(m_transport.get(), &Transport::closed, this, [this](const Error& why) { m_closed.append(why); });
        m_transport->open(url);
    }

    QUrl tlsUrl() const { return QUrl(u"wss://127.0.0.1:%1/socket"_s.arg(m_tlsPort)); }
    QUrl plainUrl() const { return QUrl(u"ws://127.0.0.1:%1/socket"_s.arg(m_plainPort)); }

    bool isOpen()
    {
        return eventually([&] { return (m_opened == 1 && m_socket) || !m_closed.isEmpty(); }) && m_closed.isEmpty();
    }

    ErrorCode end()
    {
        return eventually([&] { return !m_closed.isEmpty(); }) ? m_closed.first().code : ErrorCode::Internal;
    }

private slots:
    void initTestCase()
    {
        QLoggingCategory::setFilterRules(u"platen.http=false"_s);
        QVERIFY(crypto::start().has_value());
        m_pair = http::selfSigned({u"127.0.0.1"_s}).value();
        m_spki = http::spkiSha256(m_pair.certificatePem).value();
    }

    void init()
    {
        m_edge = std::make_unique<http::Edge>();
        m_edge->routeSocket("/socket", [this](std::shared_ptr<http::Socket> socket) {
            m_socket = socket;
            connect(socket.get(), &http::Socket::received, this, [this](const QByteArray& bytes) { m_heard.append(bytes); });
        });
        http::Edge::Settings settings;
        QVERIFY(m_edge->listen(settings).has_value());
        m_plainPort = m_edge->port();
        settings.certificatePem = m_pair.certificatePem;
        settings.keyPem = m_pair.keyPem;
        QVERIFY(m_edge->listen(settings).has_value());
        m_tlsPort = m_edge->port();
    }

    void cleanup()
    {
        m_transport.reset();
        m_socket.reset();
        m_edge.reset();
        m_heard.clear();
        m_received.clear();
        m_closed.clear();
        m_opened = 0;
    }

    void carriesMessagesBothWays_data()
    {
        QTest::addColumn<bool>("text");
        QTest::newRow("binary") << false;
        QTest::newRow("text") << true;
    }

    void carriesMessagesBothWays()
    {
        QFETCH(bool, text);
        WebSocketTransport::Settings settings;
        settings.form = text ? WebSocketTransport::Form::Text : WebSocketTransport::Form::Binary;
        connectTo(tlsUrl(), TlsTrust::pinned(m_spki), settings);
        QVERIFY(isOpen());
        const QByteArray large(900'000, 'x');
        m_transport->send("grüße"_ba);
        m_transport->send(large);
        m_socket->send("answer", !text);
        QVERIFY(eventually([&] { return m_heard.size() == 2 && m_received.size() == 1; }));
        QCOMPARE(m_heard.first(), "grüße"_ba);
        QVERIFY(m_heard.last() == large);
        QCOMPARE(m_received.first(), "answer"_ba);
        QVERIFY(m_socket->encrypted());
    }

    void showsWhatItSawAtFirstContact()
    {
        connectTo(tlsUrl(), TlsTrust::firstContact());
        QVERIFY(isOpen());
        QCOMPARE(m_transport->certificate()->spkiSha256, m_spki);
        QCOMPARE(m_transport->certificate()->fingerprint, http::fingerprintSha256(m_pair.certificatePem).value());
        QVERIFY(!m_transport->certificate()->isPubliclyTrusted);
    }

    void refusesACertificateNobodyVouchesFor()
    {
        connectTo(tlsUrl(), TlsTrust::publicAuthorities());
        QCOMPARE(end(), ErrorCode::CertificateRefused);
        QCOMPARE(m_transport->certificate()->spkiSha256, m_spki); // for the window that asks
        QCOMPARE(m_opened, 0);
        QVERIFY(!m_socket);
    }

    void refusesAChangedKey()
    {
        const QByteArray old(32, 'o');
        connectTo(tlsUrl(), TlsTrust::pinned(old));
        QCOMPARE(end(), ErrorCode::CertificateRefused);
        QVERIFY(m_closed.first().detail.contains(fingerprintText(old)));
        QVERIFY(m_closed.first().detail.contains(fingerprintText(m_spki)));
        QVERIFY(eventually([&] { return m_edge->counters().open == 0; }));
        QVERIFY(!m_socket);
    }

    void usesPlainOnlyWhenAllowed()
    {
        connectTo(plainUrl(), TlsTrust());
        QCOMPARE(end(), ErrorCode::PermissionDenied);
        QCOMPARE(m_edge->counters().accepted.load(), 0U);
        m_closed.clear();
        connectTo(plainUrl(), TlsTrust().withPlain(true));
        QVERIFY(isOpen());
        QVERIFY(!m_transport->certificate());
    }

    void saysThatNobodyIsThere()
    {
        QTcpServer taken;
        QVERIFY(taken.listen(QHostAddress::LocalHost));
        const quint16 port = taken.serverPort();
        taken.close();
        connectTo(QUrl(u"ws://127.0.0.1:%1/"_s.arg(port)), TlsTrust().withPlain(true));
        QCOMPARE(end(), ErrorCode::NetworkFailed);
    }

    void saysThatThereIsNoSocketThere()
    {
        connectTo(QUrl(u"ws://127.0.0.1:%1/nothing"_s.arg(m_plainPort)), TlsTrust().withPlain(true));
        QCOMPARE(end(), ErrorCode::NetworkFailed);
        QVERIFY2(m_closed.first().detail.contains("404"_L1), qPrintable(m_closed.first().detail));
    }

    void givesUpOnOneThatDoesNotAnswer()
    {
        QTcpServer silent;
        QVERIFY(silent.listen(QHostAddress::LocalHost));
        WebSocketTransport::Settings settings;
        settings.openTime = 100ms;
        connectTo(QUrl(u"wss://127.0.0.1:%1/"_s.arg(silent.serverPort())), TlsTrust(), settings);
        QCOMPARE(end(), ErrorCode::Timeout);
    }

    void noticesADeadPath()
    {
        // A server that upgrades and is then cut off from us: it answers no ping.
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        QByteArray heard;
        connect(&server, &QTcpServer::newConnection, this, [&] {
            QTcpSocket* peer = server.nextPendingConnection();
            connect(peer, &QTcpSocket::readyRead, this, [&heard, peer] {
                heard += peer->readAll();
                const qsizetype key = heard.indexOf("Sec-WebSocket-Key: ") + 19;
                if (!heard.endsWith("\r\n\r\n"))
                    return;
                const QByteArray accept = QCryptographicHash::hash(
                    heard.mid(key, 24) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", QCryptographicHash::Sha1);
                peer->write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                    + accept.toBase64() + "\r\n\r\n");
                heard.clear();
            });
        });
        WebSocketTransport::Settings settings;
        settings.pingEvery = 30ms;
        settings.deadAfter = 150ms;
        connectTo(QUrl(u"ws://127.0.0.1:%1/"_s.arg(server.serverPort())), TlsTrust().withPlain(true), settings);
        QVERIFY(eventually([&] { return m_opened == 1; }));
        QCOMPARE(end(), ErrorCode::Timeout);
        QVERIFY(!heard.isEmpty()); // pings
    }

    void staysWhilePingsAreAnswered()
    {
        WebSocketTransport::Settings settings;
        settings.pingEvery = 30ms;
        settings.deadAfter = 150ms;
        connectTo(plainUrl(), TlsTrust().withPlain(true), settings);
        QVERIFY(isOpen());
        QTest::qWait(500);
        QVERIFY(m_closed.isEmpty());
    }

    void tellsHowItEnded_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<int>("expected");
        QTest::newRow("refused") << int(refusedCloseCode) << int(ErrorCode::PermissionDenied);
        QTest::newRow("not understood") << int(malformedCloseCode) << int(ErrorCode::Malformed);
        QTest::newRow("stopping") << 1001 << int(ErrorCode::NetworkFailed);
        QTest::newRow("normal") << 1000 << int(ErrorCode::NetworkFailed);
    }

    void tellsHowItEnded()
    {
        QFETCH(int, code);
        QFETCH(int, expected);
        connectTo(plainUrl(), TlsTrust().withPlain(true));
        QVERIFY(isOpen());
        m_socket->close(quint16(code), "because");
        QCOMPARE(int(end()), expected);
    }

    void saysHowLongToStayAway_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("reason");
        QTest::addColumn<int>("seconds");
        QTest::newRow("restarting") << 1001 << QByteArray("restarting; retry in 7 s") << 7;
        QTest::newRow("for ever") << 1001 << QByteArray("retry in 999999 s") << 300;
        QTest::newRow("no time") << 1001 << QByteArray("restarting") << 0;
        QTest::newRow("no number") << 1001 << QByteArray("retry in 99999999999 s") << 0;
        QTest::newRow("another code") << 1000 << QByteArray("retry in 7 s") << 0;
    }

    void saysHowLongToStayAway()
    {
        QFETCH(int, code);
        QFETCH(QByteArray, reason);
        connectTo(plainUrl(), TlsTrust().withPlain(true));
        QVERIFY(isOpen());
        m_socket->close(quint16(code), reason);
        end();
        QTEST(int(m_transport->pause().count()), "seconds");
    }

    void endsAtATooLargeMessage()
    {
        WebSocketTransport::Settings settings;
        settings.messageBytes = 1000;
        connectTo(plainUrl(), TlsTrust().withPlain(true), settings);
        QVERIFY(isOpen());
        m_socket->send(QByteArray(1001, 'x'));
        QCOMPARE(end(), ErrorCode::LimitExceeded);
        QVERIFY(m_received.isEmpty());
    }

    void endsAtAMessageOfTheWrongKind()
    {
        connectTo(plainUrl(), TlsTrust().withPlain(true));
        QVERIFY(isOpen());
        m_socket->send("text", false);
        QCOMPARE(end(), ErrorCode::Malformed);
    }

    void closesOnce()
    {
        connectTo(plainUrl(), TlsTrust().withPlain(true));
        QVERIFY(isOpen());
        QSignalSpy closed(m_socket.get(), &http::Socket::closed);
        m_transport->close();
        m_transport->close();
        QCOMPARE(end(), ErrorCode::Cancelled);
        m_transport->send("nobody hears this");
        QVERIFY(eventually([&] { return closed.size() == 1; }));
        QCOMPARE(m_closed.size(), 1);
        QVERIFY(m_heard.isEmpty());
    }
};

} // namespace platen::channel

PLATEN_TEST(platen::channel::WebSocketTransportTest)
#include "WebSocketTransportTest.moc"
