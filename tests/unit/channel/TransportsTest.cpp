// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include <channel/HttpTransport.h>
#include <channel/WebSocketTransport.h>
#include <crypto/Crypto.h>
#include <http/Certificate.h>
#include <http/Edge.h>
#include <testkit/Program.h>
#include <testkit/Wait.h>

#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace platen::channel {

using test::eventually;

/// What every transport has to do, over each of them: against a real Edge, whose application sees the same Sockets whatever carries.
class TransportsTest : public QObject {
    Q_OBJECT

    enum Kind { WebSocketKind, EventsKind, PollKind };

    http::CertificatePair m_pair;
    QByteArray m_spki;
    std::unique_ptr<http::Edge> m_edge;
    QUrl m_url;
    std::shared_ptr<http::Socket> m_socket;
    QByteArrayList m_heard; ///< by the server
    int m_serverClosed = 0;

    std::unique_ptr<Transport> m_transport;
    QByteArrayList m_received;
    QList<Error> m_closed;
    int m_opened = 0;

    static void addKinds()
    {
        QTest::addColumn<int>("kind");
        QTest::newRow("WebSocket") << int(WebSocketKind);
        QTest::newRow("server-sent events") << int(EventsKind);
        QTest::newRow("long polling") << int(PollKind);
    }

    void serve(const http::StreamSettings& streams = {}, const http::Limits& limits = {})
    {
        m_edge = std::make_unique<http::Edge>();
        const auto accept = [this](const std::shared_ptr<http::Socket>& socket) {
            m_socket = socket;
            connect(socket.get(), &http::Socket::received, this, [this](const QByteArray& bytes) { m_heard.append(bytes); });
            connect(socket.get(), &http::Socket::closed, this, [this] { ++m_serverClosed; });
        };
        m_edge->routeSocket("/a/v2/socket", accept);
        m_edge->routeStreams("/a/v2", accept, streams);
        http::Edge::Settings settings;
        settings.limits = limits;
        settings.certificatePem = m_pair.certificatePem;
        settings.keyPem = m_pair.keyPem;
        QVERIFY(m_edge->listen(settings).has_value());
        m_url = QUrl(u"wss://127.0.0.1:%1/a/v2/socket"_s.arg(m_edge->port()));
    }

    std::unique_ptr<Transport> make(int kind, const TlsTrust& trust, bool isText = false)
    {
        if (kind == WebSocketKind) {
            WebSocketTransport::Settings settings;
            settings.form = isText ? WebSocketTransport::Form::Text : WebSocketTransport::Form::Binary;
            return std::make_unique<WebSocketTransport>(trust, settings);
        }
        HttpTransport::Settings settings;
        settings.isText = isText;
        settings.downlink = kind == EventsKind ? HttpTransport::Downlink::Events : HttpTransport::Downlink::Poll;
        settings.firstRetry = 10ms;
        settings.lastRetry = 50ms;
        return std::make_unique<HttpTransport>(trust, settings);
    }

    void watch(std::unique_ptr<Transport> transport, const QUrl& url)
    {
        m_transport = std::move(transport);
        connect(m_transport.get(), &Transport::opened, this, [this] { ++m_opened; });
        connect(m_transport.get(), &Transport::received, this, [this](const QByteArray& message) { m_received.append(message); });
        connect(m_transport.get(), &Transport::closed, this, [this](const Error& why) { m_closed.append(why); });
        m_transport->open(url);
    }

    void openIt(bool isText = false)
    {
        QFETCH(int, kind);
        watch(make(kind, TlsTrust::pinned(m_spki), isText), m_url);
        QVERIFY(eventually([&] { return (m_opened == 1 && m_socket) || !m_closed.isEmpty(); }));
        QVERIFY2(m_closed.isEmpty(), m_closed.isEmpty() ? "" : qPrintable(m_closed.first().detail));
    }

    ErrorCode end() { return eventually([&] { return !m_closed.isEmpty(); }, 30s) ? m_closed.first().code : ErrorCode::Internal; }

private slots:
    void initTestCase()
    {
        QLoggingCategory::setFilterRules(u"platen.http=false"_s);
        QVERIFY(crypto::start().has_value());
        m_pair = http::selfSigned({u"127.0.0.1"_s}).value();
        m_spki = http::spkiSha256(m_pair.certificatePem).value();
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
        m_serverClosed = 0;
    }

