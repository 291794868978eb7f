// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslServer>
#include <http/Certificate.h>
#include <testkit/FakeWebServer.h>
#include <testkit/Program.h>
#include <testkit/Wait.h>
#include <web/Client.h>

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using platen::ErrorCode;
using platen::Result;
using platen::test::FakeWebServer;
using platen::web::Answer;
using platen::web::Client;

class ClientTest : public QObject {
    Q_OBJECT

    static Result<Answer> get(const FakeWebServer& server, platen::web::Limits limits = {})
    {
        Client client;
        return platen::test::wait(client.get(server.url(u"/page"_s), limits));
    }

    // A server with a certificate that it signed itself, of a firmware that knows nothing newer than `protocol`.
    static std::unique_ptr<QTcpServer> tlsServer(const QByteArray& protocol)
    {
        const auto pair = platen::http::selfSigned({u"printer.example"_s});
        QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
        tls.setProtocol(QSsl::AnyProtocol);
        tls.setLocalCertificate(QSslCertificate(pair->certificatePem));
        tls.setPrivateKey(QSslKey(pair->keyPem.reveal(), QSsl::Ec));
        tls.setBackendConfigurationOption("MinProtocol", QByteArray("TLSv1"));
        tls.setBackendConfigurationOption("MaxProtocol", protocol);
        tls.setBackendConfigurationOption("CipherString", QByteArray("DEFAULT:@SECLEVEL=0"));
        auto server = std::make_unique<QSslServer>();
        server->setSslConfiguration(tls);
        return server;
    }

private slots:
    void readsOverTlsOfAnyAge_data()
    {
        QTest::addColumn<QByteArray>("protocol");
        for (const char* protocol : {"TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"})
            QTest::newRow(protocol) << QByteArray(protocol);
    }

    void readsOverTlsOfAnyAge()
    {
        QFETCH(QByteArray, protocol);
        FakeWebServer server(tlsServer(protocol));
        server.answer = [](const QByteArray&) { return FakeWebServer::http("old"); };
        QUrl url = server.url(u"/page"_s);
        url.setScheme(u"https"_s);
        Client client;
        const Result<Answer> answer = platen::test::wait(client.get(url));
        QVERIFY2(answer, qPrintable(answer ? QString() : answer.error().detail));
        QCOMPARE(answer->body, "old");
    }

    void followsToTlsOnTheSameHost()
    {
        using platen::web::isSameHost;
        QVERIFY(isSameHost(QUrl(u"http://10.0.0.5/a"_s), QUrl(u"https://10.0.0.5/b"_s)));
        QVERIFY(isSameHost(QUrl(u"http://[fe80::1]:8080/"_s), QUrl(u"http://[fe80::1]:8080/b"_s)));
        QVERIFY(!isSameHost(QUrl(u"http://10.0.0.5/"_s), QUrl(u"http://10.0.0.6/"_s)));
        QVERIFY(!isSameHost(QUrl(u"http://10.0.0.5/"_s), QUrl(u"http://10.0.0.5:9100/"_s)));
        QVERIFY(!isSameHost(QUrl(u"http://10.0.0.5/"_s), QUrl(u"ftp://10.0.0.5/"_s)));
    }

    void readsAPage()
    {
        FakeWebServer server;
        server.answer = [](const QByteArray&) { return FakeWebServer::http("<p>ready</p>"); };
        const Result<Answer> answer = get(server);
        QVERIFY(answer);
        QCOMPARE(answer->status, 200);
        QCOMPARE(answer->body, "<p>ready</p>");
        QVERIFY(!server.requests[0].toLower().contains("gzip"));
        QVERIFY(!server.requests[0].toLower().contains("cookie"));
    }

    void postsAsItIsTold()
    {
        FakeWebServer server;
        server.answer = [](const QByteArray& request) { return FakeWebServer::http(FakeWebServer::bodyOf(request)); };
        Client client;
        const Result<Answer> answer =
            platen::test::wait(client.post(server.url(u"/ipp"_s), "application/ipp", "\x01\x02"));
        QVERIFY(answer);
        QCOMPARE(answer->body, "\x01\x02");
        QVERIFY(server.requests[0].contains("application/ipp"));
    }

    void givesAnErrorStatusAsAnAnswer()
    {
        FakeWebServer server;
        server.answer = [](const QByteArray&) { return FakeWebServer::http("no", "text/html", "404 Not Found"); };
        const Result<Answer> answer = get(server);
        QVERIFY(answer);
        QCOMPARE(answer->status, 404);
    }

    void followsARedirectOnTheSameHost()
    {
        FakeWebServer server;
        server.answer = [](const QByteArray& request) {
            return FakeWebServer::pathOf(request) == "/page" ? FakeWebServer::redirect("/other")
                                                             : FakeWebServer::http("here");
        };
        const Result<Answer> answer = get(server);
        QVERIFY(answer);
        QCOMPARE(answer->body, "here");
        QCOMPARE(answer->url.path(), u"/other"_s);
    }

    void refusesARedirectToAnotherHost_data()
    {
        QTest::addColumn<QByteArray>("location");
        QTest::newRow("metadata service") << QByteArray("http://169.254.169.254/latest/meta-data/");
        QTest::newRow("no scheme") << QByteArray("//169.254.169.254/");
        QTest::newRow("another name of this host") << QByteArray("http://localhost/");
        QTest::newRow("file") << QByteArray("file:///etc/passwd");
        QTest::newRow("another service of this host") << QByteArray("http://127.0.0.1:22/");
        QTest::newRow("with a login") << QByteArray("http://root:root@127.0.0.1/");
    }

