// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <snmp/Snmprec.h>
#include <testkit/Program.h>

#include <QTest>

#include <limits>

using namespace Qt::StringLiterals;
using namespace platen;
using namespace platen::snmp;

class SnmprecTest : public QObject {
    Q_OBJECT

private slots:
    void readsEveryType_data();
    void readsEveryType();
    void keepsOctetsAsTheyAre();
    void skipsBlankLinesAndComments();
    void readsFilesWithWindowsLineEnds();
    void readsLinesInAnyOrder();
    void namesTheLineThatIsWrong_data();
    void namesTheLineThatIsWrong();
    void refusesMoreObjectsThanTheLimit();
    void writesHexForAnythingButPlainText();
    void writesNothingForAnException();
};

void SnmprecTest::readsEveryType_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<Value>("value");

    using Type = Value::Type;
    QTest::newRow("INTEGER") << "1.3.6|2|-3"_ba << Value::integer(-3);
    QTest::newRow("OCTET STRING") << "1.3.6|4|Ready"_ba << Value::text("Ready");
    QTest::newRow("empty text") << "1.3.6|4|"_ba << Value::text("");
    QTest::newRow("hexadecimal octets") << "1.3.6|4x|00ff"_ba << Value::text(QByteArray("\x00\xff", 2));
    QTest::newRow("NULL") << "1.3.6|5|"_ba << Value();
    QTest::newRow("OBJECT IDENTIFIER") << "1.3.6|6|1.3.6.1.4.1.11"_ba << Value{Type::ObjectId, 0, {}, Oid{1, 3, 6, 1, 4, 1, 11}};
    QTest::newRow("IpAddress") << "1.3.6|64|10.0.0.255"_ba << Value{Type::IpAddress, 0, QByteArray("\x0a\x00\x00\xff", 4), {}};
    QTest::newRow("Counter32") << "1.3.6|65|4294967295"_ba << Value{Type::Counter32, 4294967295, {}, {}};
    QTest::newRow("Gauge32") << "1.3.6|66|100000000"_ba << Value{Type::Gauge32, 100000000, {}, {}};
    QTest::newRow("TimeTicks") << "1.3.6|67|12"_ba << Value{Type::TimeTicks, 12, {}, {}};
    QTest::newRow("Opaque") << "1.3.6|68x|9f780441200000"_ba << Value{Type::Opaque, 0, QByteArray::fromHex("9f780441200000"), {}};
    QTest::newRow("Counter64") << "1.3.6|70|9000000000"_ba << Value{Type::Counter64, 9000000000, {}, {}};
    QTest::newRow("largest Counter64") << "1.3.6|70|9223372036854775807"_ba << Value{Type::Counter64, std::numeric_limits<qint64>::max(), {}, {}};
}

void SnmprecTest::readsEveryType()
{
    QFETCH(QByteArray, line);
    QFETCH(Value, value);

    const Result<Answers> answers = parseSnmprec(line);
    QVERIFY(answers);
    QCOMPARE(answers->value(Oid{1, 3, 6}), value);
    QCOMPARE(snmprecLine({Oid{1, 3, 6}, value}), line + '\n');
}

void SnmprecTest::keepsOctetsAsTheyAre()
{
    const Result<Answers> answers = parseSnmprec("1.3.6.1|4|a|b \r\n1.3.6.2|4| \\\\x\n.1.3.6.3|64x|0A000001\n1.3.6.4|70|18446744073709551615\n");
    // the first line has a CR, so one is taken off each line
    QVERIFY(answers);
    QCOMPARE((answers->value(Oid{1, 3, 6, 1}).octets), "a|b "_ba);
    QCOMPARE((answers->value(Oid{1, 3, 6, 2}).octets), " \\\\x"_ba);
    QCOMPARE((answers->value(Oid{1, 3, 6, 3}).octets), QByteArray("\x0a\x00\x00\x01", 4));
    QCOMPARE((answers->value(Oid{1, 3, 6, 4}).number), std::numeric_limits<qint64>::max());

    const Result<Answers> unixFile = parseSnmprec("1.3.6.1|2|1\n1.3.6.2|4|line one\r\n");
    QVERIFY(unixFile);
    QCOMPARE((unixFile->value(Oid{1, 3, 6, 2}).octets), "line one\r"_ba);
}

