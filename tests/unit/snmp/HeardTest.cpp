// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <snmp/Heard.h>
#include <testkit/Program.h>

#include <QTest>

using namespace platen::snmp;

namespace {

const Oid names{1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 6};
const Oid levels{1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 9};
const Oid beyond{1, 3, 6, 1, 2, 1, 43, 12};

VarBind at(const Oid& column, quint32 row) { return {column + 1 + row, Value::integer(row)}; }

} // namespace

class HeardTest : public QObject {
    Q_OBJECT

private slots:
    void goesOnWhereAShortAnswerEnded()
    {
        Heard heard;
        QCOMPARE(heard.gapBelow(names), std::optional(names));
        heard.takeBulk({{names, levels}, 0, 4}, {at(names, 1), at(levels, 1), at(names, 2)}); // the second row was cut
        QCOMPARE(heard.gapBelow(names), std::optional(names + 1 + 2));
        QCOMPARE(heard.gapBelow(levels), std::optional(levels + 1 + 1));
        heard.takeBulk({{names + 1 + 2, levels + 1 + 1}, 0, 1}, {{beyond, Value::integer(0)}, {levels + 1 + 1, {Value::Type::EndOfMibView, 0, {}, {}}}});
        QVERIFY(!heard.gapBelow(names));
        QVERIFY(!heard.gapBelow(levels));
        QCOMPARE(heard.answers().size(), 4);
    }

    void knowsWhatIsNotThere()
    {
        Heard heard;
        heard.takeBulk({{names}, 0, 3}, {at(names, 1), at(names, 5), {beyond, Value::integer(0)}});
        QVERIFY(heard.knows(names + 1 + 5));
        QVERIFY(heard.knows(names + 1 + 3)); // a hole
        QVERIFY(heard.knows(levels + 1 + 1)); // passed over
        QVERIFY(!heard.knows(beyond + 1));
        heard.takeGet({beyond + 7}, {{beyond + 7, {Value::Type::NoSuchObject, 0, {}, {}}}});
        QVERIFY(heard.knows(beyond + 7));
        QVERIFY(!heard.answers().contains(beyond + 7));
    }

    void leavesADeviceThatGoesBackwards()
    {
        Heard heard;
        heard.takeBulk({{names + 1 + 3}, 0, 3}, {at(names, 4), at(names, 2), at(names, 3)});
        heard.takeBulk({{names}, 0, 3}, {at(names, 1), at(names, 3)});
        QVERIFY(!heard.gapBelow(names));
        QVERIFY(!heard.answers().contains(names + 1 + 2));
        heard.takeBulk({{levels}, 1, 1}, {});
        QVERIFY(!heard.gapBelow(levels)); // it says nothing at all
    }

    void asksOldValuesAgain()
    {
        Heard heard = Heard::everything({{names + 1 + 1, Value::text("Toner")}, {levels + 1 + 1, Value::integer(50)}});
        QVERIFY(heard.knows(levels + 1 + 2));
        heard.refresh(levels + 1 + 1);
        QVERIFY(!heard.knows(levels + 1 + 1));
        QVERIFY(!heard.gapBelow(levels));
        QCOMPARE(heard.staleBelow(levels), QList<Oid>{levels + 1 + 1});
        heard.takeBulk({{levels}, 1, 1}, {at(levels, 1)});
        QVERIFY(heard.knows(levels + 1 + 1));
        heard.reopen(names);
        QCOMPARE(heard.gapBelow(names), std::optional(names));
        QVERIFY(!heard.answers().contains(names + 1 + 1));
    }

    void laysOutRowsSideBySide()
    {
        const QList<Oid> rows{levels + 1 + 1, levels + 1 + 2, levels + 1 + 3};
        const QList<Oid> others{names + 1 + 1, names + 1 + 2, names + 1 + 3};
        const BulkQuestion question = questionFor({{beyond, 1, 4, {}}, {levels, 3, 4, rows}, {names, 3, 20, others}});
        QCOMPARE(question.oids, (QList<Oid>{beyond, levels, names}));
        QCOMPARE(question.nonRepeaters, 1);
        QCOMPARE(question.maxRepetitions, 3);
        QVERIFY(questionFor({}).oids.isEmpty());
    }

    void asksForNoMoreThanAnAnswerHolds()
    {
        QList<Chain> chains;
        for (quint32 i = 0; i < 200; ++i)
            chains += {names + i, 12, 30, {}};
        const BulkQuestion question = questionFor(chains);
        const qsizetype walks = question.oids.size() - question.nonRepeaters;
        QCOMPARE_LE(question.nonRepeaters + walks * question.maxRepetitions, 1400 / 48);
        QCOMPARE_GE(question.nonRepeaters + walks * question.maxRepetitions, 20);
        QCOMPARE(questionFor({{names, 1, 60'000, {}}}).oids, QList<Oid>{names}); // one is always asked
    }
};

PLATEN_TEST(HeardTest)
#include "HeardTest.moc"
