// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <profiles/VendorMeters.h>
#include <testkit/Program.h>

#include <QTest>

using namespace Qt::StringLiterals;
using namespace platen;
using namespace platen::profiles;

namespace {

model::Meter meter(
    const QString& name, qint64 value, const QString& marker = {}, const QString& unit = u"impressions"_s)
{
    return {name, unit, value, marker};
}

QStringList names(const QList<model::Meter>& meters)
{
    QStringList list;
    for (const model::Meter& each : meters)
        list += each.name;
    return list;
}

using Type = snmp::Value::Type;
snmp::Value number(qint64 value) { return {Type::Counter32, value, {}, {}}; }

} // namespace

class VendorMetersTest : public QObject {
    Q_OBJECT

private slots:
    void keepsCountersThatAgree()
    {
        const QList<model::Meter> meters{meter(u"total"_s, 100'000), meter(u"mono"_s, 60'000),
            meter(u"color"_s, 40'000), meter(u"print"_s, 70'000), meter(u"copy"_s, 29'000), meter(u"fax"_s, 1'000),
            meter(u"duplex"_s, 30'000)};
        QCOMPARE(plausible(meters), meters);
    }

    void allowsForCountersReadOneAfterTheOther()
    {
        const QList<model::Meter> meters{
            meter(u"total"_s, 100'000), meter(u"mono"_s, 60'000), meter(u"color"_s, 40'020)};
        QCOMPARE(plausible(meters), meters);
    }

    void leavesOutPartsThatAreMoreThanTheirWhole()
    {
        QCOMPARE(names(plausible({meter(u"total"_s, 9'000), meter(u"mono"_s, 9'000), meter(u"color"_s, 9'000)})),
            QStringList{u"total"_s});
        QCOMPARE(names(plausible({meter(u"total"_s, 9'000), meter(u"duplex"_s, 12'000)})), QStringList{u"total"_s});
    }

    void leavesOutTheNarrowFamilyAndKeepsTheWideOne()
    {
        const QStringList kept = names(plausible({meter(u"total"_s, 9'000), meter(u"print"_s, 6'000),
            meter(u"copy"_s, 2'500), meter(u"printMono"_s, 5'000), meter(u"printColor"_s, 4'200)}));
        QCOMPARE(kept, QStringList({u"total"_s, u"print"_s, u"copy"_s}));
    }

    void comparesWithTheLifeCountWhenTheMakerGivesNoTotal()
    {
        const auto parts = [](const model::Meter& life) {
            return names(plausible({life, meter(u"mono"_s, 8'000), meter(u"color"_s, 8'000)}));
        };
        QCOMPARE(parts(meter(u"total"_s, 9'000, u"1.1"_s)), QStringList{u"total"_s});
        QCOMPARE(parts(meter(u"total"_s, 9'000, u"1.1"_s, u"sheets"_s)).size(), 3); // a sheet has two sides
    }

    void believesTheGreaterOfTwoTotals()
    {
        const QStringList kept = names(plausible({meter(u"total"_s, 20'000, u"1.1"_s), meter(u"total"_s, 9'000),
            meter(u"mono"_s, 12'000), meter(u"color"_s, 8'000)}));
        QCOMPARE(kept.size(), 4);
    }

    void neverLeavesOutScans()
    {
        QCOMPARE(names(plausible({meter(u"total"_s, 10), meter(u"scan"_s, 90'000)})).size(), 2);
    }

    void doesNotOverflow()
    {
        const qint64 huge = std::numeric_limits<qint64>::max();
        QCOMPARE(names(plausible({meter(u"total"_s, 5), meter(u"mono"_s, huge), meter(u"color"_s, huge)})),
            QStringList{u"total"_s});
    }

    void readsOnlyTheRowsOfATableThatCountInItsUnit()
    {
        Profile profile;
        MeterTable table{snmp::Oid{1, 3, 9, 2}, snmp::Oid{1, 3, 9, 4}, snmp::Oid{1, 3, 9, 3}, {u"4"_s},
            u"impressions"_s, {{u"2"_s, u"total"_s}}};
        profile.meterTables = {table};
        const snmp::Answers answers{{snmp::Oid{1, 3, 9, 2, 1, 1}, number(2)}, {snmp::Oid{1, 3, 9, 3, 1, 1}, number(5)},
            {snmp::Oid{1, 3, 9, 4, 1, 1}, number(111)}, {snmp::Oid{1, 3, 9, 2, 1, 2}, number(2)},
            {snmp::Oid{1, 3, 9, 3, 1, 2}, number(4)}, {snmp::Oid{1, 3, 9, 4, 1, 2}, number(222)}};
        SourceNotes notes(answers, false);
        const QList<model::Meter> meters = vendorMeters(Columns(answers), profile, 1, notes);
        QCOMPARE(meters.size(), 1);
        QCOMPARE(meters.first().value, 222);
    }

    void takesTheSecondMeterOfANameWhenTheFirstGivesNothing()
    {
        Profile profile;
        const auto at = [](quint32 arc) { return ValueSource{{snmp::Oid{1, 3, 9, arc}, false}, {}, {}}; };
        profile.meters = {
            {u"scan"_s, u"impressions"_s, {at(1)}, false}, {u"scan"_s, u"impressions"_s, {at(2), at(3)}, true}};
        const snmp::Answers parts{{snmp::Oid{1, 3, 9, 2}, number(5)}, {snmp::Oid{1, 3, 9, 3}, number(7)}};
        SourceNotes notes(parts, false);
        QCOMPARE(vendorMeters(Columns(parts), profile, 1, notes).first().value, 12);
        snmp::Answers whole = parts;
        whole.insert(snmp::Oid{1, 3, 9, 1}, number(100));
        SourceNotes others(whole, false);
        const QList<model::Meter> meters = vendorMeters(Columns(whole), profile, 1, others);
        QCOMPARE(meters.size(), 1);
        QCOMPARE(meters.first().value, 100);
    }
};

PLATEN_TEST(VendorMetersTest)
#include "VendorMetersTest.moc"
