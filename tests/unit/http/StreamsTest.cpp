// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "RawClient.h"

#include <crypto/Crypto.h>
#include <http/Edge.h>
#include <protocol/EventStream.h>
#include <testkit/Program.h>

#include <QLoggingCategory>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace platen::http {

using test::eventually;

/// Sessions without a WebSocket, as a client that says every byte itself sees them.
class StreamsTest : public QObject {
    Q_OBJECT

    std::unique_ptr<Edge> m_edge;
    QList<std::shared_ptr<Socket>> m_sockets;
    QByteArrayList m_heard;
    int m_closed = 0;
    QByteArray m_session, m_stream; ///< tokens

    void serve(const StreamSettings& settings = {})
    {
        m_edge = std::make_unique<Edge>();
        m_edge->routeStreams("/x", [this](const std::shared_ptr<Socket>& socket) {
            m_sockets.append(socket);
            connect(socket.get(), &Socket::received, this, [this](const QByteArray& bytes) { m_heard.append(bytes); });
            connect(socket.get(), &Socket::closed, this, [this] { ++m_closed; });
        }, settings);
        QVERIFY(m_edge->listen({}).has_value());
    }

    static QByteArray field(const QByteArray& answer, const QByteArray& name)
    {
        const qsizetype at = answer.indexOf("\r\n" + name + ": ");
        return at < 0 ? QByteArray() : answer.sliced(at + name.size() + 4, answer.indexOf('\r', at + 2) - at - name.size() - 4);
    }

    static QByteArray request(const QByteArray& line, const QByteArray& token, const QByteArray& body = {})
    {
        return line + " HTTP/1.1\r\nHost: a\r\n" + (token.isEmpty() ? QByteArray() : "Authorization: Bearer " + token + "\r\n")
            + "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body;
    }

    /// One request on a connection of its own, and its whole answer.
    QByteArray ask(const QByteArray& line, const QByteArray& token, const QByteArray& body = {})
    {
        test::RawClient client(m_edge->port(), false);
        client.say(request(line, token, body));
        const bool isAnswered = eventually([&] {
            const qsizetype head = client.heard.indexOf("\r\n\r\n");
            return head >= 0 && client.heard.size() >= head + 4 + field(client.heard, "Content-Length").toLongLong();
        });
        if (const QByteArray fresh = field(client.heard, "Platen-Session"); !fresh.isEmpty()) {
            m_session = fresh;
            m_stream = field(client.heard, "Platen-Stream");
        }
        return isAnswered ? client.heard : "nothing";
    }

    QByteArray post(const QByteArray& query, const QByteArray& body = {}) { return ask("POST /x/messages?" + query, m_session, body); }
    QByteArray poll(const QByteArray& last) { return ask("GET /x/poll?last=" + last, m_stream); }

    static QByteArray event(quint64 id, const QByteArray& data)
    {
        return protocol::StreamEvent{id, protocol::StreamEvent::Kind::Message, data}.encode();
    }
    static QByteArray body(const QByteArray& answer) { return answer.sliced(answer.indexOf("\r\n\r\n") + 4); }
    static int status(const QByteArray& answer) { return answer.sliced(9, 3).toInt(); }

    void open(const StreamSettings& settings = {})
    {
        serve(settings);
        QCOMPARE(status(ask("POST /x/messages?by=poll", {})), 200);
        QCOMPARE(m_sockets.size(), 1);
        QVERIFY(!m_session.isEmpty());
    }

private slots:
    void initTestCase()
    {
        QLoggingCategory::setFilterRules(u"platen.http=false"_s);
        QVERIFY(crypto::start().has_value());
    }

    void cleanup()
    {
        m_sockets.clear();
        m_edge.reset();
        m_heard.clear();
        m_closed = 0;
        m_session.clear();
        m_stream.clear();
    }

    void takesAMessageOnceHoweverOftenItComes()
    {
        open();
        for (int i = 0; i < 3; ++i)
            QCOMPARE(status(post("last=0&n=1", "one")), 200);
        QCOMPARE(status(post("last=0&n=1&sizes=3,3", "onetwothree")), 200); // more than before, with what came before
        QCOMPARE(status(post("last=0&n=2", "two")), 200); // late
        QCOMPARE(m_heard, (QByteArrayList{"one", "two", "three"}));
        QCOMPARE(m_closed, 0);
    }

