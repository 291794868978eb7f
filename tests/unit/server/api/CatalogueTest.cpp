// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ApiFixture.h"

#include <server/api/OpenApi.h>
#include <testkit/Program.h>

#include <QTest>

using namespace platen;
using namespace platen::test;

class CatalogueTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        m_api = std::make_unique<ApiFixture>();
        m_token = m_api->tokenOf(u"otto"_s);
    }
    void cleanupTestCase() { m_api.reset(); }

    void hasTheCallsOfTheContract()
    {
        QStringList names;
        for (const api::Call& call : m_api->server->catalogue().calls())
            names.append(call.name);
        QCOMPARE(names,
            QStringList({u"login"_s, u"resume"_s, u"session.prove"_s, u"logout"_s, u"devices.list"_s, u"devices.get"_s,
                u"devices.history"_s, u"agents.list"_s, u"agents.expire"_s, u"agents.deactivate"_s, u"pins.list"_s,
                u"pins.create"_s, u"pins.revoke"_s, u"subscribe"_s}));
    }

    void letsOnlyTheBeginningOfASessionDoWithoutPermission()
    {
        for (const api::Call& call : m_api->server->catalogue().calls())
            QCOMPARE(call.permission.has_value(), call.name != u"login" && call.name != u"resume");
    }

    void refusesEveryCallWithoutASession_data() { everyGuardedCall(); }
    void refusesEveryCallWithoutASession()
    {
        QFETCH(QString, name);
        const http::Response response = m_api->post(name, {{u"anything"_s, true}});
        QCOMPARE(response.status, 401);
        QCOMPARE(codeOf(response), u"notAuthenticated"_s);
        QCOMPARE(m_api->post(name, {}, QString(43, u'A')).status, 401);

        TestConsole console(*m_api);
        QCOMPARE(console.error(name), u"notAuthenticated"_s);
    }

    void refusesEveryCallWithoutItsPermission_data() { everyGuardedCall(); }
    void refusesEveryCallWithoutItsPermission()
    {
        QFETCH(QString, name);
        const http::Response response = m_api->post(name, {{u"anything"_s, true}}, m_token);
        QCOMPARE(response.status, 403);
        QCOMPARE(codeOf(response), u"permissionDenied"_s);

        TestConsole console(*m_api);
        QVERIFY(console.call(u"resume"_s, {{u"token"_s, m_token}}).contains(u"result"_s));
        QCOMPARE(console.error(name), u"permissionDenied"_s);
    }

    void namesTheUnknownParameterOfEveryCall_data()
    {
        QTest::addColumn<QString>("name");
        for (const api::Call& call : m_api->server->catalogue().calls())
            QTest::newRow(qPrintable(call.name)) << call.name;
    }
    void namesTheUnknownParameterOfEveryCall()
    {
        QFETCH(QString, name);
        TestConsole console(*m_api);
        console.call(u"resume"_s, {{u"token"_s, m_api->tokenOf(u"anna"_s)}});
        const QJsonObject error = console.call(name, {{u"surprise"_s, 1}}).value(u"error"_s).toObject();
        QCOMPARE(error.value(u"code"_s).toInt(), -32602);
        QCOMPARE(error.value(u"message"_s).toString(), u"invalidInput"_s);
        QCOMPARE(error.value(u"data"_s).toObject().value(u"detail"_s).toString(),
            u"parameter surprise is not known to this call"_s);
        m_api->clock.advance(std::chrono::minutes(1)); // for the throttle
    }

    void describesEveryHttpCallAsOpenApi()
    {
        const QJsonObject document = api::openApi(m_api->server->catalogue(), u"1.2.3"_s);
        const QJsonObject paths = document.value(u"paths"_s).toObject();
        QCOMPARE(paths.keys(),
            QStringList({u"/api/v1/agents.deactivate"_s, u"/api/v1/agents.expire"_s, u"/api/v1/agents.list"_s,
                u"/api/v1/devices.get"_s, u"/api/v1/devices.history"_s, u"/api/v1/devices.list"_s, u"/api/v1/login"_s,
                u"/api/v1/logout"_s, u"/api/v1/pins.create"_s, u"/api/v1/pins.list"_s, u"/api/v1/pins.revoke"_s,
                u"/api/v1/resume"_s, u"/api/v1/session.prove"_s}));
        const QJsonObject list = paths.value(u"/api/v1/devices.list"_s).toObject().value(u"post"_s).toObject();
        QCOMPARE(list.value(u"x-permission"_s).toString(), u"device.read"_s);
        const QJsonObject schema = list.value(u"requestBody"_s)[u"content"][u"application/json"][u"schema"].toObject();
        QCOMPARE(schema[u"properties"][u"limit"][u"maximum"].toInt(), 1000);
        QVERIFY(!schema.contains(u"required"_s));
    }

private:
    void everyGuardedCall()
    {
        QTest::addColumn<QString>("name");
        for (const api::Call& call : m_api->server->catalogue().calls())
            if (call.permission)
                QTest::newRow(qPrintable(call.name)) << call.name;
    }
    static QString codeOf(const http::Response& response)
    {
        return ApiFixture::bodyOf(response).value(u"error"_s).toObject().value(u"code"_s).toString();
    }

    std::unique_ptr<ApiFixture> m_api;
    QString m_token;
};

PLATEN_TEST(CatalogueTest)
#include "CatalogueTest.moc"
