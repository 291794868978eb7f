// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Console.h"

#include <testkit/Program.h>
#include <widgets/Plot.h>
#include <widgets/SupplyBar.h>

#include <QComboBox>
#include <QLabel>
#include <QTableView>

using namespace Qt::StringLiterals;
using namespace platen;
using namespace platen::test;

class DetailsPaneTest : public QObject {
    Q_OBJECT

    static QJsonObject supply(const QString& index, const QString& name, const QString& supplyClass, const QJsonObject& level)
    {
        return {{u"index"_s, index}, {u"name"_s, name}, {u"kind"_s, u"toner"_s}, {u"class"_s, supplyClass}, {u"color"_s, u"black"_s}, {u"unit"_s, u"percent"_s}, {u"level"_s, level}};
    }

    static bool openFirst(Console& console, const FakeServer& fake)
    {
        console.logIn(fake);
        if (!eventually([&] { return console.isInside() && console.find<QTableView>("deviceTable")->model()->rowCount() > 0; }))
            return false;
        console.find<QTableView>("deviceTable")->selectRow(0);
        return eventually([&] { return console.find("detailsPane")->isVisible() && !console.find<QWidget>("identity")->findChildren<QLabel*>().isEmpty(); });
    }

    static QStringList words(QWidget* widget)
    {
        QStringList words;
        for (const QLabel* label : widget->findChildren<QLabel*>()) {
            if (label->isVisible())
                words.append(label->text());
        }
        return words;
    }

private slots:
    void neverShowsANumberTheDeviceDidNotGive()
    {
        FakeServer fake(1);
        fake.fleet.device(0).reading["supplies"_L1] = QJsonArray{
            supply(u"1.1"_s, u"Some"_s, u"consumed"_s, {{u"kind"_s, u"some"_s}}),
            supply(u"1.2"_s, u"Unknown"_s, u"consumed"_s, {{u"kind"_s, u"unknown"_s}}),
            supply(u"1.3"_s, u"Range"_s, u"consumed"_s, {{u"kind"_s, u"range"_s}, {u"low"_s, 10}, {u"high"_s, 25}}),
            supply(u"1.4"_s, u"Waste"_s, u"filled"_s, {{u"kind"_s, u"percent"_s}, {u"percent"_s, 32}}),
            supply(u"1.5"_s, u"Room"_s, u"filled"_s, {{u"kind"_s, u"some"_s}}),
        };
        QVERIFY(fake.listen());
        Console console;
        QVERIFY(openFirst(console, fake));
        QList<widgets::SupplyBar*> bars;
        QVERIFY(eventually([&] { return (bars = console.find("detailsPane")->findChildren<widgets::SupplyBar*>()).size() == 5; }));
        QStringList said;
        for (const widgets::SupplyBar* bar : std::as_const(bars))
            said.append(bar->accessibleName());
        QCOMPARE(said, QStringList({u"Some: some left"_s, u"Unknown: not reported"_s, u"Range: 10–25 %"_s, u"Waste: 68 % full"_s, u"Room: room left"_s}));
        // A history offers only what has numbers.
        QCOMPARE(console.find<QComboBox>("historyChoice")->findText(u"Unknown"_s, Qt::MatchContains), -1);
        console.picture("details-vague");
    }

    void showsIdentityMetersPanelAndAlerts()
    {
        FakeServer fake(30);
        QVERIFY(fake.listen());
        Console console;
        QVERIFY(openFirst(console, fake));
        const QString serial = console.find<QTableView>("deviceTable")->model()->index(0, 3).data().toString();
        QVERIFY(eventually([&] { return words(console.find("identity")).contains(serial); }));
        QVERIFY(eventually([&] { return words(console.find("meters")).contains(u"Total"_s); }));
        QVERIFY(!console.find<QLabel>("panelText")->text().isEmpty());
        QVERIFY(!words(console.find("alerts")).isEmpty());
    }

    void plotsHistoriesAndItsRanges()
    {
        FakeServer fake(5);
        QVERIFY(fake.listen());
        Console console;
        QVERIFY(openFirst(console, fake));
        auto* plot = console.find<widgets::Plot>("historyPlot");
        QVERIFY(eventually([&] { return plot->pointCount() > 100; }));
        QCOMPARE(plot->range(), widgets::Plot::Range::All); // known for longer than a year
        QVERIFY(fake.lastParameters(u"devices.history"_s)["from"_L1].isNull());
        const int all = plot->pointCount();
        for (QPushButton* button : plot->findChildren<QPushButton*>()) {
            if (button->text() == "30 d"_L1)
                QTest::mouseClick(button, Qt::LeftButton);
        }
        QVERIFY(eventually([&] { return plot->pointCount() < all / 5; }));
        QVERIFY(!fake.lastParameters(u"devices.history"_s)["from"_L1].isNull());
        auto* choice = console.find<QComboBox>("historyChoice");
        choice->setCurrentIndex(choice->count() - 1);
        emit choice->activated(choice->count() - 1);
        QVERIFY(eventually([&] { return fake.calls(u"devices.history"_s) >= 3; }));
    }

    void followsLiveChanges()
    {
        FakeServer fake(5);
        QVERIFY(fake.listen());
        Console console;
        QVERIFY(openFirst(console, fake));
        QVERIFY(eventually([&] { return fake.calls(u"subscribe"_s) > 0 && fake.calls(u"devices.get"_s) > 0; }));
        const QString id = fake.lastParameters(u"devices.get"_s)["id"_L1].toString();
        fake.change(fake.fleet.indexOf(id), [](QJsonObject& row) { row["model"_L1] = u"Renamed 9000"_s; });
        QVERIFY(eventually([&] { return console.find<QLabel>("detailsTitle")->text().contains("Renamed 9000"_L1); }));
    }

    void closesWithEscapeAndOpensWideWithEnter()
    {
        FakeServer fake(5);
        QVERIFY(fake.listen());
        Console console;
        QVERIFY(openFirst(console, fake));
        auto* table = console.find<QTableView>("deviceTable");
        QTest::keyClick(table, Qt::Key_Return);
        QVERIFY(!table->isVisible());
        console.picture("details-wide");
        QTest::keyClick(console.find("detailsPane"), Qt::Key_Escape);
        QVERIFY(table->isVisible() && console.find("detailsPane")->isVisible());
        QTest::keyClick(table, Qt::Key_Escape);
        QVERIFY(!console.find("detailsPane")->isVisible());
    }

    void saysWhyDetailsAreMissing()
    {
        FakeServer fake(5);
        QVERIFY(fake.listen());
        fake.failAlways(u"devices.get"_s, u"storageFailed"_s);
        Console console;
        console.logIn(fake);
        QVERIFY(eventually([&] { return console.isInside() && console.find<QTableView>("deviceTable")->model()->rowCount() > 0; }));
        console.find<QTableView>("deviceTable")->selectRow(0);
        QVERIFY(eventually([&] { return console.find("detailsBanner")->isVisible(); }));
    }
};

PLATEN_TEST(DetailsPaneTest)
#include "DetailsPaneTest.moc"
