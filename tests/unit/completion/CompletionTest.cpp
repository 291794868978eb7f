// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <completion/Completion.h>
#include <testkit/Program.h>

#include <QtTest>

using namespace Qt::StringLiterals;
using namespace platen::completion;
using platen::model::Reading;
using platen::model::Supply;
using platen::model::SupplyClass;
using platen::model::SupplyLevel;

class CompletionTest : public QObject {
    Q_OBJECT

    static Supply toner(const QString& index, const QString& color, SupplyLevel level, const QString& serial = {})
    {
        Supply supply;
        supply.index = index;
        supply.kind = u"toner"_s;
        supply.color = color;
        supply.supplyClass = SupplyClass::Consumed;
        supply.level = level;
        supply.serialNumber = serial;
        return supply;
    }

    static SupplyLevel percent(double value)
    {
        SupplyLevel level;
        level.kind = SupplyLevel::Kind::Percent;
        level.percent = value;
        return level;
    }

    static SupplyLevel unknown()
    {
        SupplyLevel level;
        level.kind = SupplyLevel::Kind::Unknown;
        return level;
    }

    // A reading that SNMP gave whole.
    static Reading whole()
    {
        Reading reading;
        reading.identity.manufacturer = u"HP"_s;
        reading.identity.model = u"LaserJet 5"_s;
        reading.identity.modelId = u"hp.laserjet-5"_s;
        reading.identity.description = u"HP LaserJet 5"_s;
        reading.identity.serialNumber = u"ABC123"_s;
        reading.identity.firmware = u"1.0"_s;
        reading.identity.color = false;
        reading.status.state = u"idle"_s;
        reading.status.errors = QStringList();
        reading.status.display = {u"Ready"_s};
        reading.meters = {{u"total"_s, u"impressions"_s, 100, u"1.1"_s}};
        reading.supplies = {toner(u"1.1"_s, u"black"_s, percent(50), u"T1"_s)};
        reading.sources.insert(u"identity.model"_s, {u"snmp"_s, u"1.3.6"_s, u"LaserJet 5"_s});
        return reading;
    }

    static Reading other()
    {
        Reading reading = whole();
        reading.identity.model = u"Other"_s;
        reading.identity.serialNumber = u"OTHER1"_s;
        reading.identity.firmware = u"2.0"_s;
        reading.identity.mac = u"00:11:22:33:44:55"_s;
        reading.identity.color = true;
        reading.status.state = u"printing"_s;
        reading.status.errors = QStringList(u"jammed"_s);
        reading.meters = {{u"color"_s, u"impressions"_s, 7, {}}, {u"total"_s, u"impressions"_s, 9, {}}};
        reading.supplies = {toner(u"page.1"_s, u"black"_s, percent(9), u"T9"_s)};
        reading.sources = {{u"identity.mac"_s, {u"ipp"_s, u"printer-uuid"_s, {}}},
            {u"meters.color"_s, {u"ipp"_s, u"x"_s, {}}}, {u"supplies.page.1.level"_s, {u"http"_s, u"/p"_s, u"9"_s}}};
        return reading;
    }

private slots:
    void asksForNothingWhenNothingIsLacking()
    {
        QVERIFY(!lacksForIpp(whole()));
        Reading receptacle = whole();
        receptacle.supplies[0].level.kind = SupplyLevel::Kind::Some;
        QVERIFY(!lacksForIpp(receptacle));
    }

    void seesWhatIsLacking()
    {
        const auto lacking = [](const QString& path, auto change) {
            Reading reading = whole();
            change(reading);
            return lacks(reading, path) && !lacks(whole(), path);
        };
        QVERIFY(lacking(u"identity.serialNumber"_s, [](Reading& r) { r.identity.serialNumber.clear(); }));
        QVERIFY(lacking(u"identity.color"_s, [](Reading& r) { r.identity.color.reset(); }));
        QVERIFY(lacking(u"status.state"_s, [](Reading& r) { r.status.state = u"unknown"_s; }));
        QVERIFY(lacking(u"meters.total"_s, [](Reading& r) { r.meters.clear(); }));
        QVERIFY(lacking(u"supplies"_s, [](Reading& r) { r.supplies.clear(); }));
        QVERIFY(lacking(u"supplies.level"_s, [](Reading& r) { r.supplies[0].level = unknown(); }));
        QVERIFY(lacking(u"supplies.serialNumber"_s, [](Reading& r) { r.supplies[0].serialNumber.clear(); }));
    }

    void expectsOnlyMetersThatADeviceCanHave()
    {
        Reading reading = whole();
        for (const QString& name : {u"color"_s, u"mono"_s, u"copy"_s, u"fax"_s, u"scan"_s, u"duplex"_s})
            QVERIFY2(!lacks(reading, u"meters."_s + name), qPrintable(name));
        reading.identity.color = true;
        QVERIFY(lacks(reading, u"meters.color"_s));
        reading.identity.deviceType = u"mfp"_s;
        QVERIFY(lacks(reading, u"meters.scan"_s));
    }

