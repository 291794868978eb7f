// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <profiles/Decoders.h>
#include <testkit/Program.h>

#include <QTest>

using namespace Qt::StringLiterals;
using namespace platen;
using namespace platen::profiles;

class DecodersTest : public QObject {
    Q_OBJECT

private slots:
    void takesNoNumberAndNoOidForAText()
    {
        Decoding decoding;
        QCOMPARE(decoding.text(snmp::Value::integer(4242)), QString());
        QCOMPARE(decoding.text({snmp::Value::Type::ObjectId, 0, {}, snmp::Oid{1, 3, 6, 1}}), QString());
        QCOMPARE(decoding.text(snmp::Value::text("4242")), u"4242"_s);
        QCOMPARE(decoding.count(snmp::Value::integer(4242)), std::optional<qint64>(4242));
    }

    void readsTextInTheCharsetItIsIn_data()
    {
        QTest::addColumn<QByteArray>("octets");
        QTest::addColumn<int>("charset");
        QTest::addColumn<QString>("text");
        QTest::newRow("ascii") << QByteArray("HP LaserJet 4250  ") << 0 << u"HP LaserJet 4250"_s;
        QTest::newRow("utf-8, whatever is declared") << QByteArray::fromHex("e9bb91e889b2") << 2004 << u"黑色"_s;
        QTest::newRow("roman-8") << QByteArray::fromHex("4b6f706965cd6e3a3031") << 2004 << u"Kopieën:01"_s;
        QTest::newRow("latin-2") << QByteArray::fromHex("4d61b36f20746f6e6572752028592920") << 5
                                 << u"Mało toneru (Y)"_s;
        QTest::newRow("cyrillic") << QByteArray::fromHex("c1dfefe9d8d920e0d5d6d8dc20202020") << 8 << u"Спящий режим"_s;
        QTest::newRow("latin-1 when nothing is declared") << QByteArray("B\xfcro") << 0 << u"Büro"_s;
        QTest::newRow("latin-1 when UTF-8 is declared and it is not") << QByteArray("B\xfcro") << 106 << u"Büro"_s;
        QTest::newRow("shift-jis") << QByteArray::fromHex("83678369815b") << 17 << u"トナー"_s;
        QTest::newRow("gb18030") << QByteArray::fromHex("badac9ab") << 114 << u"黑色"_s;
        QTest::newRow("two bytes a character") << QByteArray("\0O\0K", 4) << 1000 << u"OK"_s;
        QTest::newRow("trailing NULs") << QByteArray("Ready\0\0\0junk", 12) << 0 << u"Ready"_s;
        QTest::newRow("control characters") << QByteArray("a\x01\x1b[0mb\x7f") << 0 << u"a[0mb"_s;
        QTest::newRow("line ends are spaces") << QByteArray("SLEEP   \rCHECK \n") << 0 << u"SLEEP CHECK"_s;
        QTest::newRow("an unknown charset") << QByteArray("caf\xe9") << 9999 << u"café"_s;
        QTest::newRow("nothing") << QByteArray() << 0 << QString();
    }
    void readsTextInTheCharsetItIsIn()
    {
        QFETCH(QByteArray, octets);
        QFETCH(int, charset);
        QTEST(decodeText(octets, charset), "text");
    }

    void keepsTheLinesOfAPanel() { QCOMPARE(decodeText("SLEEP   \r\n  \nCHECK", 0, true), u"SLEEP\nCHECK"_s); }

    void cutsLongTextBetweenCharacters()
    {
        const QByteArray octets = QByteArray(maxTextBytes - 1, 'x') + "ü and more";
        QCOMPARE(decodeText(octets), QString(maxTextBytes - 1, u'x'));
    }

    void dropsTheWritingDirectionOfAnAttacker() { QCOMPARE(decodeText(u"a\u202eb"_s.toUtf8()), u"ab"_s); }

    void readsPmlStringsWithTheirPrefix()
    {
        QCOMPARE(decodePml(QByteArray::fromHex("0115564e4352433438313938")), u"VNCRC48198"_s);
        QCOMPARE(decodePml(QByteArray::fromHex("fde8c3bc")), u"ü"_s);
        QCOMPARE(decodePml(QByteArray::fromHex("0115")), QString());
        QCOMPARE(decodePml("plain"), u"plain"_s);
    }

    void readsBrothersCounters()
    {
        const QByteArray blob = QByteArray::fromHex("00010400000d3802010400000c7f010104000000b90601040000 05a5ff");
        QCOMPARE(decodeBrotherRecord(blob, 0), std::optional<qint64>(3384));
        QCOMPARE(decodeBrotherRecord(blob, 2), std::optional<qint64>(3199));
        QCOMPARE(decodeBrotherRecord(blob, 6), std::optional<qint64>(1445));
        QCOMPARE(decodeBrotherRecord(blob, 9), std::nullopt);
        QCOMPARE(decodeBrotherRecord(QByteArray::fromHex("a1010204"), 0xa1), std::nullopt); // cut
        QCOMPARE(decodeBrotherRecord(QByteArray::fromHex("830101014101010a"), 0x41),
            std::optional<qint64>(10)); // one-byte values
        QCOMPARE(
            decodeBrotherRecord(QByteArray::fromHex("4101010341010400000064"), 0x41, 4), std::optional<qint64>(100));
        QCOMPARE(decodeBrotherRecord(QByteArray::fromHex("41010103"), 0x41, 4), std::nullopt); // a state, not a number
        QCOMPARE(decodeBrotherRecord({}, 0), std::nullopt);
    }

