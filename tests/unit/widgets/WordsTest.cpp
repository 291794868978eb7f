// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <testkit/Program.h>
#include <widgets/ErrorText.h>
#include <widgets/RelativeTime.h>
#include <widgets/Words.h>

#include <QTest>

using namespace Qt::StringLiterals;
using namespace platen;
using namespace platen::widgets;
using namespace std::chrono_literals;

class WordsTest : public QObject {
    Q_OBJECT

private slots:
    void hasTwoSentencesForEveryError()
    {
        for (int code = static_cast<int>(ErrorCode::Cancelled); code <= static_cast<int>(ErrorCode::Internal); ++code) {
            const QString text = errorText(static_cast<ErrorCode>(code));
            QVERIFY2(text.count(u'.') >= 2, qPrintable(text)); // what happened, what to do
            for (const QLatin1StringView jargon : {"JSON"_L1, "exception"_L1, "OID"_L1})
                QVERIFY2(!text.contains(jargon), qPrintable(text));
        }
    }

    void spacesKeywordsItDoesNotKnow()
    {
        QCOMPARE(errorName(u"lowToner"_s), u"Low toner"_s);
        QCOMPARE(errorName(u"subunitPowerSaver"_s), u"Subunit power saver"_s);
        QCOMPARE(unitName(u"tenthsOfGrams"_s), u"tenths of grams"_s);
    }

    void saysWhichPrintEngineWhereMetersShareAName()
    {
        const QList<model::Meter> meters{{u"total"_s, {}, 100, {}}, {u"total"_s, {}, 90, u"1.2"_s}, {u"mono"_s, {}, 80, u"1.1"_s}};
        QCOMPARE(meterName(meters[0], meters), u"Total"_s);
        QCOMPARE(meterName(meters[1], meters), u"Total, print engine 2"_s);
        QCOMPARE(meterName(meters[2], meters), u"Black and white"_s);
        QVERIFY(meterRank(meters[0]) < meterRank(meters[1]) && meterRank(meters[1]) < meterRank(meters[2]));
    }

    void namesASupplyThatHasNoName()
    {
        model::Supply supply;
        supply.kind = u"toner"_s;
        supply.color = u"black"_s;
        QCOMPARE(supplyName(supply), u"Toner, black"_s);
        supply.name = u"TN-2420"_s;
        QCOMPARE(supplyName(supply), u"TN-2420"_s);
    }

    void tellsTimeByItsDistance()
    {
        const Instant now = fromMs(1'764'000'000'000);
        QCOMPARE(relativeTime(now - 5s, now), u"just now"_s);
        QCOMPARE(relativeTime(now + 5min, now), u"just now"_s); // clocks differ
        QCOMPARE(relativeTime(now - 2min, now), u"2 min ago"_s);
        QCOMPARE(relativeTime(now - 25h, now), u"1 day(s) ago"_s); // without the English plurals
        QCOMPARE(relativeTime(Instant{}, now), u"never"_s);
    }
};

PLATEN_TEST(WordsTest)
#include "WordsTest.moc"
