// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <snmp/TableWalk.h>
#include <testkit/Program.h>

#include <QTest>

using namespace platen::snmp;

namespace {

const Oid names{1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 6};
const Oid beyond{1, 3, 6, 1, 2, 1, 43, 12};

VarBind at(const Oid& column, quint32 row) { return {column + 1 + row, Value::integer(row)}; }

} // namespace

class TableWalkTest : public QObject {
    Q_OBJECT

private slots:
    void goesOnBehindWhatItFound()
    {
        TableWalk walk(names, {});
        QCOMPARE(walk.next()->after, names);
        walk.take({at(names, 1), at(names, 4)});
        QCOMPARE(walk.next()->after, names + 1 + 4);
        walk.take({{beyond, Value::integer(0)}});
        QVERIFY(!walk.next());
        QVERIFY(walk.trouble().isEmpty());
        QCOMPARE(walk.found().size(), 2);
    }

    void endsWhereADeviceGoesBackwards()
    {
        TableWalk walk(names, {});
        walk.take({at(names, 4), at(names, 2), at(names, 7)});
        QVERIFY(!walk.next());
        QVERIFY(!walk.trouble().isEmpty());
        QCOMPARE(walk.found().size(), 1);
    }

    void asksForLessWhereObjectsAreLong()
    {
        TableWalk walk(names, {});
        const int before = walk.next()->maxRepetitions;
        walk.take({{names + 1 + 1, Value::text(QByteArray(400, 'x'))}});
        QVERIFY(walk.next()->maxRepetitions < before);
        QVERIFY(walk.next()->maxRepetitions >= 1);
    }
};

PLATEN_TEST(TableWalkTest)
#include "TableWalkTest.moc"