    void refusesARedirectToAnotherHost()
    {
        QFETCH(QByteArray, location);
        FakeWebServer server;
        server.answer = [&](const QByteArray&) { return FakeWebServer::redirect(location); };
        const Result<Answer> answer = get(server);
        QVERIFY(!answer);
        QCOMPARE(answer.error().code, ErrorCode::PermissionDenied);
        QCOMPARE(server.requests.size(), 1);
    }

    void followsNoRedirectOfAPost()
    {
        FakeWebServer server;
        server.answer = [](const QByteArray&) { return FakeWebServer::redirect("/other"); };
        Client client;
        const Result<Answer> answer = platen::test::wait(client.post(server.url(u"/ipp"_s), "application/ipp", "x"));
        QVERIFY(answer);
        QCOMPARE(answer->status, 302);
        QCOMPARE(server.requests.size(), 1);
    }

    void endsALoopOfRedirects()
    {
        FakeWebServer server;
        server.answer = [](const QByteArray&) { return FakeWebServer::redirect("/page"); };
        const Result<Answer> answer = get(server);
        QVERIFY(!answer);
        QCOMPARE(answer.error().code, ErrorCode::LimitExceeded);
        QCOMPARE(server.requests.size(), 4);
    }

    void cutsATarPit()
    {
        FakeWebServer server;
        server.byteEvery = 20ms;
        server.answer = [](const QByteArray&) { return FakeWebServer::http(QByteArray(100'000, 'x')); };
        const Result<Answer> answer = get(server, {.time = 300ms});
        QVERIFY(!answer);
        QCOMPARE(answer.error().code, ErrorCode::Timeout);
    }

    void cutsWhoNeverAnswers()
    {
        FakeWebServer server;
        const Result<Answer> answer = get(server, {.time = 200ms});
        QVERIFY(!answer);
        QCOMPARE(answer.error().code, ErrorCode::Timeout);
    }

    void cutsABodyWithoutEnd()
    {
        FakeWebServer server;
        server.neverEnds = true;
        server.answer = [](const QByteArray&) { return "HTTP/1.0 200 OK\r\n\r\n" + QByteArray(8192, 'x'); };
        const Result<Answer> answer = get(server);
        QVERIFY(!answer);
        QCOMPARE(answer.error().code, ErrorCode::LimitExceeded);
        QVERIFY2(server.sentBytes < 16 << 20, qPrintable(QString::number(server.sentBytes)));
    }

    void refusesAnAnnouncedLargeBody()
    {
        FakeWebServer server;
        server.neverEnds = true;
        server.answer = [](const QByteArray&) {
            return QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 67108864\r\n\r\nx");
        };
        const Result<Answer> answer = get(server);
        QVERIFY(!answer);
        QCOMPARE(answer.error().code, ErrorCode::LimitExceeded);
    }

    void refusesAPackedAnswer()
    {
        FakeWebServer server;
        const QByteArray bomb = QByteArray::fromHex("1f8b0800") + QByteArray(2000, '\0');
        server.answer = [&](const QByteArray&) {
            return FakeWebServer::http(bomb, "text/xml", "200 OK", "Content-Encoding: gzip\r\n");
        };
        const Result<Answer> answer = get(server);
        QVERIFY(!answer);
        QCOMPARE(answer.error().code, ErrorCode::Unsupported);
    }

    void failsWhereNobodyListens()
    {
        quint16 port = 0;
        {
            FakeWebServer gone;
            port = gone.port();
        }
        Client client;
        const Result<Answer> answer = platen::test::wait(client.get(QUrl(u"http://127.0.0.1:%1/"_s.arg(port))));
        QVERIFY(!answer);
        QCOMPARE(answer.error().code, ErrorCode::NotFound);
        QCOMPARE(answer.error().detail, u"Nobody listens at http://127.0.0.1:%1/."_s.arg(port));
    }

    void survivesWhatIsNoHttp_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("binary") << QByteArray("\0\1\2\3", 4).repeated(1000);
        QTest::newRow("head without end") << "HTTP/1.1 200 OK\r\n" + QByteArray("X: y\r\n").repeated(50'000);
        QTest::newRow("chunks that lie") << QByteArray(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx");
        QTest::newRow("negative length") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nx");
    }

    void survivesWhatIsNoHttp()
    {
        QFETCH(QByteArray, bytes);
        FakeWebServer server;
        server.answer = [&](const QByteArray&) { return bytes; };
        const Result<Answer> answer = get(server, {.time = 2s});
        QVERIFY(!answer || answer->body.size() <= 1);
    }

    void sendsNothingToPortsThatPrint_data()
    {
        QTest::addColumn<int>("port");
        for (const int port : {515, 9100, 9105, 9109})
            QTest::newRow(qPrintable(QString::number(port))) << port;
    }

    void sendsNothingToPortsThatPrint()
    {
        QFETCH(int, port);
        Client client;
        const QUrl url(u"http://127.0.0.1:%1/"_s.arg(port));
        QCOMPARE(platen::test::wait(client.get(url)).error().code, ErrorCode::PermissionDenied);
        QCOMPARE(
            platen::test::wait(client.post(url, "application/ipp", "x")).error().code, ErrorCode::PermissionDenied);
    }
};

PLATEN_TEST(ClientTest)
#include "ClientTest.moc"