    void carriesManyMessagesBothWaysInOrder_data() { addKinds(); }
    void carriesManyMessagesBothWaysInOrder()
    {
        serve();
        openIt();
        QByteArrayList down, up;
        for (int i = 0; i < 300; ++i) {
            up.append("up " + QByteArray::number(i) + QByteArray(i % 7 * 1000, '\0'));
            down.append("down " + QByteArray::number(i) + QByteArray(i % 5 * 1000, '\n'));
            m_transport->send(up.last());
            m_socket->send(down.last());
        }
        QVERIFY(eventually([&] { return m_heard.size() == 300 && m_received.size() == 300; }));
        QCOMPARE(m_heard, up);
        QCOMPARE(m_received, down);
        QVERIFY(m_socket->encrypted());
        QCOMPARE(m_transport->reach(), Reach::Through);
    }

    void carriesTheLargestMessage_data() { addKinds(); }
    void carriesTheLargestMessage()
    {
        serve();
        openIt();
        const QByteArray large(1 << 20, 'x');
        m_transport->send(large);
        m_socket->send(large);
        QVERIFY(eventually([&] { return m_heard.size() == 1 && m_received.size() == 1; }));
        QVERIFY(m_heard.first() == large);
        QVERIFY(m_received.first() == large);
    }

    void tellsTheServerWhetherMessagesAreText_data() { addKinds(); }
    void tellsTheServerWhetherMessagesAreText()
    {
        for (const bool isText : {true, false}) {
            serve();
            openIt(isText);
            std::optional<bool> isBinary;
            connect(m_socket.get(), &http::Socket::received, this, [&](const QByteArray&, bool binary) { isBinary = binary; });
            m_transport->send("{}");
            QVERIFY(eventually([&] { return isBinary.has_value(); }));
            QCOMPARE(*isBinary, !isText);
            cleanup();
        }
    }

    void saysWhatCarries_data() { addKinds(); }
    void saysWhatCarries()
    {
        QFETCH(int, kind);
        serve();
        openIt();
        QCOMPARE(m_transport->name(), QString::fromLatin1(QTest::currentDataTag()));
        QCOMPARE(int(m_socket->carrier()), kind);
    }

    void givesTheAnswerToTheFirstMessageBeforeThereAreEvents_data() { addKinds(); }
    void givesTheAnswerToTheFirstMessageBeforeThereAreEvents()
    {
        serve({.messagesBefore = 2});
        openIt();
        m_transport->send("HELLO");
        QVERIFY(eventually([&] { return m_heard.size() == 1; }));
        m_socket->send("HELLO_ACK");
        QVERIFY(eventually([&] { return m_received.size() == 1; }));
        m_transport->send("READY");
        QVERIFY(eventually([&] { return m_heard.size() == 2; }));
        m_socket->send("pushed");
        QVERIFY(eventually([&] { return m_received.size() == 2; }));
        QCOMPARE(m_received, (QByteArrayList{"HELLO_ACK", "pushed"}));
    }

    void refusesAChangedKeyBeforeAnythingIsSaid_data() { addKinds(); }
    void refusesAChangedKeyBeforeAnythingIsSaid()
    {
        QFETCH(int, kind);
        serve();
        const QByteArray old(32, 'o');
        watch(make(kind, TlsTrust::pinned(old)), m_url);
        QCOMPARE(end(), ErrorCode::CertificateRefused);
        QVERIFY(m_closed.first().detail.contains(fingerprintText(m_spki)));
        QCOMPARE(m_transport->certificate()->spkiSha256, m_spki);
        QCOMPARE(m_edge->counters().requests.load(), 0U);
        QVERIFY(!m_socket);
    }

    void refusesACertificateNobodyVouchesFor_data() { addKinds(); }
    void refusesACertificateNobodyVouchesFor()
    {
        QFETCH(int, kind);
        serve();
        watch(make(kind, TlsTrust::publicAuthorities()), m_url);
        QCOMPARE(end(), ErrorCode::CertificateRefused);
        QVERIFY(!m_socket);
    }

    void usesPlainOnlyWhenAllowed_data() { addKinds(); }
    void usesPlainOnlyWhenAllowed()
    {
        QFETCH(int, kind);
        serve();
        watch(make(kind, TlsTrust::pinned(m_spki)), QUrl(u"ws://127.0.0.1:%1/a/v2/socket"_s.arg(m_edge->port())));
        QCOMPARE(end(), ErrorCode::PermissionDenied);
        QCOMPARE(m_edge->counters().accepted.load(), 0U);
    }