    void missesWhatWasGivenBeforeThoughNobodyExpectsIt()
    {
        Reading reading = whole();
        QVERIFY(isGone(reading, u"meters.duplex"_s));
        QVERIFY(!isGone(reading, u"meters.total"_s));
        QVERIFY(!isGone(reading, u"status.errors"_s));
        reading.status.errors.reset();
        QVERIFY(isGone(reading, u"status.errors"_s));
    }

    void overwritesNothing()
    {
        Reading reading = whole();
        complete(reading, other());
        Reading expected = whole();
        expected.identity.mac = u"00:11:22:33:44:55"_s;
        expected.meters.prepend({u"color"_s, u"impressions"_s, 7, {}});
        expected.sources = reading.sources;
        QCOMPARE(reading, expected);
        QCOMPARE(reading.sources.value(u"identity.model"_s).protocol, u"snmp"_s);
        QCOMPARE(reading.sources.value(u"identity.mac"_s).protocol, u"ipp"_s);
        QVERIFY(!reading.sources.contains(u"supplies.page.1.level"_s));
    }

    void fillsAnEmptyReading()
    {
        Reading reading;
        complete(reading, other());
        QCOMPARE(reading.identity.model, u"Other"_s);
        QCOMPARE(reading.identity.modelId, u"hp.laserjet-5"_s);
        QCOMPARE(reading.status, other().status);
        QCOMPARE(reading.meters, other().meters);
        QCOMPARE(reading.supplies, other().supplies);
        QVERIFY(reading.sources.isEmpty()); // they were not wanted
    }

    void fillsLevelsOfTheSameSupply()
    {
        Reading reading = whole();
        reading.supplies = {toner(u"1.1"_s, u"black"_s, unknown()), toner(u"1.2"_s, u"cyan"_s, percent(10))};
        Reading supplement = other();
        supplement.supplies = {
            toner(u"page.1"_s, u"cyan"_s, percent(80), u"C1"_s), toner(u"page.2"_s, u"black"_s, percent(70))};
        supplement.sources.insert(u"supplies.page.2.level"_s, {u"http"_s, u"/p"_s, u"70"_s});
        complete(reading, supplement);
        QCOMPARE(reading.supplies.size(), 2);
        QCOMPARE(reading.supplies[0].level.percent, 70.0);
        QCOMPARE(reading.supplies[1].level.percent, 10.0);
        QCOMPARE(reading.supplies[1].serialNumber, u"C1"_s);
        QCOMPARE(reading.sources.value(u"supplies.1.1.level"_s).raw, u"70"_s);
    }

    void matchesNoSuppliesThatAreNotAlone()
    {
        Reading reading = whole();
        reading.supplies = {toner(u"1.1"_s, u"black"_s, unknown()), toner(u"1.2"_s, u"black"_s, unknown())};
        complete(reading, other());
        QCOMPARE(reading.supplies[0].level.kind, SupplyLevel::Kind::Unknown);
        reading.supplies = {toner(u"1.1"_s, u"yellow"_s, unknown())};
        complete(reading, other());
        QCOMPARE(reading.supplies[0].level.kind, SupplyLevel::Kind::Unknown);
        reading.supplies = {toner(u"1.1"_s, {}, unknown())};
        Reading colourless = other();
        colourless.supplies[0].color.clear();
        complete(reading, colourless);
        QCOMPARE(reading.supplies[0].level.kind, SupplyLevel::Kind::Unknown);
    }

    void keepsOnlyWhatLastsOfAnOldSupplement()
    {
        Reading reading = whole();
        reading.identity.serialNumber.clear();
        reading.status.state = u"unknown"_s;
        reading.meters.clear();
        reading.supplies[0].level = unknown();
        reading.supplies[0].serialNumber.clear();
        completeLasting(reading, other());
        QCOMPARE(reading.identity.serialNumber, u"OTHER1"_s);
        QCOMPARE(reading.supplies[0].serialNumber, u"T9"_s);
        QCOMPARE(reading.status.state, u"unknown"_s);
        QVERIFY(reading.meters.isEmpty());
        QCOMPARE(reading.supplies[0].level.kind, SupplyLevel::Kind::Unknown);
        Reading empty;
        completeLasting(empty, other());
        QVERIFY(empty.supplies.isEmpty());
    }

    void believesAlertsOnlyOfWhoKnowsTheState()
    {
        Reading supplement = other();
        supplement.alerts = {{u"1.1"_s, u"critical"_s, u"mediaPath"_s, 1, -1, 8, u"Jam"_s}};
        Reading knows = whole();
        complete(knows, supplement);
        QVERIFY(knows.alerts.isEmpty());
        Reading knowsNothing = whole();
        knowsNothing.status = {};
        complete(knowsNothing, supplement);
        QCOMPARE(knowsNothing.alerts.size(), 1);
    }
};

PLATEN_TEST(CompletionTest)
#include "CompletionTest.moc"
