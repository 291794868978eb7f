// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Oids.h"

#include <profiles/Keywords.h>
#include <profiles/StandardTables.h>
#include <testkit/Program.h>

#include <QTest>

using namespace Qt::StringLiterals;
using namespace platen;
using platen::test::oid;
using namespace platen::profiles;
using snmp::Value;
using Kind = model::SupplyLevel::Kind;
using Number = std::optional<qint64>;

namespace {

} // namespace

class StandardTablesTest : public QObject {
    Q_OBJECT

private slots:
    void neverMakesUpALevel_data()
    {
        QTest::addColumn<Number>("level");
        QTest::addColumn<Number>("capacity");
        QTest::addColumn<Number>("unit");
        QTest::addColumn<Kind>("kind");
        QTest::addColumn<double>("percent");
        const auto row = [](const char* name, Number level, Number capacity, Number unit, Kind kind,
                             double percent = 0) {
            QTest::newRow(name) << level << capacity << unit << kind << percent;
        };
        row("of a capacity", 7056, 7200, 7, Kind::Percent, 98.0);
        row("more than full", 120, 100, 19, Kind::Percent, 100.0);
        row("empty", 0, 100, 19, Kind::Percent, 0.0);
        row("percent without a capacity", 54, -2, 19, Kind::Percent, 54.0);
        row("percent that is none", 5400, -2, 19, Kind::Some);
        row("some", -3, -2, 13, Kind::Some);
        row("some, whatever the capacity", -3, 100, 19, Kind::Some);
        row("unknown", -2, 100, 19, Kind::Unknown);
        row("other", -1, 100, 19, Kind::None);
        row("nonsense", -77, 100, 19, Kind::Unknown);
        row("an amount of an unknown whole", 1, -2, 1, Kind::Some);
        row("nothing of an unknown whole", 0, -2, 13, Kind::Percent, 0.0);
        row("zero of zero", 0, 0, 7, Kind::Unknown);
        row("not given", std::nullopt, 651, 15, Kind::None);
        row("no capacity given", 30, std::nullopt, std::nullopt, Kind::Some);
    }
    void neverMakesUpALevel()
    {
        QFETCH(Number, level);
        QFETCH(Number, capacity);
        QFETCH(Number, unit);
        QFETCH(double, percent);
        const model::SupplyLevel is = standard::supplyLevel(level, capacity, unit);
        QTEST(is.kind, "kind");
        QCOMPARE(is.percent, percent);
    }

    void readsErrorBitsOfAnyLength()
    {
        QCOMPARE(keyword::detectedErrors(QByteArray()), QStringList());
        QCOMPARE(keyword::detectedErrors(QByteArray::fromHex("00")), QStringList());
        QCOMPARE(keyword::detectedErrors(QByteArray::fromHex("20")), QStringList{u"lowToner"_s});
        QCOMPARE(keyword::detectedErrors(QByteArray::fromHex("8002")),
            (QStringList{u"lowPaper"_s, u"overduePreventMaint"_s}));
        QCOMPARE(keyword::detectedErrors(QByteArray::fromHex("0000ffff")), QStringList());
        QCOMPARE(keyword::detectedErrors(QByteArray::fromHex("ff")).size(), 8);
    }

    void saysNothingOfErrorsWhenTheDeviceDoesNot()
    {
        const snmp::Answers none;
        QCOMPARE(standard::status(Columns(none), 1).errors, std::nullopt);
        const snmp::Answers empty{{oid(u"1.3.6.1.2.1.25.3.5.1.2.1"_s), Value::text("")}};
        QCOMPARE(standard::status(Columns(empty), 1).errors, std::optional(QStringList()));
    }

