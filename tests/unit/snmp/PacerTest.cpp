// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <snmp/Pacer.h>
#include <testkit/Program.h>

#include <QTest>

using namespace std::chrono_literals;
using platen::snmp::Pacer;

class PacerTest : public QObject {
    Q_OBJECT

private slots:
    void beginsWithASinglePacket();
    void keepsToTheRateOverTime_data();
    void keepsToTheRateOverTime();
    void catchesUpForAFiftiethOfASecondOnly();
    void saysWhenTheNextMayLeave();
    void knowsNoLimitAtZero();
};

void PacerTest::beginsWithASinglePacket()
{
    QCOMPARE(Pacer(1000).allowance(0ms), 1);
    QCOMPARE(Pacer(100'000).allowance(0ms), 1);
}

void PacerTest::keepsToTheRateOverTime_data()
{
    QTest::addColumn<int>("rate");
    QTest::addColumn<int>("step"); // in microseconds
    QTest::addColumn<int>("mostAtOnce");

    QTest::newRow("1,000/s, a turn every 2 ms") << 1000 << 2'000 << 2;
    QTest::newRow("1,000/s, uneven turns") << 1000 << 3'333 << 4;
    QTest::newRow("10/s") << 10 << 2'000 << 1;
    QTest::newRow("50,000/s") << 50'000 << 2'000 << 100;
}

void PacerTest::keepsToTheRateOverTime()
{
    QFETCH(int, rate);
    QFETCH(int, step);
    QFETCH(int, mostAtOnce);

    Pacer pacer(rate);
    int sent = 0, largest = 0;
    for (std::chrono::microseconds now{0}; now <= 10s; now += std::chrono::microseconds(step)) {
        const int allowed = pacer.allowance(now);
        pacer.spend(allowed);
        sent += allowed;
        largest = std::max(largest, allowed);
    }
    QVERIFY2(sent >= rate * 10 - 1 - mostAtOnce && sent <= rate * 10 + 1, qPrintable(QString::number(sent)));
    QCOMPARE(largest, mostAtOnce);
}

void PacerTest::catchesUpForAFiftiethOfASecondOnly()
{
    Pacer pacer(1000);
    QCOMPARE(pacer.allowance(5s), 20);
    pacer.spend(20);
    QCOMPARE(pacer.allowance(5s), 0);
    QCOMPARE(Pacer(10).allowance(5s), 1); // but always a whole packet
}

void PacerTest::saysWhenTheNextMayLeave()
{
    Pacer pacer(100);
    QCOMPARE(pacer.pause(), 0ms);
    pacer.spend(pacer.allowance(0ms));
    QCOMPARE(pacer.pause(), 10ms);
    QCOMPARE(pacer.allowance(10ms), 1);

    Pacer quick(10'000);
    quick.spend(quick.allowance(0ms));
    QCOMPARE(quick.pause(), 2ms); // not a hundred microseconds, which would keep the processor busy
}

void PacerTest::knowsNoLimitAtZero()
{
    Pacer pacer(0);
    pacer.spend(1'000'000);
    QVERIFY(pacer.allowance(0ms) > 1'000'000);
    QCOMPARE(pacer.pause(), 0ms);
}

PLATEN_TEST(PacerTest)
#include "PacerTest.moc"
