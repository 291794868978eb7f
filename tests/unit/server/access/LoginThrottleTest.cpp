// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <server/access/LoginThrottle.h>
#include <testkit/FakeClock.h>
#include <testkit/Program.h>

#include <QTest>

using namespace platen;
using namespace platen::access;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

class LoginThrottleTest : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_clock = {};
        m_throttle = std::make_unique<LoginThrottle>(m_clock);
        m_sourceNumber = 0;
    }

    void givesFiveFailuresFree()
    {
        for (int i = 0; i < 5; ++i)
            QVERIFY(!guess(u"anna"_s));
        QCOMPARE(guess(u"anna"_s), std::optional(1s));
    }

    void doublesTheWaitUpToAQuarterOfAnHour()
    {
        const QList<std::chrono::seconds> waits{1s, 2s, 4s, 8s, 16s, 32s, 64s, 128s, 256s, 512s, 900s, 900s};
        for (int i = 0; i < 5; ++i)
            guess(u"anna"_s);
        for (const auto wait : waits) {
            QCOMPARE(guess(u"anna"_s), std::optional(wait));
            m_clock.advance(wait - 1ms);
            QCOMPARE(guess(u"anna"_s), std::optional(1s));
            m_clock.advance(1ms);
            QVERIFY(!guess(u"anna"_s));
        }
    }

    void forgetsTheFailuresAfterASuccess()
    {
        for (int i = 0; i < 5; ++i)
            guess(u"anna"_s);
        m_clock.advance(1s);
        QVERIFY(!guess(u"anna"_s));
        m_throttle->succeeded(u"anna"_s);
        for (int i = 0; i < 5; ++i)
            QVERIFY(!guess(u"anna"_s));
        QVERIFY(guess(u"anna"_s));
    }

    void takesAHundredAttemptsAnHourHoweverManySucceed()
    {
        int taken = 0;
        for (int i = 0; i < 120; ++i) {
            if (!guess(u"anna"_s)) // a guess …
                ++taken;
            m_clock.advance(1s);
            if (!guess(u"anna"_s)) // … and the real user, whose success forgets the failures
                m_throttle->succeeded(u"anna"_s);
            m_clock.advance(1s);
        }
        QCOMPARE(taken, 100);
        m_clock.advance(1h);
        QVERIFY(!guess(u"anna"_s));
    }

    void slowsOneAccountOnly()
    {
        for (int i = 0; i < 6; ++i)
            guess(u"anna"_s);
        QVERIFY(!guess(u"bert"_s));
    }

    void takesThirtyAttemptsAMinuteOfOneAddress()
    {
        const QHostAddress source(u"192.0.2.1"_s);
        for (int i = 0; i < 30; ++i)
            QVERIFY(!m_throttle->begin(QString::number(i), source));
        QCOMPARE(m_throttle->begin(u"next"_s, source), std::optional(60s));
        QVERIFY(!m_throttle->begin(u"next"_s, QHostAddress(u"192.0.2.2"_s)));
        m_clock.advance(60s);
        QVERIFY(!m_throttle->begin(u"next"_s, source));
    }

    void countsANetworkOfIpV6AsOneAddress()
    {
        for (int i = 0; i < 30; ++i)
            QVERIFY(!m_throttle->begin(QString::number(i), QHostAddress(u"2001:db8::%1"_s.arg(i + 1))));
        QVERIFY(m_throttle->begin(u"next"_s, QHostAddress(u"2001:db8::ffff"_s)));
        QVERIFY(!m_throttle->begin(u"next"_s, QHostAddress(u"2001:db8:0:1::1"_s)));
    }

    void countsAMappedAddressAsTheIpV4ItIs()
    {
        for (int i = 0; i < 30; ++i)
            QVERIFY(!m_throttle->begin(QString::number(i), QHostAddress(u"::ffff:192.0.2.1"_s)));
        QVERIFY(m_throttle->begin(u"next"_s, QHostAddress(u"192.0.2.1"_s)));
    }

    void staysBoundedUnderAFloodOfNames()
    {
        for (int i = 0; i < 50'000; ++i) {
            QVERIFY(!m_throttle->begin(u"made up %1"_s.arg(i), QHostAddress(quint32(0x0a000000 + i))));
            if (i % 1000 == 0)
                m_clock.advance(1s);
        }
        for (int i = 0; i < 4; ++i)
            QVERIFY(!guess(u"made up 49999"_s));
        QVERIFY(guess(u"made up 49999"_s)); // the latest are remembered
    }

private:
    /// From an address of its own each time.
    std::optional<std::chrono::seconds> guess(const QString& name)
    {
        return m_throttle->begin(name, QHostAddress(quint32(0xc0000000 + ++m_sourceNumber)));
    }

    test::FakeClock m_clock;
    std::unique_ptr<LoginThrottle> m_throttle;
    quint32 m_sourceNumber = 0;
};

PLATEN_TEST(LoginThrottleTest)
#include "LoginThrottleTest.moc"
