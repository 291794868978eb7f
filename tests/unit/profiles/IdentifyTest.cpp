// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Oids.h"

#include <profiles/Identify.h>
#include <testkit/Program.h>

#include <QTest>

using namespace Qt::StringLiterals;
using namespace platen;
using platen::test::oid;
using namespace platen::profiles;
using snmp::Value;

namespace {

const snmp::Oid sysDescr = oid(u"1.3.6.1.2.1.1.1.0"_s);
const snmp::Oid sysObjectID = oid(u"1.3.6.1.2.1.1.2.0"_s);
const snmp::Oid hrDeviceType = oid(u"1.3.6.1.2.1.25.3.2.1.2"_s);
const snmp::Oid hrDeviceDescr = oid(u"1.3.6.1.2.1.25.3.2.1.3"_s);
const snmp::Oid npDeviceId = oid(u"1.3.6.1.4.1.11.2.3.9.1.1.7.0"_s);

Value id(const QString& text) { return {Value::Type::ObjectId, 0, {}, oid(text)}; }

snmp::Answers device(const QByteArray& description, const QString& objectId = {})
{
    snmp::Answers answers{{sysDescr, Value::text(description)}};
    if (!objectId.isEmpty())
        answers.insert(sysObjectID, id(objectId));
    return answers;
}

} // namespace

class IdentifyTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        auto catalogue = Catalogue::builtIn();
        QVERIFY2(catalogue, qPrintable(catalogue ? QString() : catalogue.error().detail));
        m_catalogue = *catalogue;
    }

    void tellsPrintersFromTheRest_data()
    {
        QTest::addColumn<snmp::Answers>("answers");
        QTest::addColumn<bool>("isPrinter");
        const auto row = [](const char* name, const snmp::Answers& answers, bool isPrinter) {
            QTest::newRow(name) << answers << isPrinter;
        };
        row("printer by sysObjectID", device("TOSHIBA TEC B-EV4", u"1.3.6.1.4.1.1129.1.2.1"_s), true);
        row("printer by description alone", device("Samsung CLX-3170 Series;V1.00.01.64 Sep-27-2010;Engine 1.77.81"),
            true);
        row("JetDirect box",
            device("HP ETHERNET MULTI-ENVIRONMENT,ROM J.sp.00,JETDIRECT EX,JD28", u"1.3.6.1.4.1.1347.41"_s), true);
        row("switch of a printer maker", device("HP Stack, revision KA.00", u"1.3.6.1.4.1.11.2.3.7.8.5.2"_s), false);
        row("projector of a printer maker", device("EPSON Network Projector", u"1.3.6.1.4.1.1248.4.1"_s), false);
        row("UPS of a printer maker", device("Dell UPS Rack 3750W High Efficiency", u"1.3.6.1.4.1.674.10902.2"_s),
            false);
        row("router", device("router", u"1.3.6.1.4.1.14988.1"_s), false);
        row("nothing known", snmp::Answers(), false);

        snmp::Answers byType = device("Some Device", u"1.3.6.1.4.1.99999.1"_s);
        byType.insert(hrDeviceType + 3, id(u"1.3.6.1.2.1.25.3.1.5"_s));
        row("printer by hrDeviceType", byType, true);
        snmp::Answers nas = device("Linux nas 4.2.2", u"1.3.6.1.4.1.24681"_s);
        nas.insert(hrDeviceType + 768, id(u"1.3.6.1.2.1.25.3.1.3"_s));
        row("NAS", nas, false);
        snmp::Answers windows =
            device("Hardware: Intel64 - Software: Windows Version 6.1", u"1.3.6.1.4.1.311.1.1.3.1.2"_s);
        windows.insert(hrDeviceType + 1, id(u"1.3.6.1.2.1.25.3.1.5"_s));
        row("computer with print queues", windows, false);
        snmp::Answers indexZero;
        indexZero.insert(oid(u"1.3.6.1.2.1.43.11.1.1.8.0.1"_s), Value::integer(651));
        row("only a supply, at index 0", indexZero, true);
        snmp::Answers linuxInside = device("Linux printer 3.10", u"1.3.6.1.4.1.8072.3.2.10"_s);
        linuxInside.insert(oid(u"1.3.6.1.2.1.43.10.2.1.4.1.1"_s), Value::integer(12));
        row("printer with a general-purpose agent", linuxInside, true);
    }
    void tellsPrintersFromTheRest()
    {
        QFETCH(snmp::Answers, answers);
        QFETCH(bool, isPrinter);
        QCOMPARE(judge(*m_catalogue, answers, true) == Verdict::Printer, isPrinter);
        QCOMPARE(judge(*m_catalogue, answers, false), isPrinter ? Verdict::Printer : Verdict::Unsure);
    }

    void namesTheMaker_data()
    {
        QTest::addColumn<snmp::Answers>("answers");
        QTest::addColumn<QString>("maker");
        const auto row = [](const char* name, const snmp::Answers& answers, const QString& maker) {
            QTest::newRow(name) << answers << maker;
        };
        snmp::Answers brother = device("Brother NC-6200h, Firmware Ver.1.04", u"1.3.6.1.4.1.11.2.3.9.1"_s);
        row("Brother with HP's sysObjectID", brother, u"Brother"_s);
        row("JetDirect with Kyocera's sysObjectID",
            device("HP ETHERNET MULTI-ENVIRONMENT,ROM J.sp.00", u"1.3.6.1.4.1.1347.41"_s), u"HP"_s);
        row("Toshiba with Lexmark's sysObjectID",
            device("TOSHIBA e-STUDIO305CP version NL1", u"1.3.6.1.4.1.641.1.71106799"_s), u"Toshiba"_s);
        row("OKI with Toshiba's sysObjectID", device("OKI OkiLAN 8100e Rev.02.02", u"1.3.6.1.4.1.1129.2.3.1"_s),
            u"OKI"_s);
        row("Ricoh family",
            device("LANIER MP C3501/LD635C 2.01 / LANIER Network Printer C model", u"1.3.6.1.4.1.367.1.1"_s),
            u"Lanier"_s);
        row("by sysObjectID alone", device("Printing System", u"1.3.6.1.4.1.1347.41"_s), u"Kyocera"_s);
        row("rebrand's branch", device("", u"1.3.6.1.4.1.18334.1.2.1.2.1.50.2.2"_s), u"Develop"_s);
        row("Fuji Xerox is not Xerox", device("FUJI XEROX ApeosPort-VI C4471;ESS1.0.217", u"1.3.6.1.4.1.297.1.11.93"_s),
            u"Fuji Xerox"_s);
        row("a name within a longer word", device("Hpower 3000", u"1.3.6.1.4.1.99999"_s), QString());
        snmp::Answers canonOnJetDirect =
            device("HP ETHERNET MULTI-ENVIRONMENT,ROM H.08.60,JETDIRECT EX", u"1.3.6.1.4.1.11.2.3.9.1"_s);
        canonOnJetDirect.insert(npDeviceId, Value::text("MFG:Canon;MDL:LBP-1760;CLS:PRINTER;"));
        row("Canon behind a JetDirect box", canonOnJetDirect, u"Canon"_s);
        snmp::Answers stranger;
        stranger.insert(npDeviceId, Value::text("MFG:Nakajima All;MDL:N1;CLS:PRINTER;"));
        row("a maker without a profile", stranger, u"Nakajima All"_s);
    }
    void namesTheMaker()
    {
        QFETCH(snmp::Answers, answers);
        QTEST(makerOf(*m_catalogue, answers), "maker");
    }

    void namesTheModel_data()
    {
        QTest::addColumn<QByteArray>("description");
        QTest::addColumn<QByteArray>("deviceDescription");
        QTest::addColumn<QString>("model");
        QTest::newRow("hrDeviceDescr first") << "HP ETHERNET MULTI-ENVIRONMENT,SN:X,PID:c1c203a"_ba
                                             << "HP Color LaserJet CP2025dn"_ba << u"Color LaserJet CP2025dn"_s;
        QTest::newRow("HP's PID")
            << "HP ETHERNET MULTI-ENVIRONMENT,SN:CNF8,FN:QD3,SVCID:21055,PID:HP LaserJet CM1415fn"_ba << ""_ba
            << u"LaserJet CM1415fn"_s;
        QTest::newRow("HP, no model") << "HP ETHERNET MULTI-ENVIRONMENT,ROM none,JETDIRECT,JD135"_ba << ""_ba
                                      << QString();
        QTest::newRow("Lexmark") << "Lexmark T640 version NS.NP.N219 kernel 2.6.6 All-N-1"_ba << ""_ba << u"T640"_s;
        QTest::newRow("Dell") << "Dell MFP Laser 3115cn; Net 9.26, Controller 2007"_ba << ""_ba
                              << u"MFP Laser 3115cn"_s;
        QTest::newRow("Dell by Lexmark") << "Dell Laser Printer M5200 version 55.10.19 kernel 2.4.0"_ba << ""_ba
                                         << u"Laser Printer M5200"_s;
        QTest::newRow("Ricoh") << "RICOH Aficio MP 201 1.04 / RICOH Network Printer C model"_ba << ""_ba
                               << u"Aficio MP 201"_s;
        QTest::newRow("Xerox") << "Xerox Phaser 8560DN; OS 9.82, PS 4.7.0"_ba << ""_ba << u"Phaser 8560DN"_s;
        QTest::newRow("Canon") << "Canon D1180/MF6680 /P"_ba << ""_ba << u"D1180/MF6680"_s;
        QTest::newRow("Epson's print server is none")
            << "EPSON Built-in 10Base-T/100Base-TX Print Server"_ba << ""_ba << QString();
        QTest::newRow("Epson") << "EPSON Built-in 10Base-T/100Base-TX Print Server"_ba << "AL-C1100"_ba
                               << u"AL-C1100"_s;
        QTest::newRow("Kyocera's system is none") << "KYOCERA MITA Printing System"_ba << ""_ba << QString();
        QTest::newRow("TSC") << "TTP244CE Version: 7.02 EZD"_ba << ""_ba << u"TTP244CE"_s;
        QTest::newRow("Toshiba") << "TOSHIBA TEC B-SX5T"_ba << ""_ba << u"B-SX5T"_s;
        QTest::newRow("Konica Minolta") << "KONICA MINOLTA bizhub C224e"_ba << "Generic 28C-1"_ba << u"bizhub C224e"_s;
        QTest::newRow("OKI")
            << "OKI OkiLAN 9450g Rev.00.69 10/100/1000BASE Ethernet PrintServer: Attached to MC873 Rev.07.87 : Copyright"_ba
            << ""_ba << u"MC873"_s;
    }
    void namesTheModel()
    {
        QFETCH(QByteArray, description);
        QFETCH(QByteArray, deviceDescription);
        snmp::Answers answers = device(description);
        if (!deviceDescription.isEmpty())
            answers.insert(hrDeviceDescr + 1, Value::text(deviceDescription));
        QTEST(identify(*m_catalogue, answers).model, "model");
    }

    void takesTheSerialNumberWithoutHpsPadding()
    {
        snmp::Answers answers = device("HP ETHERNET MULTI-ENVIRONMENT", u"1.3.6.1.4.1.11.2.3.9.1"_s);
        answers.insert(oid(u"1.3.6.1.2.1.43.5.1.1.17.1"_s), Value::text("00CNBVD3D0HH"));
        QCOMPARE(identify(*m_catalogue, answers).serialNumber, u"CNBVD3D0HH"_s);
    }

    void tellsTheDeviceType()
    {
        QCOMPARE(identify(*m_catalogue, device("TTP244CE Version: 7.02 EZD", u"1.3.6.1.4.1.51966.2.6"_s)).deviceType,
            u"label"_s);
        QCOMPARE(identify(*m_catalogue, device("HP ETHERNET MULTI-ENVIRONMENT,ROM J.sp.00,JETDIRECT EX")).deviceType,
            u"printServer"_s);
        QCOMPARE(identify(*m_catalogue,
                     device("RICOH MP 3053 1.09 / RICOH Network Printer C model / RICOH Network Scanner C model"))
                     .deviceType,
            u"mfp"_s);
        QCOMPARE(
            identify(*m_catalogue, device("EPSON 10/100/1000 Ethernet USB Ext. Scan Server")).deviceType, u"scanner"_s);
        QCOMPARE(identify(*m_catalogue, device("Lexmark T640 version NS.NP.N219")).deviceType, u"printer"_s);
    }

private:
    std::shared_ptr<const Catalogue> m_catalogue;
};

PLATEN_TEST(IdentifyTest)
#include "IdentifyTest.moc"
