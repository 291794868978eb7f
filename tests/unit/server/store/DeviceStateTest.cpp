// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <server/store/DeviceState.h>
#include <testkit/Program.h>

#include <QTest>

using namespace Qt::StringLiterals;
using namespace platen;

class DeviceStateTest : public QObject {
    Q_OBJECT

    static model::Supply supply(
        const QString& index, model::SupplyLevel level, model::SupplyClass supplyClass = model::SupplyClass::Consumed)
    {
        model::Supply made;
        made.index = index;
        made.level = level;
        made.supplyClass = supplyClass;
        return made;
    }

    static model::SupplyLevel percent(double value) { return {model::SupplyLevel::Kind::Percent, value, 0, 0}; }

private slots:
    void saysOneWord_data()
    {
        QTest::addColumn<QString>("status");
        QTest::addColumn<QStringList>("errors");
        QTest::addColumn<QString>("severity");
        QTest::addColumn<qint64>("code");
        QTest::addColumn<QString>("display");
        QTest::addColumn<QString>("state");
        QTest::addColumn<QString>("reason");

        QTest::newRow("idle") << u"idle"_s << QStringList() << QString() << 0ll << u"Ready"_s << u"ready"_s
                              << QString();
        QTest::newRow("printing") << u"printing"_s << QStringList() << QString() << 0ll << QString() << u"printing"_s
                                  << QString();
        QTest::newRow("warm-up") << u"warmup"_s << QStringList() << QString() << 0ll << QString() << u"warmup"_s
                                 << QString();
        QTest::newRow("offline beats everything") << u"offline"_s << QStringList{u"jammed"_s} << u"critical"_s << 8ll
                                                  << QString() << u"offline"_s << QString();
        QTest::newRow("jam") << u"other"_s << QStringList{u"lowToner"_s, u"jammed"_s} << QString() << 0ll << QString()
                             << u"error"_s << u"jammed"_s;
        QTest::newRow("taken offline at the panel")
            << u"other"_s << QStringList{u"offline"_s} << QString() << 0ll << QString() << u"error"_s << u"offline"_s;
        QTest::newRow("low toner while printing") << u"printing"_s << QStringList{u"lowToner"_s} << QString() << 0ll
                                                  << QString() << u"attention"_s << u"lowToner"_s;
        QTest::newRow("maintenance") << u"idle"_s << QStringList{u"overduePreventMaint"_s} << QString() << 0ll
                                     << QString() << u"attention"_s << u"overduePreventMaint"_s;
        QTest::newRow("critical alert alone")
            << u"idle"_s << QStringList() << u"critical"_s << 3ll << QString() << u"error"_s << u"doorOpen"_s;
        QTest::newRow("critical alert without a word")
            << u"idle"_s << QStringList() << u"critical"_s << 30ll << QString() << u"error"_s << QString();
        QTest::newRow("warning alert") << u"idle"_s << QStringList() << u"warning"_s << 1104ll << QString()
                                       << u"attention"_s << u"lowToner"_s;
        QTest::newRow("a tray empty, as a warning")
            << u"idle"_s << QStringList() << u"warning"_s << 808ll << QString() << u"attention"_s << u"noPaper"_s;
        QTest::newRow("harmless event") << u"idle"_s << QStringList() << u"warning"_s << 507ll << QString()
                                        << u"ready"_s << QString();
        QTest::newRow("power saver alert")
            << u"other"_s << QStringList() << u"warning"_s << 23ll << QString() << u"sleeping"_s << QString();
        QTest::newRow("panel says sleep")
            << u"other"_s << QStringList() << QString() << 0ll << u"Sleep mode on"_s << u"sleeping"_s << QString();
        QTest::newRow("nothing known") << QString() << QStringList() << QString() << 0ll << QString() << u"unknown"_s
                                       << QString();
    }
    void saysOneWord()
    {
        QFETCH(QString, status);
        QFETCH(QStringList, errors);
        QFETCH(QString, severity);
        QFETCH(qint64, code);
        QFETCH(QString, display);
        QFETCH(QString, state);
        QFETCH(QString, reason);
        model::Reading reading;
        reading.status.state = status;
        reading.status.errors = errors;
        if (!display.isEmpty())
            reading.status.display = {display};
        if (!severity.isEmpty()) {
            model::Alert alert;
            alert.index = u"1.1"_s;
            alert.severity = severity;
            alert.code = code;
            reading.alerts = {alert};
        }
        const store::DeviceState is = store::stateOf(reading);
        QCOMPARE(is.state, state);
        QCOMPARE(is.reason, reason);
    }

    void findsTheSupplyThatRunsOutFirst()
    {
        model::Reading reading;
        reading.supplies = {supply(u"1.1"_s, percent(40)), supply(u"1.2"_s, percent(7.5)),
            supply(u"1.3"_s, percent(2), model::SupplyClass::Filled),
            supply(u"1.4"_s, {model::SupplyLevel::Kind::Unknown, 0, 0, 0})};
        QCOMPARE(store::lowestSupply(reading)->index, u"1.2"_s);
    }

    void prefersANumberToSomeLeftAndMakesNoneUp()
    {
        model::Reading reading;
        reading.supplies = {supply(u"1.1"_s, {model::SupplyLevel::Kind::Some, 0, 0, 0})};
        QCOMPARE(store::lowestSupply(reading)->index, u"1.1"_s);
        QCOMPARE(store::percentOf(store::lowestSupply(reading)->level), std::optional<double>());
        reading.supplies.append(supply(u"1.2"_s, percent(90)));
        QCOMPARE(store::lowestSupply(reading)->index, u"1.2"_s);
        reading.supplies = {supply(u"1.1"_s, {model::SupplyLevel::Kind::Unknown, 0, 0, 0})};
        QVERIFY(!store::lowestSupply(reading));
    }

    void takesTheDevicesOwnTotalBeforeItsMarkers()
    {
        model::Reading reading;
        reading.meters = {{u"mono"_s, u"impressions"_s, 900, {}}, {u"total"_s, u"impressions"_s, 500, u"1.1"_s},
            {u"total"_s, u"impressions"_s, 700, u"1.2"_s}};
        QCOMPARE(store::totalMeter(reading)->value, 700);
        reading.meters.append({u"total"_s, u"sheets"_s, 600, {}});
        QCOMPARE(store::totalMeter(reading)->value, 600);
        reading.meters.clear();
        QVERIFY(!store::totalMeter(reading));
    }
};

PLATEN_TEST(DeviceStateTest)
#include "DeviceStateTest.moc"
