// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <pages/Extract.h>
#include <testkit/Program.h>

#include <QJsonDocument>
#include <QtTest>
#include <testkit/Quotes.h>

using namespace Qt::StringLiterals;
using namespace platen::pages;
using platen::model::Reading;
using platen::model::SupplyLevel;
using platen::test::quoted;

class ExtractTest : public QObject {
    Q_OBJECT

    static Page page(const QByteArray& json)
    {
        const auto pages = parsePages(u"test.json"_s, QJsonDocument::fromJson("[" + json + "]").array());
        return pages ? pages->first() : Page();
    }

    static Page one(const QByteArray& path, const QByteArray& finder)
    {
        return page("{\"url\": \"/p\", \"values\": {\"" + path + "\": " + finder + "}}");
    }

    static QString firmware(const QByteArray& finder, const QByteArray& document)
    {
        return extract(one("identity.firmware", finder), document).identity.firmware;
    }

private slots:
    void looksIntoXmlWithoutNamespaces()
    {
        const QByteArray xml =
            "\xef\xbb\xbf"
            "<?xml version=\"1.0\"?>\n<a:Usage xmlns:a=\"urn:a\" xmlns:b=\"urn:b\"><b:Printer b:id=\"7\">"
            "<b:Total PEID=\"1\"> 12345 </b:Total></b:Printer></a:Usage>";
        const Reading reading = extract(one("meters.total", "{\"xpath\": \"/Usage/Printer[@id=7]/Total\"}"), xml);
        QCOMPARE(reading.meters.size(), 1);
        QCOMPARE(reading.meters[0].value, 12345);
        QCOMPARE(reading.meters[0].unit, u"impressions"_s);
        const auto source = reading.sources.value(u"meters.total"_s);
        QCOMPARE(source.protocol, u"http"_s);
        QCOMPARE(source.object, u"/p"_s);
        QCOMPARE(source.raw, u"12345"_s);
    }

    void looksIntoHtmlThatIsBroken()
    {
        const QByteArray html = "<html><table><tr><td>Firmware<td class=v>&nbsp;V1.2&auml; <b>b</b><tr><td>x</table";
        QCOMPARE(firmware("{\"xpath\": \"//td[@class='v']\"}", html), u"V1.2ä b"_s);
        QCOMPARE(firmware("{\"xpath\": \"//td[@class='v']\", \"pattern\": \"V([0-9.]+)\"}", html), u"1.2"_s);
        QCOMPARE(firmware("{\"xpath\": \"//td[@class='none']\"}", html), QString());
        QCOMPARE(firmware("{\"xpath\": \"count(//td)\"}", html), u"3"_s);
    }

    void looksIntoJson()
    {
        const QByteArray json = quoted("{'a': [{'b/c': 'no'}, {'b/c': {'~': ' 1.0  rc'}}], 'n': 12, 'o': {}}");
        QCOMPARE(firmware(quoted("{'pointer': '/a/1/b~1c/~0'}"), json), u"1.0 rc"_s);
        QCOMPARE(firmware(quoted("{'pointer': '/n'}"), json), u"12"_s);
        QCOMPARE(firmware(quoted("{'pointer': '/o'}"), json), QString());
        QCOMPARE(firmware(quoted("{'pointer': '/a/7'}"), json), QString());
        QCOMPARE(firmware(quoted("{'pointer': '/a/x'}"), json), QString());
        QCOMPARE(firmware(quoted("{'pointer': '/a'}"), "[1"), QString());
    }

    void looksIntoTextByPattern()
    {
        const QByteArray text = "var info = { 'SERIAL' : 'X', fw: \"B\xfc"
                                "ro 2\" };";
        const QByteArray finder = quoted("'pattern': 'fw: \\'([^\\']+)\\''");
        QCOMPARE(firmware("{" + finder + "}", text), u"Büro 2"_s);
        QCOMPARE(firmware(quoted("{'pattern': 'FW:'}"), text), u"fw:"_s);
        QCOMPARE(firmware("{" + finder + quoted(", 'words': {'Büro 2': 'two'}}"), text), u"two"_s);
        QCOMPARE(firmware("{" + finder + quoted(", 'words': {'other': 'two'}}"), text), QString());
    }