    void endsASessionThatLacksAMessage()
    {
        open();
        QCOMPARE(status(post("last=0&n=2", "two")), 409);
        QVERIFY(eventually([&] { return m_closed == 1; }));
        QVERIFY(m_heard.isEmpty());
        QCOMPARE(status(post("last=0&n=1", "one")), 401);
    }

    void endsASessionOverARequestThatMakesNoSense_data()
    {
        QTest::addColumn<QByteArray>("query");
        for (const char* query : {"", "n=1", "last=0", "last=0&n=0", "last=0&n=x", "last=-1&n=1", "last=7&n=1", "last=0&n=1&sizes=9", "last=0&n=1&sizes=-1"})
            QTest::newRow(query) << QByteArray(query);
    }

    void endsASessionOverARequestThatMakesNoSense()
    {
        QFETCH(QByteArray, query);
        open();
        QCOMPARE(status(post(query, "one")), 400);
        QVERIFY(eventually([&] { return m_closed == 1; }));
        QVERIFY(m_heard.isEmpty());
        QVERIFY(eventually([&] { return m_edge->counters().refused(Refusal::BadMessages) == 1; }));
    }

    void saysEventsAgainUntilTheyAreConfirmed()
    {
        open({.poll = 100ms});
        m_sockets.first()->send("a");
        m_sockets.first()->send("b");
        QCOMPARE(body(poll("0")), event(1, "a") + event(2, "b"));
        QCOMPARE(body(poll("0")), event(1, "a") + event(2, "b")); // that answer was lost
        m_sockets.first()->send("c");
        QCOMPARE(body(poll("1")), event(2, "b") + event(3, "c"));
        QVERIFY(m_sockets.first()->pendingBytes() > 0);
        QCOMPARE(status(post("last=3&n=1")), 200);
        QCOMPARE(m_sockets.first()->pendingBytes(), 0);
        QCOMPARE(body(poll("2")).size(), 0); // an old one that comes late: nothing is left to say
    }

    void answersAPollWhenThereIsNewsOrAfterAWhile()
    {
        open({.poll = 100ms});
        QCOMPARE(body(poll("0")), QByteArray());
        test::RawClient waiting(m_edge->port(), false);
        waiting.say(request("GET /x/poll?last=0", m_stream));
        QTest::qWait(20);
        m_sockets.first()->send("news");
        QVERIFY(eventually([&] { return waiting.heard.endsWith(event(1, "news")); }));
    }

    void streamsFromTheLastEventOn()
    {
        open({.beat = 50ms});
        m_sockets.first()->send("a");
        m_sockets.first()->send("b");
        test::RawClient stream(m_edge->port(), false);
        stream.say(request("GET /x/stream?last=1", m_stream));
        QVERIFY(eventually([&] { return stream.heard.endsWith(":\n\n" + event(2, "b")); }));
        QVERIFY(stream.heard.contains("text/event-stream"));
        QVERIFY(stream.heard.contains("X-Accel-Buffering: no"));
        m_sockets.first()->send("c");
        QVERIFY(eventually([&] { return stream.heard.endsWith(event(3, "c")); }));
        QVERIFY(eventually([&] { return stream.heard.endsWith(event(3, "c") + ":\n\n"); })); // a beat

        test::RawClient newer(m_edge->port(), false); // takes the place of the one before
        newer.say(request("GET /x/stream?last=2", m_stream));
        QVERIFY(eventually([&] { return newer.heard.endsWith(event(3, "c")); }));
        m_sockets.first()->send("d");
        QVERIFY(eventually([&] { return newer.heard.endsWith(event(4, "d")); }));
        QVERIFY(!stream.heard.endsWith(event(4, "d")));
    }