void SnmprecTest::skipsBlankLinesAndComments()
{
    const Result<Answers> answers = parseSnmprec("# a printer\n\n  \n1.3.6|2|1\n\n");
    QVERIFY(answers);
    QCOMPARE(answers->size(), 1);
    QCOMPARE(parseSnmprec("")->size(), 0);
}

void SnmprecTest::readsFilesWithWindowsLineEnds()
{
    const Result<Answers> answers = parseSnmprec("1.3.6.1|4|Ready\r\n1.3.6.2|2|5\r\n");
    QVERIFY(answers);
    QCOMPARE((answers->value(Oid{1, 3, 6, 1}).octets), "Ready"_ba);
    QCOMPARE((answers->value(Oid{1, 3, 6, 2}).number), 5);
}

void SnmprecTest::readsLinesInAnyOrder()
{
    const Result<Answers> answers = parseSnmprec("1.3.6.10|2|10\n1.3.6.9|2|9\n1.3.6.9|2|99\n");
    QVERIFY(answers);
    QCOMPARE(answers->keys(), (QList<Oid>{{1, 3, 6, 9}, {1, 3, 6, 10}}));
    QCOMPARE(answers->first().number, 99);
}

void SnmprecTest::namesTheLineThatIsWrong_data()
{
    QTest::addColumn<QByteArray>("line");

    QTest::newRow("no separators") << "SNMPv2-MIB::sysDescr.0 = hello"_ba;
    QTest::newRow("one separator") << "1.3.6|2"_ba;
    QTest::newRow("no OID") << "sysDescr|4|x"_ba;
    QTest::newRow("unknown type") << "1.3.6|99|1"_ba;
    QTest::newRow("a variation module") << "1.3.6|2:numeric|rate=1"_ba;
    QTest::newRow("hexadecimal number") << "1.3.6|2x|10"_ba;
    QTest::newRow("text as number") << "1.3.6|2|three"_ba;
    QTest::newRow("number too large") << "1.3.6|65|99999999999999999999"_ba;
    QTest::newRow("odd hexadecimal digits") << "1.3.6|4x|abc"_ba;
    QTest::newRow("no hexadecimal digits") << "1.3.6|4x|zz"_ba;
    QTest::newRow("short address") << "1.3.6|64|10.0.0"_ba;
    QTest::newRow("long address in hexadecimal") << "1.3.6|64x|0a00000102"_ba;
    QTest::newRow("address out of range") << "1.3.6|64|10.0.0.256"_ba;
    QTest::newRow("text as OID value") << "1.3.6|6|enterprises.11"_ba;
}

void SnmprecTest::namesTheLineThatIsWrong()
{
    QFETCH(QByteArray, line);

    const Result<Answers> answers = parseSnmprec("1.3.6.1|2|1\n\n" + line + "\n");
    QVERIFY(!answers);
    QCOMPARE(answers.error().code, ErrorCode::Malformed);
    QVERIFY2(answers.error().detail.contains(u"line 3 "_s), qPrintable(answers.error().detail));
}

void SnmprecTest::refusesMoreObjectsThanTheLimit()
{
    const QByteArray three = "1.3.6.1|2|1\n1.3.6.2|2|1\n1.3.6.3|2|1\n";
    QVERIFY(parseSnmprec(three, 3));
    QCOMPARE(parseSnmprec(three, 2).error().code, ErrorCode::LimitExceeded);
}

void SnmprecTest::writesHexForAnythingButPlainText()
{
    const Oid oid{1, 3, 6};
    QCOMPARE(snmprecLine({oid, Value::text("Tray | 2")}), "1.3.6|4|Tray | 2\n"_ba);
    QCOMPARE(snmprecLine({oid, Value::text("padded ")}), "1.3.6|4x|70616464656420\n"_ba);
    QCOMPARE(snmprecLine({oid, Value::text("two\nlines")}), "1.3.6|4x|74776f0a6c696e6573\n"_ba);
    QCOMPARE(snmprecLine({oid, Value::text("Größe")}), "1.3.6|4x|4772c3b6c39f65\n"_ba);
}

void SnmprecTest::writesNothingForAnException()
{
    QVERIFY((snmprecLine({Oid{1, 3, 6}, {Value::Type::NoSuchObject, 0, {}, {}}}).isEmpty()));
}

PLATEN_TEST(SnmprecTest)
#include "SnmprecTest.moc"
