// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "IppBytes.h"

#include <ipp/Interpret.h>
#include <testkit/Program.h>

#include <QTest>

using namespace Qt::StringLiterals;
using platen::Result;
using platen::ipp::interpret;
using platen::model::Reading;
using platen::model::Supply;
using platen::model::SupplyClass;
using platen::model::SupplyLevel;
using platen::test::IppBytes;

class InterpretTest : public QObject {
    Q_OBJECT

    std::shared_ptr<const platen::profiles::Catalogue> m_catalogue;

    Result<Reading> read(const IppBytes& bytes) const
    {
        const auto attributes = platen::ipp::parse(bytes.done());
        if (!attributes)
            return platen::fail(attributes.error());
        return interpret(*m_catalogue, *attributes, {.address = QHostAddress(u"10.0.0.5"_s)});
    }

    static IppBytes laser()
    {
        return IppBytes()
            .add(IppBytes::Text, "printer-make-and-model", "HP Color LaserJet Flow 123")
            .add(IppBytes::Text, "printer-device-id", "MFG:HP;MDL:Color LaserJet Flow 123;SN:VNB3X00042;")
            .add(IppBytes::Enum, "printer-state", 3);
    }

    static qint64 meter(const Reading& reading, const QString& name)
    {
        for (const auto& meter : reading.meters) {
            if (meter.name == name)
                return meter.value;
        }
        return -1;
    }

private slots:
    void initTestCase()
    {
        const auto catalogue = platen::profiles::Catalogue::builtIn();
        QVERIFY(catalogue);
        m_catalogue = *catalogue;
    }

    void tellsWhoAPrinterIs()
    {
        const auto reading = read(laser()
                .add(IppBytes::Text, "printer-firmware-string-version", "2507213_1")
                .add(IppBytes::Text, "printer-location", "Room 5")
                .add("color-supported", true)
                .add(IppBytes::Uri, "printer-uuid", "urn:uuid:1c852a4d-b800-1f08-abcd-001122334455"));
        QVERIFY(reading);
        QCOMPARE(reading->address, u"10.0.0.5"_s);
        QCOMPARE(reading->identity.manufacturer, u"HP"_s);
        QCOMPARE(reading->identity.model, u"Color LaserJet Flow 123"_s);
        QCOMPARE(reading->identity.serialNumber, u"VNB3X00042"_s);
        QCOMPARE(reading->identity.firmware, u"2507213_1"_s);
        QCOMPARE(reading->identity.location, u"Room 5"_s);
        QCOMPARE(reading->identity.color, true);
        QCOMPARE(reading->identity.mac, u"00:11:22:33:44:55"_s);
        const auto source = reading->sources.value(u"identity.serialNumber"_s);
        QCOMPARE(source.protocol, u"ipp"_s);
        QCOMPARE(source.object, u"printer-device-id"_s);
        for (const auto& each : reading->sources)
            QCOMPARE(each.protocol, u"ipp"_s);
    }

    void takesNoMacOfARandomUuid()
    {
        const auto random =
            read(laser().add(IppBytes::Uri, "printer-uuid", "urn:uuid:1c852a4d-b800-4f08-abcd-001122334455"));
        QVERIFY(random->identity.mac.isEmpty());
        const auto multicast =
            read(laser().add(IppBytes::Uri, "printer-uuid", "urn:uuid:1c852a4d-b800-1f08-abcd-011122334455"));
        QVERIFY(multicast->identity.mac.isEmpty());
    }

    void tellsStateAndErrors()
    {
        const auto busy = read(IppBytes()
                .add(IppBytes::Enum, "printer-state", 4)
                .add(IppBytes::Keyword, "printer-state-reasons", "marker-supply-low-warning")
                .add(IppBytes::Keyword, "", "media-jam-error")
                .add(IppBytes::Keyword, "", "media-empty")
                .add(IppBytes::Keyword, "", "spool-area-full-report")
                .add(IppBytes::Text, "printer-state-message", "Paper jam in tray 2."));
        QVERIFY(busy);
        QCOMPARE(busy->status.state, u"printing"_s);
        QCOMPARE(busy->status.errors, QStringList({u"noPaper"_s, u"lowToner"_s, u"jammed"_s}));
        QCOMPARE(busy->status.display, QStringList(u"Paper jam in tray 2."_s));
        const auto fine = read(laser().add(IppBytes::Keyword, "printer-state-reasons", "none"));
        QCOMPARE(fine->status.state, u"idle"_s);
        QCOMPARE(fine->status.errors, QStringList());
        QVERIFY(!read(laser())->status.errors);
    }

