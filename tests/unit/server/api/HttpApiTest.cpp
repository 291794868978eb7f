// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ApiFixture.h"

#include <http/Edge.h>
#include <testkit/Program.h>

#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QWebSocket>
#include <QTest>

using namespace platen;
using namespace platen::test;

class HttpApiTest : public QObject {
    Q_OBJECT

private slots:
    void init() { m_api = std::make_unique<ApiFixture>(); }
    void cleanup() { m_api.reset(); }

    void givesATokenThatOpensTheCalls()
    {
        const http::Response signedIn =
            m_api->post(u"login"_s, {{u"name"_s, u"anna"_s}, {u"password"_s, u"correct horse"_s}});
        QCOMPARE(signedIn.status, 200);
        const http::Response agents =
            m_api->post(u"agents.list"_s, {}, ApiFixture::bodyOf(signedIn).value(u"token"_s).toString());
        QCOMPARE(agents.status, 200);
        QCOMPARE(agents.contentType, "application/json"_ba);
        QVERIFY(agents.headers.contains({"cache-control"_ba, "no-store"_ba}));
        const QJsonObject agent = ApiFixture::bodyOf(agents).value(u"agents"_s).toArray().first().toObject();
        QVERIFY(m_api->server->catalogue().find(u"agents.list")->result.check(ApiFixture::bodyOf(agents)));
        QCOMPARE(agent.value(u"id"_s).toString(), u"61616161616161616161616161616161"_s);
        QCOMPARE(agent.value(u"name"_s).toString(), u"Site A"_s);
        QCOMPARE(agent.value(u"state"_s).toString(), u"silent"_s);
    }

    void saysWhenToTryAgainInTheHeaderToo()
    {
        const QJsonObject wrong{{u"name"_s, u"anna"_s}, {u"password"_s, u"wrong"_s}};
        for (int i = 0; i < 5; ++i)
            QCOMPARE(m_api->post(u"login"_s, wrong).status, 401);
        const http::Response refused = m_api->post(u"login"_s, wrong);
        QCOMPARE(refused.status, 429);
        QVERIFY(refused.headers.contains({"retry-after"_ba, "1"_ba}));
    }

    void takesPasswordsOnlyWhereNobodyListensIn()
    {
        QVERIFY(api::isPrivate(true, QHostAddress(u"192.0.2.7"_s)));
        QVERIFY(api::isPrivate(false, QHostAddress(u"127.0.0.1"_s)));
        QVERIFY(api::isPrivate(false, QHostAddress(u"::1"_s)));
        QVERIFY(!api::isPrivate(false, QHostAddress(u"192.0.2.7"_s)));
    }

    void asksForABearerToken()
    {
        const http::Response refused = m_api->post(u"agents.list"_s, {});
        QCOMPARE(refused.status, 401);
        QVERIFY(refused.headers.contains({"www-authenticate"_ba, "Bearer"_ba}));
    }

    void refusesBodiesThatAreNoParameters_data()
    {
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("not JSON") << "application/json"_ba << "a=1"_ba;
        QTest::newRow("a list") << "application/json"_ba << "[1]"_ba;
        QTest::newRow("a form") << "application/x-www-form-urlencoded"_ba << "limit=1"_ba;
        QTest::newRow("plain text, which a foreign page may send") << "text/plain"_ba << "{}"_ba;
        QTest::newRow("of no type") << ""_ba << "{}"_ba;
        QTest::newRow("deep") << "application/json"_ba << QByteArray(100'000, '[');
        QTest::newRow("wrong parameter") << "application/json; charset=utf-8"_ba << R"({"limit":0})"_ba;
    }
    void refusesBodiesThatAreNoParameters()
    {
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, body);
        http::Request request;
        request.headers = {{"content-type", type}, {"authorization", "Bearer " + m_api->tokenOf(u"anna"_s).toLatin1()}};
        request.body = body;
        const http::Response refused = m_api->send(u"devices.list"_s, request);
        QCOMPARE(refused.status, 400);
        QVERIFY(!ApiFixture::bodyOf(refused).value(u"error"_s).toObject().value(u"message"_s).toString().isEmpty());
    }

    void tellsNothingOfWhatBrokeInside()
    {
        const QString token = m_api->tokenOf(u"anna"_s);
        m_api->execute(u"DROP TABLE agent_device"_s);
        m_api->execute(u"DROP TABLE gap"_s);
        m_api->execute(u"ALTER TABLE device RENAME TO gone"_s);
        const http::Response failed = m_api->post(u"devices.list"_s, {}, token);
        QCOMPARE(failed.status, 500);
        QVERIFY(!failed.body.contains("SELECT"));
        QVERIFY(failed.body.contains("storageFailed"));
    }

    void hasAStatusForEveryErrorCode()
    {
        for (int code = 1; code <= static_cast<int>(ErrorCode::Internal); ++code) {
            const int status = api::statusOf(static_cast<ErrorCode>(code));
            QVERIFY(status >= 400 && status < 600);
        }
        QCOMPARE(api::statusOf(ErrorCode::NotFound), 404);
    }

    void worksThroughTheRealDoor()
    {
        http::Edge edge;
        m_api->server->attach(edge);
        QVERIFY(edge.listen({}));
        const QString host = u"127.0.0.1:%1"_s.arg(edge.port());

        QNetworkAccessManager network;
        std::unique_ptr<QNetworkReply> document(
            network.get(QNetworkRequest(QUrl(u"http://%1/api/v1/openapi.json"_s.arg(host)))));
        QVERIFY(eventually([&] { return document->isFinished(); }));
        QCOMPARE(QJsonDocument::fromJson(document->readAll()).object().value(u"openapi"_s).toString(), u"3.1.0"_s);

        QWebSocket socket;
        QJsonObject answer;
        connect(&socket, &QWebSocket::textMessageReceived, this,
            [&](const QString& text) { answer = QJsonDocument::fromJson(text.toUtf8()).object(); });
        connect(&socket, &QWebSocket::connected, this, [&] {
            socket.sendTextMessage(
                uR"({"jsonrpc":"2.0","id":1,"method":"login","params":{"name":"anna","password":"correct horse"}})"_s);
        });
        socket.open(QUrl(u"ws://%1/api/v1/socket"_s.arg(host)));
        QVERIFY(eventually([&] { return !answer.isEmpty(); }));
        QCOMPARE(
            answer.value(u"result"_s).toObject().value(u"user"_s).toObject().value(u"name"_s).toString(), u"anna"_s);
        QCOMPARE(m_api->server->findChildren<api::ConsoleConnection*>().size(), 1);
        socket.close();
        QVERIFY(eventually([&] { return m_api->server->findChildren<api::ConsoleConnection*>().isEmpty(); }));
    }

private:
    std::unique_ptr<ApiFixture> m_api;
};

PLATEN_TEST(HttpApiTest)
#include "HttpApiTest.moc"
