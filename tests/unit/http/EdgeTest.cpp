// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include <testkit/Program.h>

#include "EdgeFixture.h"

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace platen::http {

/// Requests, good and bad.
class EdgeTest : public EdgeFixture {
    Q_OBJECT

private slots:
    void initTestCase_data() { addBothKinds(); }
    void initTestCase() { makeCertificate(); }
    void cleanup() { forget(); }

    // What is right

    void answersARequest()
    {
        open();
        const auto one = client();
        one->say("POST /echo?a=b HTTP/1.1\r\nHost: a\r\nX-Mixed: Case\r\nContent-Length: 5\r\n\r\nhello");
        QVERIFY(one->hears("\r\n\r\nhello"));
        QVERIFY(one->heard.startsWith("HTTP/1.1 200 OK\r\n"));
        QVERIFY(one->heard.contains("\r\nX-Query: a=b\r\n"));
        QVERIFY(one->heard.contains("\r\nX-Content-Type-Options: nosniff\r\n"));
        const Request& request = m_requests.first();
        QCOMPARE(request.method, "POST");
        QCOMPARE(request.path, "/echo");
        QCOMPARE(request.header("x-mixed"), "Case");
        QCOMPARE(request.peer, QHostAddress(QHostAddress::LocalHost));
        QCOMPARE(request.encrypted, isEncrypted());
    }

    void answersManyOnOneConnection()
    {
        open();
        const auto one = client();
        one->say(QByteArray("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab").repeated(20));
        QVERIFY(eventually([&] { return one->heard.count("\r\n\r\nab") == 20; }));
        QCOMPARE(m_edge->counters().accepted.load(), 1U);
    }

    void tellsBrowsersToStayWithTls()
    {
        open();
        const auto one = client();
        one->say("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
        QVERIFY(one->hears("\r\n\r\n"));
        QCOMPARE(one->heard.contains("\r\nStrict-Transport-Security: max-age=31536000\r\n"), isEncrypted());
    }

    void sendsEverythingOnToTlsWhenTold_data()
    {
        QTest::addColumn<QByteArray>("request");
        const QByteArray host = "Host: a:80\r\n";
        QTest::newRow("a request") << "GET /later?x HTTP/1.1\r\n" + host + "\r\n";
        QTest::newRow("a body") << "POST /later?x HTTP/1.1\r\n" + host + "Content-Length: 3\r\n\r\nabc";
        QTest::newRow("a WebSocket") << "GET /later?x HTTP/1.1\r\n" + host + "Connection: Upgrade\r\nUpgrade: websocket\r\n"
                                        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    }

    void sendsEverythingOnToTlsWhenTold()
    {
        QFETCH(QByteArray, request);
        if (isEncrypted())
            return;
        open();
        Edge::Settings other = settings();
        other.redirectPort = 8443;
        QVERIFY(m_edge->listen(other).has_value());
        const auto one = client();
        one->say(request);
        QVERIFY(one->isHungUp());
        QVERIFY2(one->heard.startsWith("HTTP/1.1 308 "), one->heard.constData());
        QVERIFY(one->heard.contains("\r\nLocation: https://a:8443/later?x\r\n"));
        QVERIFY(m_replies.isEmpty());
    }

    void takesABodyInChunks()
    {
        open();
        const auto one = client();
        one->say("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
        one->say("4;ext=1\r\ndefg\r\n0\r\n\r\n");
        QVERIFY(one->hears("\r\n\r\nabcdefg"));
    }

    void saysGoOnToThoseWhoAsk()
    {
        open();
        const auto one = client();
        one->say("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
        QVERIFY(one->hears("100 Continue"));
        one->say("ab");
        QVERIFY(one->hears("\r\n\r\nab"));
    }

    void findsWhatLiesBelowAPath()
    {
        open();
        const auto one = client();
        one->say("POST /api/devices.list HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
        QVERIFY(one->hears("\r\n\r\n/api/devices.list"));
    }

    void takesAndSendsLargeBodies()
    {
        open();
        const auto one = client();
        const QByteArray body(1 << 20, 'x');
        one->say("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1048576\r\n\r\n" + body);
        QVERIFY(eventually([&] { return one->heard.size() > body.size() && one->heard.endsWith(body); }));
    }

    // What is wrong

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("status");
        QTest::addColumn<int>("counted");
        const auto row = [](const char* name, const QByteArray& bytes, const char* status, Refusal why) {
            QTest::newRow(name) << bytes << QByteArray(status) << static_cast<int>(why);
        };
        const QByteArray post = "POST /echo HTTP/1.1\r\nHost: a\r\n";
        const QByteArray chunked = post + "Transfer-Encoding: chunked\r\n\r\n";
        using enum Refusal;
        row("length and chunks", post + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400", BadHead);
        row("chunks and length", post + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n", "400", BadHead);
        row("two lengths", post + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc", "400", BadHead);
        row("the same length twice", post + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", "400", BadHead);
        row("a list of lengths", post + "Content-Length: 3, 3\r\n\r\nabc", "400", BadHead);
        row("a negative length", post + "Content-Length: -1\r\n\r\n", "400", BadHead);
        row("a length with a sign", post + "Content-Length: +3\r\n\r\nabc", "400", BadHead);
        row("a length beyond 64 bits", post + "Content-Length: 99999999999999999999\r\n\r\n", "400", BadHead);
        row("an unknown coding", post + "Transfer-Encoding: gzip\r\n\r\n", "400", BadHead);
        row("two codings", post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "400", BadHead);
        row("a disguised coding", post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", "400", BadHead);
        row("bare LF", "GET / HTTP/1.1\nHost: a\n\n", "400", BadHead);
        row("folded", post + "X: a\r\n b\r\n\r\n", "400", BadHead);
        row("a space before the colon", post + "X : a\r\n\r\n", "400", BadHead);
        row("no colon", post + "X\r\n\r\n", "400", BadHead);
        row("NUL in a header", post + QByteArray("X: a\0b\r\n\r\n", 10), "400", BadHead);
        row("NUL in the URL", QByteArray("GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", 28), "400", BadHead);
        row("no version", "GET /\r\nHost: a\r\n\r\n", "400", BadHead);
        row("another version", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", "400", BadHead);
        row("another protocol", "GET / RTSP/1.0\r\nHost: a\r\n\r\n", "400", BadHead);
        row("binary noise", QByteArray::fromHex("16030100c8010000c403030a0b"), "400", BadHead);
        row("a whole URL", "GET http://a/later HTTP/1.1\r\nHost: a\r\n\r\n", "400", BadHead);
        row("no Host", "GET /later HTTP/1.1\r\n\r\n", "400", BadHost);
        row("an empty Host", "GET /later HTTP/1.1\r\nHost:\r\n\r\n", "400", BadHost);
        row("two Hosts", "GET /later HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400", BadHost);
        row("a head without end", post + "X: " + QByteArray(17 * 1024, 'x'), "431", HeadTooLarge);
        row("a head too large", post + "X: " + QByteArray(17 * 1024, 'x') + "\r\n\r\n", "431", HeadTooLarge);
        row("too many fields", post + QByteArray("X: y\r\n").repeated(64) + "\r\n", "431", TooManyFields);
        row("a URL too long", "GET /" + QByteArray(2048, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n", "414", UrlTooLong);
        row("a body announced too large", post + "Content-Length: 1048577\r\n\r\n", "413", BodyTooLarge);
        row("chunks too large", chunked + QByteArray("10000\r\n" + QByteArray(65536, 'x') + "\r\n").repeated(17), "413", BodyTooLarge);
        row("a chunk of no number", chunked + "zz\r\n", "400", BadBody);
        row("a chunk beyond 64 bits", chunked + "fffffffffffffffff\r\n", "400", BadBody);
        row("a chunk without its end", chunked + "3\r\nabcd\r\n0\r\n\r\n", "400", BadBody);
    }

    void refuses()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, status);
        QFETCH(int, counted);
        open();
        const auto one = client();
        one->say(bytes);
        QVERIFY2(one->isHungUp(), "the connection stays open");
        QCOMPARE(one->heard.left(12), "HTTP/1.1 " + status);
        QTRY_COMPARE(refused(static_cast<Refusal>(counted)), 1U);
        QVERIFY(m_requests.isEmpty());
        QVERIFY(eventually([&] { return m_edge->counters().open == 0; }));
    }

    void knowsNoOtherPath_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("status");
        QTest::newRow("unknown") << QByteArray("GET /nothing") << QByteArray("404");
        QTest::newRow("longer") << QByteArray("POST /echo/more") << QByteArray("404");
        QTest::newRow("encoded") << QByteArray("POST /%65cho") << QByteArray("404");
        QTest::newRow("folder itself") << QByteArray("POST /api/") << QByteArray("404");
        QTest::newRow("method") << QByteArray("GET /echo") << QByteArray("405");
        QTest::newRow("unknown method") << QByteArray("BREW /echo") << QByteArray("405");
        QTest::newRow("socket without upgrade") << QByteArray("GET /socket") << QByteArray("426");
    }

    void knowsNoOtherPath()
    {
        QFETCH(QByteArray, line);
        QFETCH(QByteArray, status);
        open();
        const auto one = client();
        one->say(line + " HTTP/1.1\r\nHost: a\r\n\r\n");
        QVERIFY(one->isHungUp());
        QCOMPARE(one->heard.left(12), "HTTP/1.1 " + status);
    }

    // Those who are slow

    void cutsAHeadThatDrips()
    {
        Limits limits;
        limits.head = 100ms;
        open(limits);
        const auto one = client();
        one->say("GET /lat");
        QVERIFY(one->isHungUp());
        QTRY_COMPARE(refused(Refusal::TooSlow), 1U);
    }

    void cutsABodyThatDrips()
    {
        Limits limits;
        limits.bodyGrace = 100ms;
        open(limits);
        const auto one = client();
        one->say("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nab");
        QVERIFY(one->isHungUp());
        QTRY_COMPARE(refused(Refusal::TooSlow), 1U);
        QVERIFY(m_requests.isEmpty());
    }

    void cutsOneThatSaysNothing()
    {
        Limits limits;
        limits.head = 100ms;
        open(limits);
        const auto one = client();
        QVERIFY(one->isHungUp());
    }

    void cutsOneThatDoesNotTakeItsAnswer()
    {
        Limits limits;
        limits.send = 100ms;
        limits.sendBytesPerSecond = 1 << 30;
        open(limits);
        const auto one = client();
        one->stopReading();
        one->say("GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
        QVERIFY(eventually([&] { return m_replies.size() == 1; }));
        m_replies.first()({200, "text/plain", QByteArray(32 << 20, 'x'), {}});
        QVERIFY(eventually([&] { return m_edge->counters().open == 0; }));
        QTRY_COMPARE(refused(Refusal::SlowReader), 1U);
    }

    void answers503WhenTheApplicationIsSilent()
    {
        Limits limits;
        limits.answer = 50ms;
        open(limits);
        const auto one = client();
        one->say("GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
        QVERIFY(one->hears("HTTP/1.1 503"));
        m_replies.first()({200, {}, "too late", {}});
        one->say("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab");
        QVERIFY(one->hears("\r\n\r\nab"));
        QVERIFY(!one->heard.contains("too late"));
    }

    void answers503WhenTooManyWait()
    {
        Limits limits;
        limits.requestsWaiting = 2;
        open(limits);
        const auto a = client(), b = client(), c = client();
        a->say("GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
        b->say("GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
        QVERIFY(eventually([&] { return m_replies.size() == 2; }));
        c->say("GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
        QVERIFY(c->hears("HTTP/1.1 503"));
        QVERIFY(c->heard.contains("Retry-After"));
        for (const Reply& reply : std::as_const(m_replies))
            reply({204, {}, {}, {}});
        QVERIFY(a->hears("HTTP/1.1 204"));
        QVERIFY(b->hears("HTTP/1.1 204"));
    }

    // Answers that go nowhere

    void answersOnceOnly()
    {
        open();
        const auto one = client();
        one->say("GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
        QVERIFY(eventually([&] { return m_replies.size() == 1; }));
        m_replies.first()({200, {}, "first", {}});
        m_replies.first()({200, {}, "second", {}});
        QVERIFY(one->hears("first"));
        one->say("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab");
        QVERIFY(one->hears("\r\n\r\nab"));
        QVERIFY(!one->heard.contains("second"));
    }

    void letsNoLineBreakIntoAHeader()
    {
        open();
        const auto one = client();
        one->say("GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
        QVERIFY(eventually([&] { return m_replies.size() == 1; }));
        m_replies.first()({200, {}, "x", {{"X-Bad", "a\r\nSet-Cookie: b"}, {"X-Good", "c"}}});
        QVERIFY(one->hears("X-Good: c"));
        QVERIFY(!one->heard.contains("Set-Cookie"));
    }

    void survivesAnAnswerToOneWhoHasLeft()
    {
        open();
        auto one = client();
        one->say("GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
        QVERIFY(eventually([&] { return m_replies.size() == 1; }));
        one->leave();
        m_replies.first()({200, {}, QByteArray(100'000, 'x'), {}});
        QVERIFY(eventually([&] { return m_edge->counters().open == 0; }));
    }
};

} // namespace platen::http

PLATEN_TEST(platen::http::EdgeTest)
#include "EdgeTest.moc"