    void readsSupplies()
    {
        const auto reading = read(laser()
                .add(IppBytes::Octets, "printer-supply",
                    "index=4;class=supplyThatIsConsumed;type=tonerCartridge;unit=impressions;maxcapacity=2400;level="
                    "600;"
                    "colorantname=cyan;")
                .add(IppBytes::Octets, "",
                    "index=1;class=receptacleThatIsFilled;type=wasteToner;unit=percent;maxcapacity=100;level=25;"
                    "colorantname=unknown;")
                .add(IppBytes::Octets, "", "type=toner;maxcapacity=-2;level=-3;colorantname=black")
                .add(IppBytes::Octets, "", "nonsense")
                .add(IppBytes::Octets, "", "type=opc;maxcapacity=100;level=999999999999999999999;")
                .add(IppBytes::Text, "printer-supply-description", "Cyan Cartridge")
                .add(IppBytes::Text, "", "Waste Container")
                .add(IppBytes::Text, "", "Black"));
        QVERIFY(reading);
        QCOMPARE(reading->supplies.size(), 4);
        const Supply& waste = reading->supplies[0];
        QCOMPARE(waste.index, u"1.1"_s);
        QCOMPARE(waste.name, u"Waste Container"_s);
        QCOMPARE(waste.supplyClass, SupplyClass::Filled);
        QCOMPARE(waste.level.percent, 25.0);
        QCOMPARE(waste.color, QString());
        const Supply& black = reading->supplies[1];
        QCOMPARE(black.index, u"1.3"_s);
        QCOMPARE(black.level.kind, SupplyLevel::Kind::Some);
        const Supply& cyan = reading->supplies[2];
        QCOMPARE(cyan.name, u"Cyan Cartridge"_s);
        QCOMPARE(cyan.kind, u"tonerCartridge"_s);
        QCOMPARE(cyan.color, u"cyan"_s);
        QCOMPARE(cyan.capacity, 2400);
        QCOMPARE(cyan.level.percent, 25.0);
        QCOMPARE(reading->supplies[3].level.kind, SupplyLevel::Kind::None);
        QCOMPARE(reading->sources.value(u"supplies.1.4.level"_s).object, u"printer-supply"_s);
    }

    void readsMarkersWhereThereAreNoSupplies()
    {
        const auto reading = read(laser()
                .add(IppBytes::Integer, "marker-levels", 75)
                .add(IppBytes::Integer, "", -3)
                .add(IppBytes::Integer, "", 60)
                .add(IppBytes::Integer, "", 101)
                .add(IppBytes::Name, "marker-names", "Black Cartridge HP 410X")
                .add(IppBytes::Name, "", "Ink")
                .add(IppBytes::Name, "", "Waste")
                .add(IppBytes::Keyword, "marker-types", "toner-cartridge")
                .add(IppBytes::Keyword, "", "ink-cartridge")
                .add(IppBytes::Keyword, "", "waste-toner")
                .add(IppBytes::Name, "marker-colors", "#000000")
                .add(IppBytes::Name, "", "#00FFFF#FF00FF#FFFF00")
                .add(IppBytes::Name, "", "none"));
        QVERIFY(reading);
        QCOMPARE(reading->supplies.size(), 3);
        QCOMPARE(reading->supplies[0].kind, u"tonerCartridge"_s);
        QCOMPARE(reading->supplies[0].color, u"black"_s);
        QCOMPARE(reading->supplies[0].level.percent, 75.0);
        QCOMPARE(reading->supplies[1].level.kind, SupplyLevel::Kind::Some);
        QCOMPARE(reading->supplies[1].color, QString());
        QCOMPARE(reading->supplies[2].level.kind, SupplyLevel::Kind::Unknown); // which way does it count?
    }

    void readsMetersThatAddUp()
    {
        const auto members = [](IppBytes bytes, int mono, int mono2, int color) {
            return bytes.add(IppBytes::Begin, "printer-impressions-completed-col", QByteArray())
                .member("monochrome", mono)
                .member("monochrome-two-sided", mono2)
                .member("full-color", color)
                .add(IppBytes::End, "", QByteArray());
        };
        const IppBytes total = laser().add(IppBytes::Integer, "printer-impressions-completed", 100);
        const auto apart = read(members(total, 50, 20, 30));
        QCOMPARE(meter(*apart, u"total"_s), 100);
        QCOMPARE(meter(*apart, u"mono"_s), 70);
        QCOMPARE(meter(*apart, u"color"_s), 30);
        QCOMPARE(apart->meters[0].name, u"color"_s); // ordered by name
        const auto within = read(members(total, 70, 20, 30));
        QCOMPARE(meter(*within, u"mono"_s), 70);
        const auto unclear = read(members(total, 10, 20, 30));
        QCOMPARE(unclear->meters.size(), 1);
        QCOMPARE(unclear->meters[0].unit, u"impressions"_s);
        const auto sheets = read(laser().add(IppBytes::Integer, "printer-media-sheets-completed", 42));
        QCOMPARE(sheets->meters[0].unit, u"sheets"_s);
        QVERIFY(read(laser().add(IppBytes::Integer, "printer-impressions-completed", -2))->meters.isEmpty());
    }

    void readsAlerts()
    {
        const auto reading = read(laser()
                .add(IppBytes::Octets, "printer-alert",
                    "code=markerTonerAlmostEmpty;severity=warning;group=markerSupplies;groupindex=2;location=-1")
                .add(IppBytes::Octets, "", "code=1115;severity=critical;group=nonsense")
                .add(IppBytes::Text, "printer-alert-description", "Cyan is low"));
        QVERIFY(reading);
        QCOMPARE(reading->alerts.size(), 2);
        QCOMPARE(reading->alerts[0].code, 1104);
        QCOMPARE(reading->alerts[0].severity, u"warning"_s);
        QCOMPARE(reading->alerts[0].group, u"markerSupplies"_s);
        QCOMPARE(reading->alerts[0].groupIndex, 2);
        QCOMPARE(reading->alerts[0].description, u"Cyan is low"_s);
        QCOMPARE(reading->alerts[1].code, 1115);
        QCOMPARE(reading->alerts[1].group, QString());
    }

    void readsNothingOfWhatIsNoPrinter()
    {
        QCOMPARE(read(IppBytes()).error().code, platen::ErrorCode::NotFound);
        QCOMPARE(read(IppBytes().add(IppBytes::Text, "system-name", "x")).error().code, platen::ErrorCode::NotFound);
    }
};

PLATEN_TEST(InterpretTest)
#include "InterpretTest.moc"
