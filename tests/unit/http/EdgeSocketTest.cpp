// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include <testkit/Program.h>

#include "EdgeFixture.h"

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace platen::http {

/// WebSockets, from their upgrade to their end.
class EdgeSocketTest : public EdgeFixture {
    Q_OBJECT

private slots:
    void initTestCase_data() { addBothKinds(); }
    void initTestCase() { makeCertificate(); }
    void cleanup() { forget(); }

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

    void exchangesMessages()
    {
        open();
        const auto one = socketClient();
        QVERIFY(m_sockets.first()->peer().isLoopback());
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

    void readsNothingFromWhoDoesNotRead()
    {
        Limits limits;
        limits.socketInBytes = 16 * 1024;
        limits.socketOutHoldBytes = 100'000;
        open(limits);
        const auto one = socketClient();
        one->stopReading();
        // Each message is answered with a larger one, as calls and acknowledgements are.
        connect(m_sockets.first().get(), &Socket::received, this, [this] { m_sockets.first()->send(QByteArray(10'000, 'x')); });
        const int count = 5000;
        one->say(frame(2, QByteArray(1000, 'q')).repeated(count));
        QVERIFY(eventually([&] { return m_sockets.first()->pendingBytes() > limits.socketOutHoldBytes; }));
        // What was read before may still be answered; nothing else.
        qint64 most = 0;
        QVERIFY(!eventually([&] { return (most = std::max(most, m_sockets.first()->pendingBytes())) > limits.socketOutBytes; }, 1s));
        QVERIFY(m_messages.size() < count);
        QCOMPARE(m_closed, 0);
        one->readAgain();
        QVERIFY(eventually([&] { return m_messages.size() == count; }, 20s));
        QVERIFY(eventually([&] { return m_sockets.first()->pendingBytes() == 0; }, 20s));
    }

    void cutsThoseWhoDoNotReadWhenAllTogetherAreTooMuch()
    {
        Limits limits;
        limits.totalOutBytes = 2 << 20;
        open(limits);
        std::vector<std::unique_ptr<RawClient>> slow;
        for (size_t i = 0; i < 8; ++i) {
            slow.push_back(socketClient());
            QVERIFY(eventually([&] { return m_sockets.size() == qsizetype(i) + 1; }));
            slow.back()->stopReading();
        }
        const auto good = socketClient();
        QVERIFY(eventually([&] { return m_sockets.size() == 9; }));
        qint64 most = 0;
        const bool isSomeoneCut = eventually([&] {
            qint64 all = 0;
            for (int i = 0; i < 8; ++i) {
                m_sockets.at(i)->send(QByteArray(64 * 1024, 'x'));
                all += m_sockets.at(i)->isOpen() ? m_sockets.at(i)->pendingBytes() : 0;
            }
            most = std::max(most, all);
            return m_closed > 0;
        });
        QVERIFY(isSomeoneCut);
        QVERIFY2(most <= limits.totalOutBytes + 8 * 64 * 1024, qPrintable(QString::number(most)));
        m_sockets.last()->send("answer");
        QVERIFY(good->hears("answer"));
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
};

} // namespace platen::http

PLATEN_TEST(platen::http::EdgeSocketTest)
#include "EdgeSocketTest.moc"
