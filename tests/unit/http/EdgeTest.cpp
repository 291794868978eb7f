// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "RawClient.h"

#include <http/Certificate.h>
#include <http/Edge.h>

#include <QSignalSpy>
#include <QTcpServer>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace platen::http {

using test::eventually;
using test::frame;
using test::RawClient;

/// Every test runs twice: over plain TCP and over TLS.
class EdgeTest : public QObject {
    Q_OBJECT

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

private slots:
    void initTestCase_data()
    {
        QTest::addColumn<bool>("encrypted");
        QTest::newRow("plain") << false;
        QTest::newRow("TLS") << true;
    }

    void initTestCase()
    {
        QLoggingCategory::setFilterRules(u"platen.http=false"_s);
        m_pair = selfSigned({u"127.0.0.1"_s}).value();
    }

    void cleanup()
    {
        m_edge.reset();
        m_requests.clear();
        m_replies.clear();
        m_sockets.clear();
        m_messages.clear();
        m_closed = 0;
    }

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

    void refusesUpgrades_data()
    {
        QTest::addColumn<QByteArray>("fields");
        QTest::addColumn<QByteArray>("status");
        const QByteArray version = "Sec-WebSocket-Version: 13\r\n";
        const QByteArray key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
        QTest::newRow("no version") << key << QByteArray("426");
        QTest::newRow("another version") << key + "Sec-WebSocket-Version: 8\r\n" << QByteArray("426");
        QTest::newRow("two versions") << key + version + version << QByteArray("426");
        QTest::newRow("no key") << version << QByteArray("400");
        QTest::newRow("two keys") << version + key + key << QByteArray("400");
        QTest::newRow("a short key") << version + "Sec-WebSocket-Key: abcd\r\n" << QByteArray("400");
        QTest::newRow("a key that is not base64") << version + "Sec-WebSocket-Key: dGhlIHNhb!BsZSBub25jZQ==\r\n" << QByteArray("400");
        QTest::newRow("a foreign page") << version + key + "Origin: https://evil.example\r\n" << QByteArray("403");
    }