    void findsColoursInDescriptions_data()
    {
        QTest::addColumn<QString>("description");
        QTest::addColumn<QString>("color");
        QTest::newRow("plain") << u"Cyan Toner Cartridge"_s << u"cyan"_s;
        QTest::newRow("in brackets") << u"Toner (Yellow)"_s << u"yellow"_s;
        QTest::newRow("shade") << u"Light Magenta ink"_s << u"light magenta"_s;
        QTest::newRow("Chinese") << u"洋紅色碳粉"_s << u"magenta"_s;
        QTest::newRow("Russian") << u"Чёрный тонер"_s << u"black"_s;
        QTest::newRow("German") << u"Tonerkartusche Schwarz"_s << u"black"_s;
        QTest::newRow("none") << u"TK-1162"_s << QString();
        QTest::newRow("within a word") << u"Blackbird Fuser"_s << QString();
    }
    void findsColoursInDescriptions()
    {
        QFETCH(QString, description);
        QTEST(keyword::colorIn(description), "color");
    }

    void choosesTheInterfaceThatAnswered()
    {
        snmp::Answers answers;
        const auto interface = [&](quint32 number, qint64 type, const char* mac, qint64 up) {
            answers.insert(oid(u"1.3.6.1.2.1.2.2.1.3"_s) + number, Value::integer(type));
            answers.insert(oid(u"1.3.6.1.2.1.2.2.1.6"_s) + number, Value::text(QByteArray::fromHex(mac)));
            answers.insert(oid(u"1.3.6.1.2.1.2.2.1.8"_s) + number, Value::integer(up));
        };
        interface(1, 24, "", 1);
        interface(2, 6, "000000000000", 1);
        interface(3, 6, "f8da0c2de3aa", 2);
        interface(4, 71, "3c2af410d278", 1);
        QCOMPARE(standard::macAddress(Columns(answers), QHostAddress(u"10.0.0.5"_s)), u"3c:2a:f4:10:d2:78"_s);
        answers.insert(oid(u"1.3.6.1.2.1.4.20.1.2.10.0.0.5"_s), Value::integer(3));
        answers.insert(oid(u"1.3.6.1.2.1.4.20.1.2.10.0.0.6"_s), Value::integer(4));
        QCOMPARE(standard::macAddress(Columns(answers), QHostAddress(u"10.0.0.5"_s)), u"f8:da:0c:2d:e3:aa"_s);
        QCOMPARE(standard::macAddress(Columns(answers), QHostAddress(u"10.0.0.5"_s)),
            standard::macAddress(Columns(answers), QHostAddress(u"::ffff:10.0.0.5"_s)));
    }

    void readsTablesAtIndexZero()
    {
        snmp::Answers answers;
        answers.insert(oid(u"1.3.6.1.2.1.43.11.1.1.6.0.1"_s), Value::text("black ink"));
        answers.insert(oid(u"1.3.6.1.2.1.43.11.1.1.8.0.1"_s), Value::integer(651));
        answers.insert(oid(u"1.3.6.1.2.1.43.11.1.1.9.0.1"_s), Value::integer(65));
        const QList<model::Supply> supplies = standard::supplies(Columns(answers), 1, 0);
        QCOMPARE(supplies.size(), 1);
        QCOMPARE(supplies[0].index, u"0.1"_s);
        QCOMPARE(supplies[0].level.percent, 10.0);
    }

    void takesTheSerialNumberOutOfADescription()
    {
        snmp::Answers answers;
        answers.insert(
            oid(u"1.3.6.1.2.1.43.11.1.1.6.1.1"_s), Value::text("Black Toner, PN 006R01509;SN48178080E0000481"));
        answers.insert(oid(u"1.3.6.1.2.1.43.11.1.1.6.1.2"_s), Value::text("Fuser, PN unknown;SNunknown"));
        answers.insert(
            oid(u"1.3.6.1.2.1.43.11.1.1.6.1.3"_s), Value::text("Black Toner Cartridge S/N:CRUM-18052312345"));
        const QList<model::Supply> supplies = standard::supplies(Columns(answers), 1, 0);
        QCOMPARE(supplies[0].serialNumber, u"48178080E0000481"_s);
        QCOMPARE(supplies[1].serialNumber, QString());
        QCOMPARE(supplies[2].serialNumber, u"CRUM-18052312345"_s);
    }
};

PLATEN_TEST(StandardTablesTest)
#include "StandardTablesTest.moc"
