// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "DnsBytes.h"

#include <dnssd/Packet.h>
#include <testkit/Program.h>

#include <QtTest>

using namespace Qt::StringLiterals;
using namespace platen::dnssd;
using platen::ErrorCode;
using platen::test::DnsBytes;
using Type = Question::Type;

class PacketTest : public QObject {
    Q_OBJECT

private slots:
    void writesQuestions()
    {
        const QByteArray bytes =
            query({{u"_ipp._tcp.local."_s, Type::Ptr}, {u"a\\032b._ipp._tcp.local."_s, Type::Srv}});
        QVERIFY(bytes.contains(DnsBytes::name("_ipp._tcp.local") + QByteArray("\0\x0c\0\x01", 4)));
        QVERIFY(bytes.contains("\3a b")); // the space is a space again
        QCOMPARE(bytes.sliced(4, 2), QByteArray("\0\2", 2));
        QVERIFY(!parse(bytes)); // a question is no answer
    }

    void readsRecords()
    {
        const auto records = parse(DnsBytes()
                .ptr("_ipp._tcp.local", "Acme Laser._ipp._tcp.local")
                .srv("Acme Laser._ipp._tcp.local", 631, "ACME.local")
                .txt("Acme Laser._ipp._tcp.local",
                    {"txtvers=1", "TY=Acme Laser 9", "ty=again", "Color", "rp=ipp/print", "=x"})
                .a("acme.local", u"10.0.0.5"_s)
                .done());
        QVERIFY(records);
        QCOMPARE(records->size(), 4);
        QCOMPARE(records->at(0).type, Type::Ptr);
        QCOMPARE(records->at(0).target, u"Acme\\032Laser._ipp._tcp.local."_s);
        QCOMPARE(records->at(1).name, u"acme\\032laser._ipp._tcp.local."_s);
        QCOMPARE(records->at(1).port, 631);
        QCOMPARE(records->at(1).target, u"ACME.local."_s);
        QCOMPARE(records->at(2).text.value(u"ty"_s), u"Acme Laser 9"_s);
        QVERIFY(records->at(2).text.contains(u"color"_s));
        QVERIFY(!records->at(2).text.contains(QString()));
        QCOMPARE(records->at(3).address, QHostAddress(u"10.0.0.5"_s));
    }

    void refusesWhatIsCutAnywhere()
    {
        const QByteArray whole = DnsBytes().srv("x._ipp._tcp.local", 631, "h.local").a("h.local", u"10.0.0.5"_s).done();
        QVERIFY(parse(whole));
        for (qsizetype size = 0; size < whole.size(); ++size)
            QVERIFY2(!parse(whole.first(size)), qPrintable(QString::number(size)));
    }

    void refusesNamesThatPointAtThemselves_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("at itself") << QByteArray("\xc0\x0c");
        QTest::newRow("in a circle") << QByteArray("\1a\xc0\x0c");
        QTest::newRow("beyond the end") << QByteArray("\xff\xff");
        QTest::newRow("too long") << QByteArray("\x3f" + QByteArray(63, 'a')).repeated(5) + '\0';
    }

    void refusesNamesThatPointAtThemselves()
    {
        QFETCH(QByteArray, name);
        QCOMPARE(parse(DnsBytes().add(name, 12, DnsBytes::name("x")).done()).error().code, ErrorCode::Malformed);
    }

    void refusesTooMuch()
    {
        DnsBytes many;
        for (int i = 0; i < 200; ++i)
            many.ptr("_ipp._tcp.local", "x._ipp._tcp.local");
        QCOMPARE(parse(many.done()).error().code, ErrorCode::LimitExceeded);
        QCOMPARE(parse(DnsBytes().done() + QByteArray(9'000, '\0')).error().code, ErrorCode::LimitExceeded);
    }

    void leavesOutRecordsOfWrongSize()
    {
        const auto records = parse(DnsBytes().add(DnsBytes::name("h.local"), 33, "ab").done());
        QVERIFY(!records || records->isEmpty());
    }
};

PLATEN_TEST(PacketTest)
#include "PacketTest.moc"
