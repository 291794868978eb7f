// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <snmp/Oid.h>
#include <testkit/Program.h>

#include <QTest>

#include <malloc.h>

using namespace Qt::StringLiterals;
using namespace platen;
using namespace platen::snmp;

class OidTest : public QObject {
    Q_OBJECT

private slots:
    void readsNumbersWithDots()
    {
        QCOMPARE(Oid::parse(u"1.3.6.1.4.1.4294967295"), (Oid{1, 3, 6, 1, 4, 1, 4294967295}));
        QCOMPARE(Oid::parse(u".1.3"), (Oid{1, 3}));
        QCOMPARE(Oid::parse(u".1.3.6.1.2.1.43")->toString(), u"1.3.6.1.2.1.43"_s);
    }

    void refusesAnythingElse_data()
    {
        QTest::addColumn<QString>("text");
        for (const char* text : {"", ".", "1..3", "1.3.", "..1", "1.x", "-1.3", "+1.3", "1. 3", "1.4294967296", "sysDescr.0", "1,3"})
            QTest::newRow(text) << QString::fromLatin1(text);
        QTest::newRow("129 arcs") << u"1"_s + u".1"_s.repeated(128);
    }

    void refusesAnythingElse()
    {
        QFETCH(QString, text);
        const Result<Oid> oid = Oid::parse(text);
        QVERIFY(!oid);
        QCOMPARE(oid.error().code, ErrorCode::InvalidInput);
        QVERIFY(oid.error().detail.contains(text));
    }

    void acceptsTheLongestThatSnmpAllows() { QCOMPARE(Oid::parse(u"1"_s + u".1"_s.repeated(127))->size(), Oid::maxArcs); }

    void keepsNoMemoryOfWhatItWasBefore()
    {
        Oid oid;
        const size_t before = mallinfo2().uordblks;
        for (quint32 i = 0; i < 20'000; ++i)
            oid = Oid(std::vector<quint32>(64, i)); // each has a buffer of its own
        const size_t after = mallinfo2().uordblks;
        QVERIFY2(after < before + 100'000, qPrintable(QString::number(after - before)));
    }

    void ordersArcByArc()
    {
        QVERIFY((Oid{1, 3, 6, 9} < Oid{1, 3, 6, 10}));
        QVERIFY((Oid{1, 3, 6} < Oid{1, 3, 6, 0}));
        QVERIFY((Oid{1, 3, 6, 9, 9} < Oid{1, 3, 6, 10}));
        QVERIFY((Oid{1, 3, 4294967295} > Oid{1, 3, 1}));
    }

    void knowsWhatIsBelowARoot()
    {
        const Oid root{1, 3, 6};
        QVERIFY((Oid{1, 3, 6, 1, 2}.startsWith(root)));
        QVERIFY(root.startsWith(root));
        QVERIFY(!(Oid{1, 3}.startsWith(root)));
        QVERIFY(!(Oid{1, 3, 7, 1}.startsWith(root)));
        QCOMPARE((Oid{1, 3, 6, 1, 2}.after(root)), (Oid{1, 2}));
        QVERIFY(root.after(root).isEmpty());
    }

    void growsByArcsAndTails()
    {
        QCOMPARE((Oid{1, 3} + 6), (Oid{1, 3, 6}));
        QCOMPARE((Oid{1, 3} + Oid{6, 1}), (Oid{1, 3, 6, 1}));
    }

    void hashesEqualOidsEqually()
    {
        QCOMPARE(qHash(Oid{1, 3, 6}), qHash(*Oid::parse(u".1.3.6")));
        QVERIFY(qHash(Oid{1, 3, 6}) != qHash(Oid{1, 6, 3}));
    }
};

PLATEN_TEST(OidTest)
#include "OidTest.moc"
