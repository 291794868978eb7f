// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <testkit/Program.h>

#include "Console.h"

#include <QLabel>
#include <QTableView>

using namespace Qt::StringLiterals;
using namespace platen;
using namespace platen::test;

class AgentsScreenTest : public QObject {
    Q_OBJECT

private slots:
    void listsAgentsAndShowsTheirDevices()
    {
        FakeServer fake(100);
        QVERIFY(fake.listen());
        Console console;
        console.logIn(fake);
        QVERIFY(eventually([&] { return console.isInside(); }));
        console.click("navigate-agents");
        auto* table = console.find<QTableView>("agentTable");
        QVERIFY(eventually([&] { return table->model()->rowCount() == 4; }));
        QCOMPARE(console.find<QLabel>("pageTitle")->text(), u"Agents"_s);
        QCOMPARE(table->model()->index(0, 0).data().toString(), u"Graz, warehouse"_s);
        QCOMPARE(table->model()->index(0, 1).data().toString(), u"Silent"_s);
        const int devices = table->model()->index(0, 2).data().toInt();

        emit table->activated(table->model()->index(0, 0));
        QCOMPARE(console.find<QLabel>("pageTitle")->text(), u"Devices"_s);
        QVERIFY(console.find("chip-agent")->isVisible());
        QVERIFY(eventually([&] { return console.find<QTableView>("deviceTable")->model()->rowCount() == devices; }));
        console.click("chip-agent");
        QVERIFY(eventually([&] { return console.find<QTableView>("deviceTable")->model()->rowCount() == 100; }));
    }
};

PLATEN_TEST(AgentsScreenTest)
#include "AgentsScreenTest.moc"
