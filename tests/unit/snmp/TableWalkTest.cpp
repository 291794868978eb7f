// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <snmp/TableWalk.h>

#include <QTest>

using namespace platen::snmp;

namespace {

const Oid names{1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 6};
const Oid levels{1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 9};
const Oid beyond{1, 3, 6, 1, 2, 1, 43, 12};

VarBind at(const Oid& column, quint32 row) { return {column + 1 + row, Value::integer(row)}; }

} // namespace

class TableWalkTest : public QObject {
    Q_OBJECT

private slots:
    void asksAgainForWhatAShortAnswerLeftOut()
    {
        TableWalk walk({names, levels}, 8, {});
        const auto first = walk.next();
        QVERIFY(first);
        QCOMPARE(first->oids.size(), 2);
        walk.take(*first, {at(names, 1)}); // the row was cut: no level

        const auto second = walk.next();
        QVERIFY(second);
        QCOMPARE(second->oids, (QList<Oid>{names + 1 + 1, levels}));
        walk.take(*second, {{beyond, Value::integer(0)}, at(levels, 1)});
        const auto third = walk.next();
        QVERIFY(third);
        QCOMPARE(third->oids, (QList<Oid>{levels + 1 + 1}));
        walk.take(*third, {{beyond, Value::integer(0)}});
        QVERIFY(!walk.next());
    }
};

QTEST_GUILESS_MAIN(TableWalkTest)
#include "TableWalkTest.moc"
