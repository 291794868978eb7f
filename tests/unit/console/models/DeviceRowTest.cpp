// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <console/models/DeviceQuery.h>
#include <console/models/DeviceRow.h>
#include <testkit/Program.h>

#include <QJsonArray>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace platen;
using namespace platen::console;

class DeviceRowTest : public QObject {
    Q_OBJECT

private slots:
    void readsARow()
    {
        const DeviceRow row = DeviceRow::fromJson({{u"id"_s, u"7"_s}, {u"state"_s, u"attention"_s}, {u"stateText"_s, u"lowToner"_s}, {u"manufacturer"_s, u"HP"_s},
            {u"model"_s, u"LaserJet 4250"_s}, {u"lastSeenAt"_s, u"2026-11-22T12:00:00.000Z"_s}, {u"totalMeter"_s, QJsonObject{{u"value"_s, 81204}, {u"unit"_s, u"impressions"_s}}},
            {u"lowestSupply"_s, QJsonObject{{u"name"_s, u"Black"_s}, {u"class"_s, u"consumed"_s}, {u"level"_s, QJsonObject{{u"kind"_s, u"percent"_s}, {u"percent"_s, 8}}}}}});
        QCOMPARE(row.title(), u"HP LaserJet 4250"_s);
        QCOMPARE(row.stateWords(), u"Low toner"_s);
        QCOMPARE(row.totalMeter, std::optional<qint64>(81204));
        QCOMPARE(row.lowestSupply->level.percent, 8.0);
        QCOMPARE(toMs(row.lastSeenAt), 1795348800000);
    }

    void makesNothingUpForWhatIsMissing()
    {
        const DeviceRow row = DeviceRow::fromJson({{u"id"_s, u"7"_s}, {u"address"_s, u"10.0.0.9"_s}, {u"totalMeter"_s, QJsonValue::Null}, {u"lowestSupply"_s, QJsonValue::Null}});
        QVERIFY(!row.totalMeter && !row.lowestSupply);
        QCOMPARE(row.state, widgets::DeviceState::Unknown);
        QCOMPARE(row.title(), u"10.0.0.9"_s);
        QCOMPARE(toMs(row.lastSeenAt), 0);
    }

    void survivesNonsense()
    {
        const DeviceRow row = DeviceRow::fromJson({{u"id"_s, 7}, {u"state"_s, QJsonArray()}, {u"model"_s, u"evil\u202E\u0000text"_s},
            {u"totalMeter"_s, u"many"_s}, {u"lowestSupply"_s, QJsonObject{{u"level"_s, QJsonObject{{u"kind"_s, u"percent"_s}, {u"percent"_s, 1e300}}}}}});
        QVERIFY(row.id.isEmpty());
        QVERIFY(!row.model.contains(QChar(0x202E)));
        QCOMPARE(row.lowestSupply->level.percent, 100.0);
    }

    void writesItsQuestion()
    {
        DeviceQuery query{u"hp"_s, {widgets::DeviceState::Error, widgets::DeviceState::Offline}, u"abc"_s, u"model"_s, true};
        const QJsonObject json = query.toJson(200, 100);
        QCOMPARE(json["offset"_L1].toInt(), 200);
        QCOMPARE(json["filter"_L1]["state"_L1].toArray(), QJsonArray({u"error"_s, u"offline"_s}));
        QCOMPARE(json["sort"_L1]["descending"_L1].toBool(), true);
        QVERIFY(query.narrows() && !DeviceQuery{}.narrows());
    }
};

PLATEN_TEST(DeviceRowTest)
#include "DeviceRowTest.moc"
