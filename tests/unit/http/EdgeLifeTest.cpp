// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include <testkit/Program.h>

#include "EdgeFixture.h"

#include <QSignalSpy>
#include <QTcpServer>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace platen::http {

/// The certificate that a client is shown, as PEM; empty when there is none.
static QByteArray shownTo(quint16 port)
{
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setPeerVerifyMode(QSslSocket::VerifyNone);
    QSslSocket socket;
    socket.setSslConfiguration(configuration);
    socket.connectToHostEncrypted(u"127.0.0.1"_s, port);
    eventually([&] { return socket.isEncrypted(); });
    return socket.peerCertificate().toPem();
}

/// Opening, crowds, TLS and the end.
class EdgeLifeTest : public EdgeFixture {
    Q_OBJECT

private slots:
    void initTestCase_data() { addBothKinds(); }
    void initTestCase() { makeCertificate(); }
    void cleanup() { forget(); }

    void survivesAnAnswerAfterItsOwnEnd()
    {
        open();
        const auto one = client();
        const auto other = socketClient();
        one->say("GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
        QVERIFY(eventually([&] { return m_replies.size() == 1; }));
        m_edge.reset();
        m_replies.first()({200, {}, "x", {}});
        m_sockets.first()->send("x");
        m_sockets.first()->close();
        m_sockets.clear();
        QVERIFY(one->isHungUp());
    }

    // Crowds

    void letsNoMoreInThanThereIsRoom_data()
    {
        QTest::addColumn<int>("total");
        QTest::addColumn<int>("perAddress");
        QTest::addColumn<int>("counted");
        QTest::newRow("in all") << 2 << 100 << int(Refusal::TooManyConnections);
        QTest::newRow("from one address") << 100 << 2 << int(Refusal::TooManyFromAddress);
    }

    void letsNoMoreInThanThereIsRoom()
    {
        QFETCH(int, total);
        QFETCH(int, perAddress);
        QFETCH(int, counted);
        Limits limits;
        limits.connections = total;
        limits.connectionsPerAddress = perAddress;
        open(limits);
        auto a = client();
        const auto b = socketClient();
        const auto c = client();
        QVERIFY(c->isHungUp());
        QTRY_COMPARE(refused(static_cast<Refusal>(counted)), 1U);
        a->leave();
        QVERIFY(eventually([&] { return m_edge->counters().open == 1; }));
        const auto d = client();
        d->say("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab");
        QVERIFY(d->hears("\r\n\r\nab"));
    }

    // The end

    void stopsGracefully()
    {
        open();
        const auto idle = client();
        const auto busy = client();
        const auto socket = socketClient();
        busy->say("GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
        QVERIFY(eventually([&] { return m_replies.size() == 1; }));
        QSignalSpy stopped(m_edge.get(), &Edge::stopped);
        const quint16 port = m_edge->port();
        m_edge->stop();
        QVERIFY(idle->isHungUp());
        QVERIFY(socket->hears("restarting; retry in 1 s"));
        QCOMPARE(socket->heard.mid(2, 2).toHex(), "03e9"); // 1001
        QVERIFY(stopped.isEmpty());
        m_replies.first()({200, {}, "still answered", {}});
        QVERIFY(busy->hears("still answered"));
        socket->say(frame(8, QByteArray::fromHex("03e9")));
        QVERIFY(eventually([&] { return !stopped.isEmpty(); }));
        QVERIFY(RawClient(port, false).isOver);
        QCOMPARE(m_closed, 1);
    }

    void stopsInTimeWhoeverHolds()
    {
        Limits limits;
        limits.drain = 100ms;
        open(limits);
        const auto busy = client();
        const auto socket = socketClient();
        busy->say("GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
        QVERIFY(eventually([&] { return m_replies.size() == 1; }));
        QSignalSpy stopped(m_edge.get(), &Edge::stopped);
        m_edge->stop();
        QVERIFY(eventually([&] { return !stopped.isEmpty(); }, 3s));
        QVERIFY(busy->isHungUp());
        QCOMPARE(m_edge->counters().open.load(), 0);
    }

    void stopsBeforeItBegan()
    {
        Edge edge;
        QSignalSpy stopped(&edge, &Edge::stopped);
        edge.stop();
        edge.stop();
        QVERIFY(eventually([&] { return stopped.size() == 1; }));
    }

    // TLS

    void speaksTlsOnlyWithThoseWhoCan_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("plain HTTP") << QByteArray("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        QTest::newRow("noise") << QByteArray(1000, '\x7f');
        QTest::newRow("a hello cut short") << QByteArray::fromHex("16030100050100000100");
        QTest::newRow("nothing") << QByteArray();
    }

    void speaksTlsOnlyWithThoseWhoCan()
    {
        QFETCH(QByteArray, bytes);
        if (!isEncrypted())
            return;
        Limits limits;
        limits.tlsHandshake = 100ms;
        open(limits);
        RawClient one(m_edge->port(), false);
        one.say(bytes);
        QVERIFY(one.isHungUp());
        QTRY_COMPARE(refused(Refusal::TlsHandshake), 1U);
        QTRY_COMPARE(m_edge->counters().open.load(), 0);
    }

    void agreesOnStrongCiphersOnly_data()
    {
        QTest::addColumn<int>("version");
        QTest::addColumn<QString>("cipher");
        QTest::addColumn<bool>("agrees");
        QTest::newRow("1.3") << int(QSsl::TlsV1_3) << QString() << true;
        QTest::newRow("1.2, GCM") << int(QSsl::TlsV1_2) << u"ECDHE-ECDSA-AES128-GCM-SHA256"_s << true;
        QTest::newRow("1.2, ChaCha20") << int(QSsl::TlsV1_2) << u"ECDHE-ECDSA-CHACHA20-POLY1305"_s << true;
        QTest::newRow("1.2, CBC") << int(QSsl::TlsV1_2) << u"ECDHE-ECDSA-AES128-SHA256"_s << false;
        QTest::newRow("1.2, CBC with SHA-1") << int(QSsl::TlsV1_2) << u"ECDHE-ECDSA-AES256-SHA"_s << false;
    }

    void agreesOnStrongCiphersOnly()
    {
        QFETCH(int, version);
        QFETCH(QString, cipher);
        QFETCH(bool, agrees);
        if (!isEncrypted())
            return;
        open();
        QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
        configuration.setPeerVerifyMode(QSslSocket::VerifyNone);
        configuration.setProtocol(static_cast<QSsl::SslProtocol>(version));
        if (!cipher.isEmpty())
            configuration.setCiphers(cipher);
        QSslSocket socket;
        socket.setSslConfiguration(configuration);
        bool isOver = false;
        connect(&socket, &QSslSocket::errorOccurred, this, [&] { isOver = true; });
        socket.connectToHostEncrypted(u"127.0.0.1"_s, m_edge->port());
        QVERIFY(eventually([&] { return socket.isEncrypted() || isOver; }));
        QCOMPARE(socket.isEncrypted(), agrees);
    }

    void showsARenewedCertificateToWhoComes()
    {
        if (!isEncrypted())
            return;
        open();
        const auto before = socketClient();
        const CertificatePair renewed = selfSigned({u"127.0.0.1"_s}).value();
        QVERIFY(m_edge->renewCertificate(renewed.certificatePem, renewed.keyPem).has_value());
        QCOMPARE(shownTo(m_edge->port()), renewed.certificatePem);
        before->say(frame(2, "still here"));
        QVERIFY(eventually([&] { return m_messages.contains("still here"); }));
    }

    void keepsItsCertificateWhenTheNewOneIsBroken()
    {
        if (!isEncrypted())
            return;
        open();
        const CertificatePair other = selfSigned({u"127.0.0.1"_s}).value();
        QCOMPARE(m_edge->renewCertificate("nonsense", other.keyPem).error().code, ErrorCode::CertificateRefused);
        QCOMPARE(m_edge->renewCertificate(other.certificatePem, m_pair.keyPem).error().code, ErrorCode::CertificateRefused);
        QCOMPARE(shownTo(m_edge->port()), m_pair.certificatePem);
    }

    // What keeps it from opening

    void saysThatAPortIsInUse()
    {
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost));
        Edge edge;
        Edge::Settings wanted = settings();
        wanted.port = other.serverPort();
        const Status status = edge.listen(wanted);
        QCOMPARE(status.error().code, ErrorCode::AddressInUse);
        QVERIFY(status.error().detail.contains(QString::number(other.serverPort())));
    }

    void saysThatAnAddressIsNotOurs()
    {
        Edge edge;
        Edge::Settings wanted = settings();
        wanted.address = QHostAddress(u"192.0.2.1"_s); // RFC 5737: nobody's
        QCOMPARE(edge.listen(wanted).error().code, ErrorCode::NetworkFailed);
    }

    void saysThatACertificateIsBroken()
    {
        Edge edge;
        Edge::Settings wanted;
        wanted.certificatePem = "nonsense";
        wanted.keyPem = m_pair.keyPem;
        QCOMPARE(edge.listen(wanted).error().code, ErrorCode::CertificateRefused);
        wanted.certificatePem = m_pair.certificatePem;
        wanted.keyPem = selfSigned({u"other"_s})->keyPem;
        QCOMPARE(edge.listen(wanted).error().code, ErrorCode::CertificateRefused);
    }

    void listensOnSeveralEndpoints()
    {
        open();
        const auto first = client();
        QVERIFY(m_edge->listen(settings()).has_value());
        const auto second = client();
        for (const auto& one : {first.get(), second.get()}) {
            one->say("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab");
            QVERIFY(one->hears("\r\n\r\nab"));
        }
    }
};

} // namespace platen::http

PLATEN_TEST(platen::http::EdgeLifeTest)
#include "EdgeLifeTest.moc"