    void readsDeviceIds_data()
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("value");
        QTest::newRow("short") << u"MFG:HP;CMD:PJL;MDL:HP LaserJet; CLS:PRINTER;"_s << u"MDL"_s << u"HP LaserJet"_s;
        QTest::newRow("long") << u"MANUFACTURE:OKI UK LTD;COMMAND SET:PCL;MODEL:MC873;"_s << u"MFG"_s
                              << u"OKI UK LTD"_s;
        QTest::newRow("serial number spelt SER") << u"MFG:Kyocera;SER:VD21457943;"_s << u"SN"_s << u"VD21457943"_s;
        QTest::newRow("missing") << u"MFG:HP;"_s << u"MDL"_s << QString();
        QTest::newRow("no id at all") << u"hello: world"_s << u"MDL"_s << QString();
        QTest::newRow("a key within a value") << u"CMD:X;COMMENT:MDL;"_s << u"MDL"_s << QString();
    }
    void readsDeviceIds()
    {
        QFETCH(QString, id);
        QFETCH(QString, key);
        QTEST(decode1284(id, key), "value");
    }

    void skipsTheLengthBeforeADeviceId()
    {
        const Decoding decoding{Decoding::Kind::DeviceId, u"MFG"_s, 0, {}};
        QCOMPARE(decoding.text(snmp::Value::text(QByteArray("\0\x0cMFG:HP;", 9))), u"HP"_s);
    }

    void readsNumbersInTheirDisguises()
    {
        QCOMPARE(decodeNumber(snmp::Value::integer(-3)), std::optional<qint64>(-3));
        QCOMPARE(decodeNumber(snmp::Value::text(" 1234 ")), std::optional<qint64>(1234));
        QCOMPARE(decodeNumber(snmp::Value::text(QByteArray::fromHex("00000a5c"))), std::optional<qint64>(2652));
        QCOMPARE(decodeNumber(snmp::Value::text("1,234 pages")), std::nullopt);
        QCOMPARE(decodeNumber(snmp::Value::text("abcd")), std::nullopt);
        QCOMPARE(decodeNumber(snmp::Value::text("")), std::nullopt);
        QCOMPARE(decodeNumber({}), std::nullopt);
    }

    void countsNeverDownToNegatives()
    {
        const Decoding number{Decoding::Kind::Number, {}, 0, {}};
        QCOMPARE(number.count(snmp::Value::integer(0)), std::optional<qint64>(0));
        QCOMPARE(number.count(snmp::Value::integer(-1)), std::nullopt);
        QCOMPARE(number.count(snmp::Value{snmp::Value::Type::Counter32, 0xffff'fffe, {}, {}}), std::nullopt);
        QCOMPARE(number.count(snmp::Value{snmp::Value::Type::NoSuchObject, 0, {}, {}}), std::nullopt);
        QCOMPARE(number.count(snmp::Value{snmp::Value::Type::Counter64, 4'300'000'000, {}, {}}), std::optional<qint64>(4'300'000'000));
        QCOMPARE(number.count(snmp::Value{snmp::Value::Type::Counter64, std::numeric_limits<qint64>::max(), {}, {}}), std::nullopt);
    }

    void readsMacAddresses()
    {
        QCOMPARE(decodeMac(snmp::Value::text(QByteArray::fromHex("14cb19952ea0"))), u"14:cb:19:95:2e:a0"_s);
        QCOMPARE(decodeMac(snmp::Value::text("0040CA9F3491")), u"00:40:ca:9f:34:91"_s);
        QCOMPARE(decodeMac(snmp::Value::text("00-40-CA-9F-34-91")), u"00:40:ca:9f:34:91"_s);
        QCOMPARE(decodeMac(snmp::Value::text(QByteArray(6, '\0'))), QString());
        QCOMPARE(decodeMac(snmp::Value::text(QByteArray(6, '\xff'))), QString());
        QCOMPARE(decodeMac(snmp::Value::text("")), QString());
        QCOMPARE(decodeMac(snmp::Value::text("not a MAC at all")), QString());
    }

    void normalisesSerialNumbers_data()
    {
        QTest::addColumn<QString>("raw");
        QTest::addColumn<QString>("serial");
        QTest::newRow("as it is") << u"VNCRC48198"_s << u"VNCRC48198"_s;
        QTest::newRow("zeros belong to it") << u"000A5J431816"_s << u"000A5J431816"_s;
        QTest::newRow("labelled") << u"S/N: MY7CM4C02M "_s << u"MY7CM4C02M"_s;
        QTest::newRow("quoted") << u"\"ABC123\""_s << u"ABC123"_s;
        QTest::newRow("starts like a label") << u"SN12345678"_s << u"SN12345678"_s;
        QTest::newRow("placeholder") << u"XXXXXXXXXX"_s << QString();
        QTest::newRow("zeros") << u"0000000000"_s << QString();
        QTest::newRow("unknown") << u"Unknown"_s << QString();
        QTest::newRow("too long") << QString(65, u'a').replace(0, 1, u'b') << QString();
        QTest::newRow("empty") << QString() << QString();
    }
    void normalisesSerialNumbers()
    {
        QFETCH(QString, raw);
        QTEST(normalisedSerial(raw), "serial");
    }
};

PLATEN_TEST(DecodersTest)
#include "DecodersTest.moc"
