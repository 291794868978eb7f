// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <agent/engine/Pace.h>
#include <testkit/FakeClock.h>
#include <testkit/Program.h>

#include <QTest>

using namespace platen;
using namespace std::chrono_literals;
using agent::Pace;

class PaceTest : public QObject {
    Q_OBJECT

private slots:
    void letsARoundGoAtOnce()
    {
        test::FakeClock clock;
        Pace pace(clock);
        for (int envelope = 0; envelope < 5; ++envelope) {
            QCOMPARE(pace.untilNext(), 0ms);
            pace.sent(200'000);
        }
    }

    void holdsABacklogToItsRate()
    {
        test::FakeClock clock;
        Pace pace({.perSecond = 100'000, .atOnce = 200'000, .least = 1'000}, clock);
        qint64 sent = 0;
        while (clock.steady < 60s) {
            const auto wait = pace.untilNext();
            if (wait > 0ms) {
                clock.advance(wait);
                continue;
            }
            pace.sent(30'000);
            sent += 30'000;
        }
        QVERIFY2(sent > 60 * 100'000 && sent < 60 * 100'000 + 250'000, qPrintable(QString::number(sent)));
    }

    void countsASmallEnvelopeForMore()
    {
        test::FakeClock clock;
        Pace pace({.perSecond = 10'000, .atOnce = 10'000, .least = 1'000}, clock);
        int sent = 0;
        for (; pace.untilNext() == 0ms; ++sent)
            pace.sent(10);
        QCOMPARE(sent, 10);
    }

    void doesNotSaveUpForDays()
    {
        test::FakeClock clock;
        Pace pace({.perSecond = 1'000, .atOnce = 5'000, .least = 1'000}, clock);
        clock.advance(100h);
        for (int envelope = 0; envelope < 5; ++envelope)
            pace.sent(1'000);
        QVERIFY(pace.untilNext() > 0ms);
    }
};

PLATEN_TEST(PaceTest)
#include "PaceTest.moc"