    void readsCountsOnlyWhenTheyAreSure_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qint64>("count");
        QTest::newRow("digits") << QByteArray("1234567") << qint64(1234567);
        QTest::newRow("zero") << QByteArray("0") << qint64(0);
        QTest::newRow("grouped") << QByteArray("1,234,567") << qint64(1234567);
        QTest::newRow("grouped by points") << QByteArray("1.234") << qint64(1234);
        QTest::newRow("fraction") << QByteArray("12.5") << qint64(-1);
        QTest::newRow("negative") << QByteArray("-3") << qint64(-1);
        QTest::newRow("with a word") << QByteArray("12 pages") << qint64(-1);
        QTest::newRow("none") << QByteArray("---") << qint64(-1);
        QTest::newRow("too long") << QByteArray("99999999999999999999") << qint64(-1);
    }

    void readsCountsOnlyWhenTheyAreSure()
    {
        QFETCH(QByteArray, text);
        QFETCH(qint64, count);
        const Reading reading = extract(one("meters.total", quoted("{'xpath': '//p'}")), "<p>" + text + "</p>");
        QCOMPARE(reading.meters.isEmpty() ? qint64(-1) : reading.meters[0].value, count);
        QCOMPARE(reading.sources.isEmpty(), count < 0);
    }

    void readsSuppliesRowByRow()
    {
        const Page supplies = page(
            quoted("{'url': '/s', 'supplies': {'each': {'xpath': '//Item[Kind != `head`]'}, 'fields': {"
                   "'kind': {'xpath': 'Kind', 'words': {'t': 'toner', 'w': 'wasteToner'}}, 'color': {'xpath': 'Code', "
                   "'words': {'K': 'black'}},"
                   "'level': {'xpath': 'Left'}, 'serialNumber': {'xpath': 'Serial'}, 'name': {'xpath': 'Name'}}}}"));
        const Reading reading = extract(supplies,
            quoted("<?xml version='1.0'?><List>"
                   "<Item><Kind>head</Kind></Item>"
                   "<Item><Kind>t</Kind><Code>K</Code><Left>54</Left><Serial>SN:ABC123</Serial></Item>"
                   "<Item><Kind>t</Kind><Name>Cyan cartridge</Name><Left>140</Left><Serial>000000</Serial></Item>"
                   "<Item><Kind>w</Kind><Left>12.5 %</Left></Item></List>"));
        QCOMPARE(reading.supplies.size(), 3);
        QCOMPARE(reading.supplies[0].kind, u"toner"_s);
        QCOMPARE(reading.supplies[0].color, u"black"_s);
        QCOMPARE(reading.supplies[0].level.percent, 54.0);
        QCOMPARE(reading.supplies[0].serialNumber, u"ABC123"_s);
        QCOMPARE(reading.supplies[1].color, u"cyan"_s);
        QCOMPARE(reading.supplies[1].level.kind, SupplyLevel::Kind::Unknown);
        QCOMPARE(reading.supplies[1].serialNumber, QString());
        QCOMPARE(reading.supplies[2].supplyClass, platen::model::SupplyClass::Filled);
        QCOMPARE(reading.supplies[2].level.percent, 12.5);
        QVERIFY(reading.sources.contains(u"supplies.%1.serialNumber"_s.arg(reading.supplies[0].index)));
    }

    void readsRowsOfJsonAndOfText()
    {
        const Page json = page(quoted("{'url': '/s', 'supplies': {'each': {'pointer': '/list'}, 'fields': {'kind': "
                                      "{'pointer': '/k'}, 'level': {'pointer': '/l'}}}}"));
        const Reading fromJson = extract(json, quoted("{'list': [{'k': 'toner', 'l': 7}, 5, {'k': 'fuser'}]}"));
        QCOMPARE(fromJson.supplies.size(), 2);
        QCOMPARE(fromJson.supplies[0].level.percent, 7.0);
        const Page text = page(quoted("{'url': '/s', 'supplies': {'each': {'pattern': '[a-z]+=[0-9]+'}, 'fields': "
                                      "{'kind': {'pattern': '^[a-z]+'}, 'level': {'pattern': '[0-9]+$'}}}}"));
        const Reading fromText = extract(text, "toner=5;fuser=90;");
        QCOMPARE(fromText.supplies.size(), 2);
        QCOMPARE(fromText.supplies[1].kind, u"fuser"_s);
        QCOMPARE(fromText.supplies[1].level.percent, 90.0);
    }

    void readsThePagesOfHp()
    {
        const auto book = pagesOf(**platen::profiles::Catalogue::builtIn());
        const auto read = [&](const QString& url, const QByteArray& document) {
            for (const Page& page : book->value(u"hp"_s)) {
                if (page.url == url)
                    return extract(page, document);
            }
            return Reading();
        };
        const Reading usage = read(u"/DevMgmt/ProductUsageDyn.xml"_s,
            "<?xml version=\"1.0\"?><p:ProductUsageDyn xmlns:p=\"urn:p\" xmlns:dd=\"urn:d\"><p:PrinterSubunit>"
            "<dd:TotalImpressions "
            "PEID=\"5082\">1500</dd:TotalImpressions><dd:MonochromeImpressions>1100</dd:MonochromeImpressions>"
            "<dd:ColorImpressions>400</dd:ColorImpressions><p:UsageByMedia><dd:TotalImpressions>7</"
            "dd:TotalImpressions></p:UsageByMedia>"
            "</p:PrinterSubunit><p:CopyApplicationSubunit><dd:TotalImpressions>33</dd:TotalImpressions></"
            "p:CopyApplicationSubunit>"
            "</p:ProductUsageDyn>");
        QCOMPARE(usage.meters.size(), 4);
        QCOMPARE(usage.meters[1].name, u"copy"_s);
        QCOMPARE(usage.meters[1].value, 33);
        QCOMPARE(usage.meters[3].value, 1500);
        const Reading supplies = read(u"/DevMgmt/ConsumableConfigDyn.xml"_s,
            "<?xml version=\"1.0\"?><c:ConsumableConfigDyn xmlns:c=\"urn:c\" xmlns:dd=\"urn:d\">"
            "<c:ConsumableInfo><dd:ConsumableTypeEnum>printhead</dd:ConsumableTypeEnum></c:ConsumableInfo>"
            "<c:ConsumableInfo><c:PreviousCartridgeData><dd:SerialNumber>OLD12345</dd:SerialNumber></"
            "c:PreviousCartridgeData>"
            "<dd:ConsumableLabelCode>K</dd:ConsumableLabelCode><dd:ConsumableTypeEnum>toner</dd:ConsumableTypeEnum>"
            "<dd:ConsumablePercentageLevelRemaining>63</dd:ConsumablePercentageLevelRemaining>"
            "<dd:SerialNumber>16909060</dd:SerialNumber></c:ConsumableInfo></c:ConsumableConfigDyn>");
        QCOMPARE(supplies.supplies.size(), 1);
        QCOMPARE(supplies.supplies[0].color, u"black"_s);
        QCOMPARE(supplies.supplies[0].level.percent, 63.0);
        QCOMPARE(supplies.supplies[0].serialNumber, u"16909060"_s);
    }

    void takesHostileDocumentsCalmly_data()
    {
        QTest::addColumn<QByteArray>("document");
        QByteArray laughs = "<?xml version=\"1.0\"?><!DOCTYPE z [<!ENTITY a \"aaaaaaaaaaaaaaaa\">";
        for (char c = 'b'; c < 'l'; ++c)
            laughs += QByteArray("<!ENTITY ") + c + " \"" + (QByteArray("&") + char(c - 1) + ";").repeated(16) + "\">";
        QTest::newRow("entities that grow") << laughs + "]><v a=\"&k;\">&k;</v>";
        QTest::newRow("a file of ours") << QByteArray(
            "<?xml version=\"1.0\"?><!DOCTYPE z [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><v>&a;</v>");
        QTest::newRow("deep XML") << "<?xml version=\"1.0\"?>" + QByteArray("<v>").repeated(80'000);
        QTest::newRow("deep HTML") << QByteArray("<b>").repeated(80'000);
        QTest::newRow("deep list") << QByteArray("<ul><li>").repeated(30'000);
        QTest::newRow("rows in rows") << "<?xml version=\"1.0\"?>" + QByteArray("<b>").repeated(200)
                + QByteArray("<v/>").repeated(40'000) + QByteArray("</b>").repeated(200);
        QTest::newRow("deep JSON") << QByteArray("[").repeated(200'000);
        QTest::newRow("many attributes") << "<v " + QByteArray("a=1 ").repeated(60'000) + ">";
        QTest::newRow("zeros") << QByteArray(250'000, '\0');
        QTest::newRow("bytes") << QByteArray("\xff\xfe\x80<\xc3>&#xFFFFFFFF;&#0;").repeated(10'000);
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("letters without end") << QByteArray("a").repeated(250'000) + "!";
    }

    void takesHostileDocumentsCalmly()
    {
        QFETCH(QByteArray, document);
        const Page all =
            page(quoted("{'url': '/p', 'values': {'identity.firmware': {'xpath': '//v[count(//v//v) > 1]//v//v//v'},"
                        "'identity.location': {'xpath': 'string(//v)'"
                        "}"
                        ", 'identity.model' : {'pointer' : '/0/0/0'}, 'status.display' : {'pattern' : '(a+)+#'}"
                        "}"
                        ", 'supplies':"
                        "{"
                        "'each' : {'xpath' : '//b//b//b'}, 'fields': { 'name' : {'xpath' : './/b'} }"
                        "}"
                        "}"));
        QVERIFY(!all.url.isEmpty());
        const Reading reading = extract(all, document);
        QVERIFY(!reading.identity.location.contains("root:"_L1));
        QVERIFY(reading.identity.location.size() <= 255);
        QVERIFY(reading.supplies.size() <= 200);
    }
};

PLATEN_TEST(ExtractTest)
#include "ExtractTest.moc"
