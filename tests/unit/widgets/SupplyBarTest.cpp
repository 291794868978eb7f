// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <testkit/Program.h>
#include <widgets/Colors.h>
#include <widgets/SupplyBar.h>

#include <QImage>
#include <QPainter>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace platen::model;
using namespace platen::widgets;

class SupplyBarTest : public QObject {
    Q_OBJECT

    static Supply supply(SupplyLevel level, SupplyClass supplyClass = SupplyClass::Consumed)
    {
        Supply supply;
        supply.level = level;
        supply.supplyClass = supplyClass;
        supply.color = u"cyan"_s;
        return supply;
    }

    // How many of the bar's 100 columns have the supply's own colour in their middle.
    static int filledColumns(const Supply& supply)
    {
        QImage image(100, 10, QImage::Format_RGB32);
        image.fill(Colors::light().surface);
        QPainter painter(&image);
        paintSupplyBar(painter, image.rect(), supply, Colors::light().palette());
        painter.end();
        int filled = 0;
        for (int x = 0; x < 100; ++x)
            filled += QColor(image.pixel(x, 5)) == Colors::light().cyan;
        return filled;
    }

private slots:
    void saysLevelsInWords_data()
    {
        QTest::addColumn<Supply>("supply");
        QTest::addColumn<QString>("words");
        using Kind = SupplyLevel::Kind;
        QTest::newRow("percent") << supply({.kind = Kind::Percent, .percent = 54}) << u"54 %"_s;
        QTest::newRow("zero") << supply({.kind = Kind::Percent, .percent = 0}) << u"0 %"_s;
        QTest::newRow("less than one") << supply({.kind = Kind::Percent, .percent = 0.5}) << u"0.5 %"_s;
        QTest::newRow("range") << supply({.kind = Kind::Range, .low = 10, .high = 25}) << u"10–25 %"_s;
        QTest::newRow("some") << supply({.kind = Kind::Some}) << u"some left"_s;
        QTest::newRow("unknown") << supply({.kind = Kind::Unknown}) << u"not reported"_s;
        QTest::newRow("none") << supply({}) << u"not reported"_s;
        QTest::newRow("waste") << supply({.kind = Kind::Percent, .percent = 32}, SupplyClass::Filled) << u"68 % full"_s;
        QTest::newRow("waste, range") << supply({.kind = Kind::Range, .low = 10, .high = 25}, SupplyClass::Filled) << u"75–90 % full"_s;
        QTest::newRow("waste, room") << supply({.kind = Kind::Some}, SupplyClass::Filled) << u"room left"_s;
    }

    void saysLevelsInWords()
    {
        QFETCH(Supply, supply);
        QTEST(levelText(supply), "words");
    }

    void fillsToThePercentage()
    {
        QVERIFY(qAbs(filledColumns(supply({.kind = SupplyLevel::Kind::Percent, .percent = 54})) - 54) <= 2);
        QCOMPARE(filledColumns(supply({.kind = SupplyLevel::Kind::Percent, .percent = 0})), 0);
        QVERIFY(filledColumns(supply({.kind = SupplyLevel::Kind::Percent, .percent = 100})) >= 98);
    }

    void drawsNoSolidBarWithoutANumber()
    {
        QCOMPARE(filledColumns(supply({.kind = SupplyLevel::Kind::Unknown})), 0);
        QVERIFY(filledColumns(supply({.kind = SupplyLevel::Kind::Some})) < 40); // hatched, and only half
        QVERIFY(filledColumns(supply({.kind = SupplyLevel::Kind::Some})) > 0);
    }

    void warnsWhenNearlyEmptyOrAContainerNearlyFull()
    {
        QVERIFY(needsAttention(supply({.kind = SupplyLevel::Kind::Percent, .percent = 10})));
        QVERIFY(!needsAttention(supply({.kind = SupplyLevel::Kind::Percent, .percent = 11})));
        QVERIFY(!needsAttention(supply({.kind = SupplyLevel::Kind::Percent, .percent = 90}, SupplyClass::Filled)));
        QVERIFY(needsAttention(supply({.kind = SupplyLevel::Kind::Percent, .percent = 5}, SupplyClass::Filled)));
        QVERIFY(!needsAttention(supply({.kind = SupplyLevel::Kind::Unknown})));
    }
};

PLATEN_TEST(SupplyBarTest)
#include "SupplyBarTest.moc"