    void saysThatNobodyIsThere_data() { addKinds(); }
    void saysThatNobodyIsThere()
    {
        QFETCH(int, kind);
        serve();
        const QUrl url = m_url;
        m_edge.reset();
        watch(make(kind, TlsTrust::pinned(m_spki)), url);
        QCOMPARE(end(), ErrorCode::NetworkFailed);
        QCOMPARE(m_transport->reach(), Reach::Nowhere);
    }

    void tellsHowItEnded_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("code");
        QTest::addColumn<int>("expected");
        for (const int kind : {int(WebSocketKind), int(EventsKind), int(PollKind)}) {
            QTest::addRow("refused, %d", kind) << kind << int(refusedCloseCode) << int(ErrorCode::PermissionDenied);
            QTest::addRow("not understood, %d", kind) << kind << int(malformedCloseCode) << int(ErrorCode::Malformed);
            QTest::addRow("stopping, %d", kind) << kind << 1001 << int(ErrorCode::NetworkFailed);
        }
    }

    void tellsHowItEnded()
    {
        QFETCH(int, code);
        QFETCH(int, expected);
        serve();
        openIt();
        m_socket->send("before");
        m_socket->close(quint16(code), "because");
        m_socket->send("after");
        QCOMPARE(int(end()), expected);
        QCOMPARE(m_received, QByteArrayList{"before"});
        QVERIFY(m_closed.first().detail.contains(code == 1001 ? u"stopping"_s : u"because"_s));
        QVERIFY(eventually([&] { return m_serverClosed == 1; }));
    }

    void tellsTheServerThatItLeaves_data() { addKinds(); }
    void tellsTheServerThatItLeaves()
    {
        serve();
        openIt();
        m_transport->send("last words");
        m_transport->close();
        m_transport->close();
        QCOMPARE(end(), ErrorCode::Cancelled);
        m_transport->send("nobody hears this");
        QVERIFY(eventually([&] { return m_serverClosed == 1; }));
        QCOMPARE(m_heard, QByteArrayList{"last words"});
        QCOMPARE(m_closed.size(), 1);
    }

    void slowsTheClientDownWhileTheServerIsBehind_data() { addKinds(); }
    void slowsTheClientDownWhileTheServerIsBehind()
    {
        http::Limits limits;
        limits.socketInBytes = 64 * 1024;
        serve({}, limits);
        openIt();
        m_socket->holdInput(true);
        for (int i = 0; i < 40; ++i)
            m_transport->send(QByteArray(256 * 1024, 'x'));
        QTest::qWait(300);
        const qsizetype before = m_heard.size();
        QVERIFY2(before < 40, "all came although the server holds");
        m_socket->holdInput(false);
        QVERIFY(eventually([&] { return m_heard.size() == 40; }));
    }

    void endsWithTheServer_data() { addKinds(); }
    void endsWithTheServer()
    {
        serve();
        openIt();
        m_edge->stop();
        QCOMPARE(end(), ErrorCode::NetworkFailed);
        QVERIFY2(m_closed.first().detail.contains("stopping"_L1), qPrintable(m_closed.first().detail));
    }

    void noticesADeadPath_data()
    {
        QTest::addColumn<int>("kind");
        QTest::newRow("server-sent events") << int(EventsKind);
        QTest::newRow("long polling") << int(PollKind);
    }

    /// A relay between the two that stops to relay, without a word.
    void noticesADeadPath()
    {
        QFETCH(int, kind);
        serve({.poll = 40ms, .beat = 30ms, .idle = 300ms});
        QTcpServer relay;
        bool isDead = false;
        QVERIFY(relay.listen(QHostAddress::LocalHost));
        connect(&relay, &QTcpServer::newConnection, this, [&] {
            QTcpSocket* near = relay.nextPendingConnection();
            auto* far = new QTcpSocket(near);
            far->connectToHost(QHostAddress::LocalHost, m_edge->port());
            const auto join = [&isDead](QTcpSocket* from, QTcpSocket* to) {
                connect(from, &QTcpSocket::readyRead, to, [&isDead, from, to] {
                    const QByteArray bytes = from->readAll();
                    if (!isDead)
                        to->write(bytes);
                });
            };
            join(near, far);
            join(far, near);
        });
        HttpTransport::Settings settings;
        settings.downlink = kind == EventsKind ? HttpTransport::Downlink::Events : HttpTransport::Downlink::Poll;
        settings.beatEvery = 50ms;
        settings.deadAfter = 400ms;
        settings.firstRetry = 10ms;
        watch(std::make_unique<HttpTransport>(TlsTrust::pinned(m_spki), settings),
            QUrl(u"wss://127.0.0.1:%1/a/v2/socket"_s.arg(relay.serverPort())));
        QVERIFY(eventually([&] { return m_opened == 1; }));
        m_socket->send("alive");
        QVERIFY(eventually([&] { return m_received.size() == 1; }));
        QTest::qWait(600);
        QVERIFY2(m_closed.isEmpty(), "a living path was taken for dead");
        QCOMPARE(m_serverClosed, 0);
        isDead = true;
        QCOMPARE(end(), ErrorCode::Timeout);
        QVERIFY(eventually([&] { return m_serverClosed == 1; })); // the server notices, too
    }

    /// Whatever is sent through it, each connection dies after so many bytes of answers: what was cut comes again, once.
    void losesNothingWhenConnectionsAreCut_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<bool>("isUp");
        QTest::newRow("events, answers cut") << int(EventsKind) << false;
        QTest::newRow("polls, answers cut") << int(PollKind) << false;
        QTest::newRow("events, requests cut") << int(EventsKind) << true;
        QTest::newRow("polls, requests cut") << int(PollKind) << true;
    }

    void losesNothingWhenConnectionsAreCut()
    {
        QFETCH(int, kind);
        QFETCH(bool, isUp);
        serve({.poll = 40ms, .beat = 30ms});
        QTcpServer relay;
        int connections = 0;
        bool isCutting = false;
        QVERIFY(relay.listen(QHostAddress::LocalHost));
        connect(&relay, &QTcpServer::newConnection, this, [&] {
            QTcpSocket* near = relay.nextPendingConnection();
            auto* far = new QTcpSocket(near);
            far->connectToHost(QHostAddress::LocalHost, m_edge->port());
            const auto allowance = std::make_shared<qint64>(2000 + 337 * ++connections); // TLS takes some of it
            const auto join = [near, far, allowance, &isCutting](QTcpSocket* from, QTcpSocket* to, bool isCounted) {
                connect(from, &QTcpSocket::readyRead, to, [=, &isCutting] {
                    QByteArray bytes = from->readAll();
                    if (isCounted && isCutting && (*allowance -= bytes.size()) < 0) {
                        to->write(bytes.first(std::max<qsizetype>(0, bytes.size() + *allowance)));
                        to->flush();
                        near->abort();
                        far->abort();
                        return;
                    }
                    to->write(bytes);
                });
                connect(from, &QTcpSocket::disconnected, to, &QTcpSocket::disconnectFromHost);
            };
            join(near, far, isUp);
            join(far, near, !isUp);
        });
        watch(make(kind, TlsTrust::pinned(m_spki)), QUrl(u"wss://127.0.0.1:%1/a/v2/socket"_s.arg(relay.serverPort())));
        QVERIFY(eventually([&] { return m_opened == 1; }));
        isCutting = true;
        QByteArrayList up, down;
        for (int i = 0; i < 60; ++i) {
            up.append("up " + QByteArray::number(i) + QByteArray(200, '.'));
            down.append("down " + QByteArray::number(i) + QByteArray(200, '.'));
            m_transport->send(up.last());
            m_socket->send(down.last());
            QTest::qWait(3);
        }
        QVERIFY2(eventually([&] { return m_heard.size() >= 60 && m_received.size() >= 60; }, 20s),
            qPrintable(u"%1 up, %2 down, %3 connections"_s.arg(m_heard.size()).arg(m_received.size()).arg(connections)));
        QVERIFY2(m_closed.isEmpty(), m_closed.isEmpty() ? "" : qPrintable(m_closed.first().detail));
        QCOMPARE(m_heard, up);
        QCOMPARE(m_received, down);
        QVERIFY2(connections > 5, "nothing was cut");
    }
};

} // namespace platen::channel

PLATEN_TEST(platen::channel::TransportsTest)
#include "TransportsTest.moc"
