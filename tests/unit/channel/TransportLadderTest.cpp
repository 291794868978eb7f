// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include <channel/TransportLadder.h>
#include <testkit/FakeClock.h>
#include <testkit/Program.h>

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace platen::channel {

using enum TransportKind;

class TransportLadderTest : public QObject {
    Q_OBJECT

    test::FakeClock m_clock;

private slots:
    void beginsWithTheBest()
    {
        const TransportLadder ladder(m_clock);
        QCOMPARE(ladder.next(), WebSocket);
        QVERIFY(!ladder.working());
        QVERIFY(!ladder.isRiseDue());
    }

    void stepsDownOneByOneAndRemembersWhy()
    {
        TransportLadder ladder(m_clock);
        ladder.failed(WebSocket, u"no upgrade"_s);
        QCOMPARE(ladder.next(), Events);
        ladder.failed(Events, u"held back"_s);
        QCOMPARE(ladder.next(), Poll);
        ladder.worked(Poll);
        QCOMPARE(ladder.next(), Poll);
        QCOMPARE(ladder.since(), m_clock.now());
        QCOMPARE(ladder.failures().size(), 2);
        QCOMPARE(ladder.failures().at(0).kind, WebSocket);
        QCOMPARE(ladder.failures().at(0).why, u"no upgrade"_s);
        QCOMPARE(ladder.failures().at(1).why, u"held back"_s);
    }

    void startsOverWhenNoneIsOfUse()
    {
        TransportLadder ladder(m_clock);
        ladder.failed(WebSocket, u"a"_s);
        ladder.failed(Events, u"b"_s);
        ladder.failed(Poll, u"c"_s);
        QCOMPARE(ladder.next(), WebSocket);
        QCOMPARE(ladder.failures().size(), 3); // for who asks why nothing works
    }

    void givesWhatHasWorkedThreeTries()
    {
        TransportLadder ladder(m_clock);
        ladder.worked(WebSocket);
        ladder.failed(WebSocket, u"cut"_s);
        ladder.failed(WebSocket, u"cut"_s);
        QCOMPARE(ladder.next(), WebSocket);
        ladder.worked(WebSocket); // and then it is as good as new
        ladder.failed(WebSocket, u"cut"_s);
        ladder.failed(WebSocket, u"cut"_s);
        QCOMPARE(ladder.next(), WebSocket);
        ladder.failed(WebSocket, u"cut"_s);
        QCOMPARE(ladder.next(), Events);
    }

    void forgetsWhyOnceItWorks()
    {
        TransportLadder ladder(m_clock);
        ladder.failed(WebSocket, u"cut"_s);
        ladder.worked(Events);
        ladder.found(WebSocket);
        ladder.worked(WebSocket);
        QVERIFY(ladder.failures().isEmpty());
        QCOMPARE(ladder.working(), std::optional(WebSocket));
    }

    void looksForBetterOnesEveryHalfHour()
    {
        TransportLadder ladder(m_clock);
        ladder.failed(WebSocket, u"no upgrade"_s);
        ladder.failed(Events, u"held back"_s);
        ladder.worked(Poll);
        m_clock.advance(26min); // a tenth of chance on either side
        QVERIFY(!ladder.isRiseDue());
        m_clock.advance(8min);
        QVERIFY(ladder.isRiseDue());
        QCOMPARE(ladder.better(), (QList{WebSocket, Events}));
        ladder.missed(WebSocket, u"still no upgrade"_s);
        QVERIFY(!ladder.isRiseDue());
        QCOMPARE(ladder.next(), Poll);
        QCOMPARE(ladder.failures().first().why, u"still no upgrade"_s);
        m_clock.advance(34min);
        QVERIFY(ladder.isRiseDue());
        ladder.found(WebSocket);
        QCOMPARE(ladder.next(), WebSocket);
        QVERIFY(!ladder.isRiseDue());
        ladder.worked(WebSocket);
        QCOMPARE(ladder.since(), m_clock.now());
        m_clock.advance(24h);
        QVERIFY(!ladder.isRiseDue()); // there is nothing better
    }

    void stepsDownAtOnceFromWhatWasFoundAndIsOfNoUse()
    {
        TransportLadder ladder(m_clock);
        ladder.failed(WebSocket, u"no upgrade"_s);
        ladder.failed(Events, u"held back"_s);
        ladder.worked(Poll);
        ladder.found(Events);
        ladder.failed(Events, u"held back, again"_s);
        QCOMPARE(ladder.next(), Poll);
        ladder.worked(Poll);
        QCOMPARE(ladder.failures().last().why, u"held back, again"_s);
    }

    void keepsSinceWhenTheSameIsOpenedAgain()
    {
        TransportLadder ladder(m_clock);
        ladder.worked(WebSocket);
        const Instant since = ladder.since();
        m_clock.advance(1h);
        ladder.worked(WebSocket);
        QCOMPARE(ladder.since(), since);
    }
};

} // namespace platen::channel

PLATEN_TEST(platen::channel::TransportLadderTest)
#include "TransportLadderTest.moc"