    void givesEventsOnlyAfterTheMessagesThatComeBefore()
    {
        open({.messagesBefore = 2});
        QVERIFY(m_stream.isEmpty());
        QCOMPARE(status(ask("GET /x/poll?last=0", m_session)), 401); // the one token is not the other
        connect(m_sockets.first().get(), &Socket::received, this, [this](const QByteArray& bytes) {
            if (bytes == "HELLO")
                QTimer::singleShot(30, this, [this] { m_sockets.first()->send("HELLO_ACK"); });
        });
        QCOMPARE(body(post("last=0&n=1", "HELLO")), event(1, "HELLO_ACK")); // waits for it
        QCOMPARE(body(post("last=0&n=1", "HELLO")), event(1, "HELLO_ACK")); // that answer was lost
        QVERIFY(m_stream.isEmpty());
        QCOMPARE(body(post("last=1&n=2", "READY")), QByteArray());
        QVERIFY(!m_stream.isEmpty());
        QCOMPARE(m_heard, (QByteArrayList{"HELLO", "READY"}));
    }

    void knowsItsOwnTokensOnly()
    {
        open();
        QByteArray changed = m_session;
        changed[20] = changed[20] == 'A' ? 'B' : 'A';
        for (const QByteArray& token : {changed, m_stream, QByteArray("x"), QByteArray(3000, 'A'), m_session + "=="})
            QCOMPARE(status(ask("POST /x/messages?last=0&n=1", token, "one")), 401);
        QCOMPARE(status(ask("GET /x/poll?last=0", m_session)), 401);
        QCOMPARE(status(ask("GET /x/stream?last=0", {})), 401);
        QVERIFY(m_heard.isEmpty());
        QCOMPARE(m_closed, 0);
    }

    void letsTokensExpire()
    {
        open({.tokenLife = 50ms});
        QTest::qWait(80);
        QCOMPARE(status(post("last=0&n=1", "one")), 401);
    }

    void endsASessionThatIsSilent()
    {
        open({.idle = 150ms});
        for (int i = 0; i < 5; ++i) {
            QTest::qWait(50);
            QCOMPARE(status(post("last=0&n=1")), 200); // a sign of life
        }
        QCOMPARE(m_closed, 0);
        QVERIFY(eventually([&] { return m_closed == 1; }));
        QCOMPARE(status(post("last=0&n=1")), 401);
    }

    void saysWhyItWasClosedUntilThatIsConfirmed()
    {
        open();
        m_sockets.first()->send("last words");
        m_sockets.first()->close(4403, "refused");
        const QByteArray end = event(1, "last words") + protocol::StreamEvent::close(2, 4403, "refused").encode();
        QCOMPARE(body(poll("0")), end);
        QCOMPARE(body(post("last=0&n=1", "too late")), end);
        QCOMPARE(m_closed, 1);
        QVERIFY(m_heard.isEmpty());
        poll("2");
        QCOMPARE(status(post("last=2&n=1")), 401);
    }

    void cutsOneThatReadsNothing()
    {
        open({.outBytes = 10'000});
        for (int i = 0; i < 20 && m_closed == 0; ++i) {
            m_sockets.first()->send(QByteArray(1000, 'x'));
            QTest::qWait(1);
        }
        QVERIFY(eventually([&] { return m_closed == 1 && m_edge->counters().refused(Refusal::SlowReader) == 1; }));
    }

    void keepsNoMoreForAllOfThemThanItMay()
    {
        open({.totalOutBytes = 10'000});
        QCOMPARE(status(ask("POST /x/messages?by=poll", {})), 200);
        for (int i = 0; i < 6; ++i)
            m_sockets.first()->send(QByteArray(1000, 'x'));
        m_sockets.last()->send(QByteArray(4000, 'x')); // the first of this one: it may have read all before
        QTest::qWait(50);
        QCOMPARE(m_closed, 0);
        m_sockets.first()->send("one too many");
        QVERIFY(eventually([&] { return m_closed == 1; }));
        QVERIFY(!m_sockets.first()->isOpen());
    }

    void opensNoMoreThanItMay()
    {
        serve({.sessionsPerAddress = 3});
        for (int i = 0; i < 5; ++i)
            QCOMPARE(status(ask("POST /x/messages?by=poll", {})), i < 3 ? 200 : 503);
        QCOMPARE(m_sockets.size(), 3);
    }

    void opensNothingForAMessageWithoutASession()
    {
        serve();
        QCOMPARE(status(ask("POST /x/messages?by=poll", {}, "HELLO")), 400);
        QVERIFY(m_sockets.isEmpty());
    }
};

} // namespace platen::http

PLATEN_TEST(platen::http::StreamsTest)
#include "StreamsTest.moc"
