// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <base/Seldom.h>
#include <testkit/FakeClock.h>
#include <testkit/Program.h>

#include <QTest>

using namespace platen;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class SeldomTest : public QObject {
    Q_OBJECT

private slots:
    void speaksOnceAPeriodAndThenSaysHowOftenItKeptQuiet()
    {
        test::FakeClock clock;
        Seldom told(clock, 10min);
        QCOMPARE(told.now(u"a"_s), std::optional<quint64>(0));
        for (int i = 0; i < 17; ++i)
            QCOMPARE(told.now(u"a"_s), std::nullopt);
        QCOMPARE(told.now(u"b"_s), std::optional<quint64>(0));
        clock.advance(10min);
        QCOMPARE(told.now(u"a"_s), std::optional<quint64>(17));
        QCOMPARE(andMore(17), u" (and 17 times more since the last such line)"_s);
        QCOMPARE(andMore(0), QString());
    }

    void countsStrangersBeyondItsLimitAsOne()
    {
        test::FakeClock clock;
        Seldom told(clock, 10min, 3);
        int spoken = 0;
        for (int i = 0; i < 1000; ++i)
            spoken += told.now(QString::number(i)).has_value();
        QCOMPARE(spoken, 4);
        clock.advance(10min);
        QVERIFY(told.now(u"new"_s));
    }
};

PLATEN_TEST(SeldomTest)
#include "SeldomTest.moc"
