// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <profiles/VendorSupplies.h>
#include <testkit/Program.h>

#include <QTest>

using namespace Qt::StringLiterals;
using namespace platen;
using namespace platen::profiles;

namespace {

using Kind = model::SupplyLevel::Kind;
using Type = snmp::Value::Type;

snmp::Value text(const QByteArray& octets) { return {Type::OctetString, 0, octets, {}}; }
snmp::Value number(qint64 value) { return {Type::Integer, value, {}, {}}; }

model::Supply supply(const QString& index, const QString& name, const QString& color, Kind kind = Kind::Some)
{
    model::Supply supply;
    supply.index = index;
    supply.name = name;
    supply.kind = u"toner"_s;
    supply.color = color;
    supply.level.kind = kind;
    return supply;
}

QList<model::Supply> completed(const Profile& profile, QList<model::Supply> supplies, const snmp::Answers& answers)
{
    SourceNotes notes(answers, false);
    completeSupplies(Columns(answers), profile, supplies, notes);
    return supplies;
}

} // namespace

class VendorSuppliesTest : public QObject {
    Q_OBJECT

private slots:
    void findsTheObjectOfASupply()
    {
        const snmp::Oid row{1, 7};
        QCOMPARE(SupplyRef({snmp::Oid{1, 3, 9}, u"D.N"_s}).objectOf(row), (snmp::Oid{1, 3, 9, 1, 7}));
        QCOMPARE(SupplyRef({snmp::Oid{1, 3, 9}, u"N.0"_s}).objectOf(row), (snmp::Oid{1, 3, 9, 7, 0}));
        QCOMPARE(SupplyRef({snmp::Oid{1, 3, 9}, u"N"_s}).objectOf(snmp::Oid{7}), (snmp::Oid{1, 3, 9, 7}));
    }

    void readsSerialNumbersByIndex()
    {
        Profile profile;
        profile.supplySerials = {{{snmp::Oid{1, 3, 9}, u"N.0"_s}, {Decoding::Kind::Pml, {}, 0, {}}, {}}};
        const auto supplies =
            completed(profile, {supply(u"1.1"_s, u"Black"_s, u"black"_s), supply(u"1.2"_s, u"Cyan"_s, u"cyan"_s)},
                {{snmp::Oid{1, 3, 9, 2, 0},
                    text("\xfd\xe8"
                         "CRUM123")}});
        QCOMPARE(supplies[0].serialNumber, QString());
        QCOMPARE(supplies[1].serialNumber, u"CRUM123"_s);
    }

    void tellsRowsOfTheMakersTableByTheirNames()
    {
        Profile profile;
        profile.supplySerials = {{{snmp::Oid{1, 3, 9, 6}, u"D.N"_s}, {}, snmp::Oid{1, 3, 9, 5}}};
        const snmp::Answers answers{{snmp::Oid{1, 3, 9, 5, 1, 1}, text("Fuser")},
            {snmp::Oid{1, 3, 9, 6, 1, 1}, text("FU-100")}, {snmp::Oid{1, 3, 9, 5, 1, 2}, text("black  cartridge")},
            {snmp::Oid{1, 3, 9, 6, 1, 2}, text("CA-200")}, {snmp::Oid{1, 3, 9, 5, 1, 3}, text("Roller")},
            {snmp::Oid{1, 3, 9, 6, 1, 3}, text("RO-300")}, {snmp::Oid{1, 3, 9, 5, 1, 4}, text("Roller")},
            {snmp::Oid{1, 3, 9, 6, 1, 4}, text("RO-400")}};
        const auto supplies = completed(profile,
            {supply(u"1.1"_s, u"Black Cartridge"_s, u"black"_s), supply(u"1.2"_s, u"Roller"_s, {}),
                supply(u"1.3"_s, {}, {})},
            answers);
        QCOMPARE(supplies[0].serialNumber, u"CA-200"_s);
        QCOMPARE(supplies[1].serialNumber, QString()); // two of that name
        QCOMPARE(supplies[2].serialNumber, QString());
    }

    void givesAPercentageOnlyWhereThePrinterMibHasNone()
    {
        Profile profile;
        profile.supplyLevels = {{{u"toner"_s}, u"black"_s, {{snmp::Oid{1, 3, 9, 1}, false}, {}, {}}, 100}};
        const snmp::Answers answers{{snmp::Oid{1, 3, 9, 1}, number(2650)}};
        for (const Kind kind : {Kind::Some, Kind::Unknown, Kind::None}) {
            const auto level = completed(profile, {supply(u"1.1"_s, {}, u"black"_s, kind)}, answers)[0].level;
            QCOMPARE(level.kind, Kind::Percent);
            QCOMPARE(level.percent, 26.5);
            QVERIFY(level.vendor);
        }
        model::Supply known = supply(u"1.1"_s, {}, u"black"_s, Kind::Percent);
        known.level.percent = 30;
        QCOMPARE(completed(profile, {known}, answers)[0].level, known.level);
    }

    void doesNotGuessWhoseLevelItIs()
    {
        Profile profile;
        profile.supplyLevels = {{{u"toner"_s}, u"black"_s, {{snmp::Oid{1, 3, 9, 1}, false}, {}, {}}, 1}};
        const snmp::Answers answers{{snmp::Oid{1, 3, 9, 1}, number(26)}};
        const auto two =
            completed(profile, {supply(u"1.1"_s, {}, u"black"_s), supply(u"1.2"_s, {}, u"black"_s)}, answers);
        QCOMPARE(two[0].level.kind, Kind::Some);
        QCOMPARE(two[1].level.kind, Kind::Some);
        QCOMPARE(completed(profile, {supply(u"1.1"_s, {}, u"cyan"_s)}, answers)[0].level.kind, Kind::Some);
    }

    void doesNotBelieveMoreThanAHundredPercent()
    {
        Profile profile;
        profile.supplyLevels = {{{u"toner"_s}, u"black"_s, {{snmp::Oid{1, 3, 9, 1}, false}, {}, {}}, 100}};
        for (const qint64 raw : {10'100LL, -1LL, 0xffff'ffffLL}) {
            const auto supplies =
                completed(profile, {supply(u"1.1"_s, {}, u"black"_s)}, {{snmp::Oid{1, 3, 9, 1}, number(raw)}});
            QCOMPARE(supplies[0].level.kind, Kind::Some);
        }
    }
};

PLATEN_TEST(VendorSuppliesTest)
#include "VendorSuppliesTest.moc"
