// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <snmp/Ber.h>
#include <snmp/Message.h>
#include <testkit/Program.h>

#include <QTemporaryFile>
#include <QTest>

#include <unistd.h>

using namespace platen;
using namespace platen::snmp;

class BerTest : public QObject {
    Q_OBJECT

private slots:
    void writesAndReadsNumbers_data()
    {
        QTest::addColumn<qint64>("number");
        QTest::addColumn<QByteArray>("bytes");
        const auto row = [](qint64 number, const char* bytes) {
            QTest::addRow("%lld", static_cast<long long>(number)) << number << QByteArray(bytes);
        };
        row(0, "020100");
        row(127, "02017f");
        row(128, "02020080");
        row(-1, "0201ff");
        row(-128, "020180");
        row(-129, "0202ff7f");
        row(0x7fffffff, "02047fffffff");
        row(std::numeric_limits<qint64>::max(), "02087fffffffffffffff");
        row(std::numeric_limits<qint64>::min(), "02088000000000000000");
    }
    void writesAndReadsNumbers()
    {
        QFETCH(qint64, number);
        QTEST(ber::integer(number).toHex(), "bytes");
        const QByteArray bytes = ber::integer(number);
        ber::Reader reader(bytes);
        QCOMPARE(reader.integer(), number);
        QVERIFY(reader.isAtEnd());
    }

    void writesObjectIds_data()
    {
        QTest::addColumn<QString>("oid");
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("sysDescr") << "1.3.6.1.2.1.1.1.0" << QByteArray("06082b06010201010100");
        QTest::newRow("large arcs") << "1.3.6.1.4.1.4294967295.128.16384"
                                    << QByteArray("060f2b060104018fffffff7f8100818000");
        QTest::newRow("a large second arc") << "2.999.3" << QByteArray("0603883703");
        QTest::newRow("the shortest") << "1.3" << QByteArray("06012b");
    }
    void writesObjectIds()
    {
        QFETCH(QString, oid);
        QTEST(ber::objectId(*Oid::parse(oid)).toHex(), "bytes");
    }

    void writesLengths_data()
    {
        QTest::addColumn<qsizetype>("length");
        QTest::addColumn<QByteArray>("head");
        QTest::newRow("short") << qsizetype(127) << QByteArray("047f");
        QTest::newRow("one octet") << qsizetype(128) << QByteArray("048180");
        QTest::newRow("two octets") << qsizetype(256) << QByteArray("04820100");
        QTest::newRow("the longest") << qsizetype(65'535) << QByteArray("0482ffff");
    }
    void writesLengths()
    {
        QFETCH(qsizetype, length);
        QFETCH(QByteArray, head);
        const QByteArray content(length, 'x');
        const QByteArray bytes = ber::octetString(content);
        QCOMPARE(bytes.first(head.size() / 2).toHex(), head);
        ber::Reader reader(bytes);
        QVERIFY(reader.content(ber::octetStringTag) == content);
    }

    void readsNothingThatDoesNotFit_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        for (const char* bytes : {"", "02", "0201", "0202ff", "0280", "02840000", "02847fffffff00", "0284ffffffff00",
                 "028500000000010a", "0200", "0209000000000000000000", "040101"})
            QTest::newRow(*bytes ? bytes : "no byte") << QByteArray::fromHex(bytes);
    }
    void readsNothingThatDoesNotFit()
    {
        QFETCH(QByteArray, bytes);
        ber::Reader reader(bytes);
        QVERIFY(!reader.integer());
        QVERIFY(reader.rest() == bytes);
    }

    void encodesARequestOfV2c()
    {
        Question question;
        question.oids = {Oid{1, 3, 6, 1, 2, 1, 1, 1, 0}};
        QCOMPARE(encoded(question, 1).toHex(),
            QByteArray("302602010104067075626c6963a019020101020100020100300e300c06082b060102010101000500"));
        question.kind = Question::Kind::GetBulk;
        question.maxRepetitions = 10;
        QVERIFY(encoded(question, 1).toHex().contains("a51902010102010002010a"));
    }

    void takesAnswersOnly_data()
    {
        QTest::addColumn<QByteArray>("message");
        QTest::newRow("a request") << QByteArray(
            "302602010104067075626c6963a019020101020100020100300e300c06082b060102010101000500");
        QTest::newRow("SNMPv2p") << QByteArray(
            "302602010204067075626c6963a219020101020100020100300e300c06082b060102010101000500");
        QTest::newRow("nothing inside") << QByteArray("3000");
    }
    void takesAnswersOnly()
    {
        QFETCH(QByteArray, message);
        const QByteArray answer =
            QByteArray::fromHex("302602010104067075626c6963a219020101020100020100300e300c06082b060102010101000500");
        QVERIFY(parsed(answer));
        const QByteArray bytes = QByteArray::fromHex(message);
        QVERIFY(!parsed(bytes));
    }

    void keepsTheLibraryFromStderr()
    {
        const QByteArray odd =
            QByteArray::fromHex("302602010104067075626c6963a919020101020100020100300e300c06082b060102010101000500");
        QTemporaryFile file;
        QVERIFY(file.open());
        const int kept = dup(STDERR_FILENO);
        dup2(file.handle(), STDERR_FILENO);
        const bool isAnswer = parsed(odd).has_value();
        dup2(kept, STDERR_FILENO);
        close(kept);
        QVERIFY(!isAnswer);
        file.seek(0);
        QCOMPARE(file.readAll(), QByteArray());
    }
};

PLATEN_TEST(BerTest)
#include "BerTest.moc"
