// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <testkit/Program.h>

#include "ApiFixture.h"

#include <QTest>

using namespace platen;
using namespace platen::test;
using namespace std::chrono_literals;

class ConsoleConnectionTest : public QObject {
    Q_OBJECT

private slots:
    void init() { m_api = std::make_unique<ApiFixture>(); }
    void cleanup() { m_api.reset(); }

    void signsInAndOut()
    {
        TestConsole console(*m_api);
        const QJsonObject signedIn =
            console.result(u"login"_s, {{u"name"_s, u"anna"_s}, {u"password"_s, u"correct horse"_s}});
        QVERIFY(m_api->server->catalogue().find(u"login")->result.check(signedIn));
        QCOMPARE(signedIn.value(u"user"_s),
            QJsonValue(QJsonObject{{u"name"_s, u"anna"_s}, {u"roles"_s, QJsonArray{u"administrator"_s}}}));
        QCOMPARE(signedIn.value(u"idleSeconds"_s).toInt(), 1800);
        QCOMPARE(signedIn.value(u"absoluteSeconds"_s).toInt(), 43200);
        QCOMPARE(signedIn.value(u"serverVersion"_s).toString(), u"1.2.3"_s);
        QCOMPARE(console.error(u"agents.list"_s), QString());

        TestConsole later(*m_api);
        const QJsonObject token{{u"token"_s, signedIn.value(u"token"_s)}};
        const QJsonObject resumed = later.result(u"resume"_s, token);
        QVERIFY(m_api->server->catalogue().find(u"resume")->result.check(resumed));
        QCOMPARE(later.error(u"agents.list"_s), QString());

        QVERIFY(later.call(u"logout"_s).contains(u"result"_s));
        QCOMPARE(later.error(u"agents.list"_s), u"notAuthenticated"_s);
        QCOMPARE(console.error(u"agents.list"_s), u"notAuthenticated"_s); // the same session
        QCOMPARE(later.error(u"resume"_s, token), u"notAuthenticated"_s);
    }

    void saysWhenToTryASignInAgain()
    {
        TestConsole console(*m_api);
        const QJsonObject wrong{{u"name"_s, u"anna"_s}, {u"password"_s, u"wrong"_s}};
        for (int i = 0; i < 5; ++i)
            QCOMPARE(console.error(u"login"_s, wrong), u"notAuthenticated"_s);
        const QJsonObject error = console.call(u"login"_s, wrong).value(u"error"_s).toObject();
        QCOMPARE(error.value(u"message"_s).toString(), u"tooManyAttempts"_s);
        QCOMPARE(error.value(u"code"_s).toInt(), -32000);
        QCOMPARE(error.value(u"data"_s).toObject().value(u"retryAfterSeconds"_s).toInt(), 1);
    }

    void forgetsAnExpiredSession()
    {
        TestConsole console(*m_api);
        signIn(console);
        m_api->clock.advance(30min);
        QCOMPARE(console.error(u"agents.list"_s), u"notAuthenticated"_s);
    }