    void refusesUpgrades()
    {
        QFETCH(QByteArray, fields);
        QFETCH(QByteArray, status);
        open();
        const auto one = client();
        one->say("GET /socket HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" + fields + "\r\n");
        QVERIFY(one->isHungUp());
        QCOMPARE(one->heard.left(12), "HTTP/1.1 " + status);
        QTRY_COMPARE(refused(Refusal::BadUpgrade), 1U);
        QVERIFY(m_sockets.isEmpty());
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

    // WebSockets

    void exchangesMessages()
    {
        open();
        const auto one = socketClient();
        QCOMPARE(m_sockets.first()->upgrade().path, "/socket");
        QCOMPARE(m_sockets.first()->encrypted(), isEncrypted());
        one->say(frame(2, "hello") + frame(1, "text"));
        QVERIFY(eventually([&] { return m_messages.size() == 2; }));
        QCOMPARE(m_messages, (QByteArrayList{"hello", "text"}));
        m_sockets.first()->send("abc", true);
        m_sockets.first()->send("def", false);
        QVERIFY(one->hears(frame(2, "abc", false) + frame(1, "def", false)));
        QVERIFY(eventually([&] { return m_sockets.first()->pendingBytes() == 0; }));
    }

    void sendsALargeMessageInOneFrame()
    {
        open();
        const auto one = socketClient();
        const QByteArray large(300'000, 'x');
        m_sockets.first()->send(large);
        const QByteArray expected = frame(2, large, false);
        QVERIFY(eventually([&] { return one->heard.size() >= expected.size(); }));
        QVERIFY(one->heard == expected);
    }

    void putsAMessageTogether()
    {
        open();
        const auto one = socketClient();
        QByteArray first = frame(2, "ab");
        first[0] = 2; // not the last
        one->say(first + frame(9, "are you there") + frame(0, "cd"));
        QVERIFY(eventually([&] { return m_messages == QByteArrayList{"abcd"}; }));
        QVERIFY(one->hears(frame(10, "are you there", false)));
    }

    void refusesFrames_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("counted");
        QTest::addColumn<int>("code");
        QTest::newRow("unmasked") << frame(2, "x", false) << int(Refusal::BadFrame) << 1002;
        QTest::newRow("reserved bits") << QByteArray("\xf2\x80\1\2\3\4", 6) << int(Refusal::BadFrame) << 1002;
        QTest::newRow("unknown opcode") << frame(5, "x") << int(Refusal::BadFrame) << 1002;
        QTest::newRow("a continuation of nothing") << frame(0, "x") << int(Refusal::BadFrame) << 1002;
        QTest::newRow("a large ping") << frame(9, QByteArray(126, 'x')) << int(Refusal::BadFrame) << 1002;
        QTest::newRow("text that is not UTF-8") << frame(1, "\xff\xfe") << int(Refusal::BadFrame) << 1007;
        QTest::newRow("a message too large") << frame(2, QByteArray((1 << 20) + 1, 'x')) << int(Refusal::MessageTooLarge) << 1009;
        QTest::newRow("a length beyond sense") << QByteArray("\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xff\1\2\3\4", 14)
                                               << int(Refusal::MessageTooLarge) << 1009;
    }

    void refusesFrames()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, counted);
        QFETCH(int, code);
        open();
        const auto one = socketClient();
        one->say(bytes);
        QVERIFY(one->isHungUp());
        QCOMPARE(one->heard.left(1), QByteArray("\x88"));
        QCOMPARE(one->heard.mid(2, 2).toHex().toInt(nullptr, 16), code);
        QTRY_COMPARE(refused(static_cast<Refusal>(counted)), 1U);
        QVERIFY(eventually([&] { return m_closed == 1; }));
        QVERIFY(m_messages.isEmpty());
    }

    void tellsWhenThePeerCloses()
    {
        open();
        const auto one = socketClient();
        one->say(frame(8, QByteArray::fromHex("03e8")));
        QVERIFY(one->isHungUp());
        QVERIFY(eventually([&] { return m_closed == 1; }));
        QVERIFY(!m_sockets.first()->isOpen());
    }

    void tellsWhenThePeerVanishes()
    {
        open();
        const auto one = socketClient();
        one->leave();
        QVERIFY(eventually([&] { return m_closed == 1; }));
    }

    void closesWithCodeAndReason()
    {
        open();
        const auto one = socketClient();
        m_sockets.first()->send("last words");
        m_sockets.first()->close(4403, "refused");
        QVERIFY(one->hears(frame(2, "last words", false) + frame(8, "\x11\x33refused", false)));
        one->say(frame(8, QByteArray::fromHex("1133")));
        QVERIFY(one->isHungUp());
        QVERIFY(eventually([&] { return m_closed == 1; }));
    }

    void closesWhatNobodyKeeps()
    {
        open();
        const auto one = socketClient();
        m_sockets.clear();
        QVERIFY(one->hears(QByteArray::fromHex("880203e9")));
    }

    void cutsASlowReader()
    {
        Limits limits;
        limits.socketOutBytes = 1 << 20;
        open(limits);
        const auto one = socketClient();
        one->stopReading();
        const QByteArray message(64 * 1024, 'x');
        const bool isCut = eventually([&] {
            for (int i = 0; i < 16; ++i)
                m_sockets.first()->send(message);
            return m_closed == 1;
        });
        QVERIFY(isCut);
        QTRY_COMPARE(refused(Refusal::SlowReader), 1U);
        QVERIFY(eventually([&] { return m_edge->counters().open == 0; }));
    }

    void noticesADeadPeer()
    {
        Limits limits;
        limits.idleSocket = 200ms;
        open(limits);
        const auto one = socketClient();
        QVERIFY(one->hears(QByteArray::fromHex("8900"))); // a ping that stays without answer
        QVERIFY(eventually([&] { return m_closed == 1; }));
        QTRY_COMPARE(refused(Refusal::DeadPeer), 1U);
    }

    void readsNoMoreThanTheApplicationTakes()
    {
        Limits limits;
        limits.socketInBytes = 100'000;
        limits.idleSocket = 200ms; // must not count while we do not read
        open(limits);
        const int count = 400;
        const QByteArray message = frame(2, QByteArray(50'000, 'x'));
        const auto one = socketClient();
        m_sockets.first()->holdInput(true);
        one->say(message);
        QVERIFY(eventually([&] { return m_edge->counters().messages > 0; }));
        one->say(message.repeated(count - 1));
        QTest::qWait(300);
        QVERIFY(m_edge->counters().messages < 10);
        QVERIFY(one->unsent() > 0);
        QCOMPARE(m_closed, 0);
        m_sockets.first()->holdInput(false);
        QVERIFY(eventually([&] { return m_messages.size() == count; }));
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
        QVERIFY(socket->hears("the server is stopping"));
        QCOMPARE(socket->heard.mid(2, 2).toHex(), "03e9");
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

QTEST_GUILESS_MAIN(platen::http::EdgeTest)
#include "EdgeTest.moc"