    void answersWhatIsNoCall_data()
    {
        QTest::addColumn<QByteArray>("message");
        QTest::addColumn<int>("code");
        QTest::addColumn<QJsonValue>("id");
        const QJsonValue null(QJsonValue::Null);
        QTest::newRow("empty") << ""_ba << -32700 << null;
        QTest::newRow("not JSON") << "hello"_ba << -32700 << null;
        QTest::newRow("half a message") << "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"agents"_ba << -32700 << null;
        QTest::newRow("not UTF-8") << "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xff\xfe\"}"_ba << -32700 << null;
        QTest::newRow("a bare text") << R"("agents.list")"_ba << -32700 << null;
        QTest::newRow("a batch") << R"([{"jsonrpc":"2.0","id":1,"method":"agents.list"}])"_ba << -32600 << null;
        QTest::newRow("an empty batch") << "[]"_ba << -32600 << null;
        QTest::newRow("an empty object") << "{}"_ba << -32600 << null;
        QTest::newRow("no version") << R"({"id":1,"method":"agents.list"})"_ba << -32600 << QJsonValue(1);
        QTest::newRow("another version") << R"({"jsonrpc":"1.0","id":1,"method":"agents.list"})"_ba << -32600
                                         << QJsonValue(1);
        QTest::newRow("version of the wrong type")
            << R"({"jsonrpc":2.0,"id":1,"method":"agents.list"})"_ba << -32600 << QJsonValue(1);
        QTest::newRow("no method") << R"({"jsonrpc":"2.0","id":"x"})"_ba << -32600 << QJsonValue(u"x"_s);
        QTest::newRow("method of the wrong type")
            << R"({"jsonrpc":"2.0","id":1,"method":["agents.list"]})"_ba << -32600 << QJsonValue(1);
        QTest::newRow("endless method") << "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\""_ba + QByteArray(100'000, 'a')
                + "\"}" << -32600 << QJsonValue(1);
        QTest::newRow("id of the wrong type")
            << R"({"jsonrpc":"2.0","id":{"a":1},"method":"agents.list"})"_ba << -32600 << null;
        QTest::newRow("id null") << R"({"jsonrpc":"2.0","id":null,"method":"agents.list"})"_ba << -32600 << null;
        QTest::newRow("id true") << R"({"jsonrpc":"2.0","id":true,"method":"agents.list"})"_ba << -32600 << null;
        QTest::newRow("endless id") << "{\"jsonrpc\":\"2.0\",\"method\":\"agents.list\",\"id\":\""_ba
                + QByteArray(500'000, '7')
                + "\"}" << -32600 << null;
        QTest::newRow("parameters by position")
            << R"({"jsonrpc":"2.0","id":1,"method":"agents.list","params":[1]})"_ba << -32602 << QJsonValue(1);
        QTest::newRow("parameters of the wrong type")
            << R"({"jsonrpc":"2.0","id":1,"method":"agents.list","params":"x"})"_ba << -32602 << QJsonValue(1);
        QTest::newRow("unknown method") << R"({"jsonrpc":"2.0","id":1,"method":"agents.explode"})"_ba << -32601
                                        << QJsonValue(1);
        QTest::newRow("empty method") << R"({"jsonrpc":"2.0","id":1,"method":""})"_ba << -32601 << QJsonValue(1);
        QTest::newRow("deep nesting of arrays") << QByteArray(100'000, '[') << -32700 << null;
        QTest::newRow("deep nesting of objects") << QByteArray(R"({"a":)").repeated(100'000) << -32700 << null;
        QTest::newRow("deep parameters") << R"({"jsonrpc":"2.0","id":1,"method":"agents.list","params":)"_ba
                + QByteArray(R"({"a":)").repeated(900) + "1" + QByteArray(900, '}')
                + "}" << -32000 << QJsonValue(1); // well formed: refused for want of a session
        QTest::newRow("too large") << "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"agents.list\",\"params\":{\"a\":\""_ba
                + QByteArray(1 << 20, 'a')
                + "\"}}" << -32600 << null;
    }
    void answersWhatIsNoCall()
    {
        QFETCH(QByteArray, message);
        QFETCH(int, code);
        QFETCH(QJsonValue, id);
        TestConsole console(*m_api);
        console.send(message);
        QVERIFY(eventually([&] { return console.console->received.size() == 1; }));
        const QJsonObject answer = console.console->received.first();
        QCOMPARE(answer.value(u"jsonrpc"_s).toString(), u"2.0"_s);
        QVERIFY(answer.contains(u"id"_s));
        QCOMPARE(answer.value(u"id"_s), id);
        QCOMPARE(answer.value(u"error"_s).toObject().value(u"code"_s).toInt(), code);
        QVERIFY(console.console->lastText.size() < 2000);
        QCOMPARE(console.error(u"agents.list"_s), u"notAuthenticated"_s); // it still answers
    }

    void givesIdsBackAsTheyCame_data()
    {
        QTest::addColumn<QByteArray>("id");
        QTest::addColumn<QByteArray>("back");
        QTest::newRow("zero") << "0"_ba << "0"_ba;
        QTest::newRow("largest of 64 bit") << "9223372036854775807"_ba << "9223372036854775807"_ba;
        QTest::newRow("beyond") << "1e300"_ba << "1e+300"_ba;
        QTest::newRow("text") << "\"a\\\"b\""_ba << "\"a\\\"b\""_ba;
    }
    void givesIdsBackAsTheyCame()
    {
        QFETCH(QByteArray, id);
        QFETCH(QByteArray, back);
        TestConsole console(*m_api);
        console.send(R"({"jsonrpc":"2.0","method":"agents.list","id":)" + id + "}");
        QVERIFY(eventually([&] { return !console.console->received.isEmpty(); }));
        QVERIFY2(console.console->lastText.contains("\"id\":" + back), console.console->lastText.constData());
    }

    void survivesAnIdThatIsNoFiniteNumber()
    {
        TestConsole console(*m_api);
        console.send(R"({"jsonrpc":"2.0","method":"agents.list","id":1e999})");
        QVERIFY(eventually([&] { return !console.console->received.isEmpty(); }));
        QCOMPARE(console.error(u"agents.list"_s), u"notAuthenticated"_s);
    }

    void answersNoNotifications()
    {
        TestConsole console(*m_api);
        console.send(R"({"jsonrpc":"2.0","method":"agents.list"})");
        console.send(R"({"jsonrpc":"2.0","method":"agents.explode"})");
        QCOMPARE(console.error(u"agents.list"_s), u"notAuthenticated"_s);
        QCOMPARE(console.console->received.size(), 1);
    }

    void closesOnBinaryMessages()
    {
        TestConsole console(*m_api);
        console.connection->receive("x"_ba, true);
        QCOMPARE(console.console->closedWith, 1003);
    }

    void closesOnWhoSendsNothingButNonsense()
    {
        TestConsole console(*m_api);
        for (int i = 0; i < 100; ++i)
            console.send("nonsense");
        QCOMPARE(console.console->closedWith, 1008);
        QCOMPARE(console.console->received.size(), 20);
    }

    void limitsTheCallsUnderWay()
    {
        TestConsole console(*m_api);
        signIn(console);
        console.console->received.clear();
        console.console->pendingBytes = 1 << 20; // a call is under way until its answer is out
        for (int i = 0; i < 60; ++i)
            console.send(
                R"({"jsonrpc":"2.0","id":%1,"method":"agents.list"})"_ba.replace("%1", QByteArray::number(i + 100)));
        console.console->pendingBytes = 0;
        QVERIFY(eventually([&] { return console.console->received.size() == 60; }));
        QCOMPARE(refusalsOf(*console.console), 10);
    }

    void limitsTheCallsPerSecond()
    {
        api::ConsoleLimits limits;
        limits.callsPerSecond = 10;
        limits.burst = 5;
        m_api.reset();
        m_api = std::make_unique<ApiFixture>(limits);
        TestConsole console(*m_api);
        for (int i = 0; i < 5; ++i)
            QCOMPARE(console.error(u"agents.list"_s), u"notAuthenticated"_s);
        QCOMPARE(console.error(u"agents.list"_s), u"limitExceeded"_s);
        m_api->clock.advance(100ms);
        QCOMPARE(console.error(u"agents.list"_s), u"notAuthenticated"_s);
        QCOMPARE(console.error(u"agents.list"_s), u"limitExceeded"_s);
    }

    void holdsAnswersBackFromWhoDoesNotRead()
    {
        TestConsole console(*m_api);
        signIn(console);
        console.console->received.clear();
        console.console->pendingBytes = 1 << 20;
        for (int i = 0; i < 3; ++i)
            console.send(R"({"jsonrpc":"2.0","id":7,"method":"agents.list"})");
        QVERIFY(!eventually([&] { return !console.console->received.isEmpty(); }, 200ms));
        console.console->pendingBytes = 0;
        QVERIFY(eventually([&] { return console.console->received.size() == 3; }));
    }

    void closesOnWhoCallsOnAndNeverReads()
    {
        TestConsole console(*m_api);
        console.console->pendingBytes = 1 << 20;
        for (int i = 0; i < 1000 && !console.console->closedWith; ++i) {
            m_api->clock.advance(1s);
            console.send(R"({"jsonrpc":"2.0","id":7,"method":"nothing"})");
        }
        QCOMPARE(console.console->closedWith, 1008);
    }

    void closesWhenNobodySignsIn()
    {
        api::ConsoleLimits limits;
        limits.signIn = 20ms;
        m_api.reset();
        m_api = std::make_unique<ApiFixture>(limits);
        TestConsole idle(*m_api);
        QVERIFY(eventually([&] { return idle.console->closedWith == 1008; }));
    }

    void survivesAConsoleThatGoesInTheMiddle()
    {
        for (int i = 0; i < 20; ++i) {
            TestConsole console(*m_api);
            console.send(
                R"({"jsonrpc":"2.0","id":1,"method":"login","params":{"name":"anna","password":"correct horse"}})");
            console.send(R"({"jsonrpc":"2.0","id":2,"method":"agents.list"})");
        }
        m_api->clock.advance(1h);
        TestConsole console(*m_api);
        QCOMPARE(console.error(u"agents.list"_s), u"notAuthenticated"_s);
    }

private:
    void signIn(TestConsole& console)
    {
        QVERIFY(console.call(u"resume"_s, {{u"token"_s, m_api->tokenOf(u"anna"_s)}}).contains(u"result"_s));
    }
    static int refusalsOf(const FakeConsole& console)
    {
        int count = 0;
        for (const QJsonObject& message : console.received)
            count += message.value(u"error"_s).toObject().value(u"message"_s).toString() == u"limitExceeded";
        return count;
    }

    std::unique_ptr<ApiFixture> m_api;
};

PLATEN_TEST(ConsoleConnectionTest)
#include "ConsoleConnectionTest.moc"
