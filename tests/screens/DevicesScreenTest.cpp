// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Console.h"

#include <console/models/DeviceTableModel.h>
#include <testkit/Program.h>

#include <QClipboard>
#include <QHeaderView>
#include <QLabel>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTableView>

using namespace Qt::StringLiterals;
using namespace platen;
using namespace platen::test;
using console::DeviceTableModel;

class DevicesScreenTest : public QObject {
    Q_OBJECT

    static QString cell(QTableView* table, int row, int column) { return table->model()->index(row, column).data().toString(); }

    /// Logged in, the first rows on the screen.
    static bool enter(Console& console, FakeServer& fake)
    {
        console.logIn(fake);
        return eventually([&] { return console.isInside(); })
            && eventually([&] { return console.find<QTableView>("deviceTable")->model()->rowCount() == fake.fleet.devices().size(); });
    }

private slots:
    void showsTheFleetMostUrgentFirst()
    {
        FakeServer fake(300);
        QVERIFY(fake.listen());
        Console console;
        QVERIFY(enter(console, fake));
        auto* table = console.find<QTableView>("deviceTable");
        QCOMPARE(console.find<QLabel>("pageCount")->text(), u"300"_s);
        const auto first = table->model()->index(0, 0).data(DeviceTableModel::RowRole).value<console::DeviceRow>();
        QCOMPARE(first.state, widgets::DeviceState::Error);
        QVERIFY(eventually([&] { return console.find<QPushButton>("chip-error")->text().contains(u' '); }));
    }

    void asksTheServerToSort()
    {
        FakeServer fake(300);
        QVERIFY(fake.listen());
        Console console;
        QVERIFY(enter(console, fake));
        auto* table = console.find<QTableView>("deviceTable");
        table->horizontalHeader()->setSortIndicator(DeviceTableModel::TotalMeter, Qt::DescendingOrder);
        const QString most = [&] {
            qint64 best = 0;
            for (const auto& device : fake.fleet.devices())
                best = std::max(best, device.row["totalMeter"_L1].toObject()["value"_L1].toInteger());
            return QLocale().toString(best);
        }();
        QVERIFY(eventually([&] { return cell(table, 0, DeviceTableModel::TotalMeter).startsWith(most); }));
    }

    void keepsTheSortWhenAColumnCannotBeSorted()
    {
        FakeServer fake(10);
        QVERIFY(fake.listen());
        Console console;
        QVERIFY(enter(console, fake));
        auto* header = console.find<QTableView>("deviceTable")->horizontalHeader();
        header->setSortIndicator(DeviceTableModel::Agent, Qt::AscendingOrder);
        QCOMPARE(header->sortIndicatorSection(), int(DeviceTableModel::State));
    }

    void filtersByStateAndSearches()
    {
        FakeServer fake(300);
        QVERIFY(fake.listen());
        Console console;
        QVERIFY(enter(console, fake));
        auto* table = console.find<QTableView>("deviceTable");
        console.click("chip-offline");
        QVERIFY(eventually([&] { return table->model()->rowCount() < 300 && cell(table, 0, DeviceTableModel::State) == "Offline"_L1; }));
        const int offline = table->model()->rowCount();
        console.click("chip-error"); // both
        QVERIFY(eventually([&] { return table->model()->rowCount() > offline; }));
        console.click("chip-all");
        QVERIFY(eventually([&] { return table->model()->rowCount() == 300; }));
        console.type("search", u"ricoh"_s);
        QVERIFY(eventually([&] { return table->model()->rowCount() < 60 && cell(table, 0, DeviceTableModel::Manufacturer) == "Ricoh"_L1; }));
    }

    void takesLettersTypedIntoTheTableAsASearch()
    {
        FakeServer fake(50);
        QVERIFY(fake.listen());
        Console console;
        QVERIFY(enter(console, fake));
        QTest::keyClick(console.find<QTableView>("deviceTable"), Qt::Key_Z);
        QCOMPARE(console.find<QLineEdit>("search")->text(), u"z"_s);
    }

    void saysWhenNothingMatchesAndClearsTheFilters()
    {
        FakeServer fake(40);
        QVERIFY(fake.listen());
        Console console;
        QVERIFY(enter(console, fake));
        console.type("search", u"there is no such thing"_s);
        QVERIFY(eventually([&] { return console.find("devicesEmpty")->isVisible(); }));
        console.picture("devices-nomatch");
        QTest::mouseClick(console.find("devicesEmpty")->findChild<QPushButton*>(), Qt::LeftButton);
        QVERIFY(eventually([&] { return console.find("deviceTable")->isVisible() && console.find<QTableView>("deviceTable")->model()->rowCount() == 40; }));
        QVERIFY(console.find<QLineEdit>("search")->text().isEmpty());
    }

    void saysThatThereAreNoPrintersYet()
    {
        FakeServer fake(0);
        QVERIFY(fake.listen());
        Console console;
        console.logIn(fake);
        QVERIFY(eventually([&] { return console.isInside() && console.find("devicesEmpty")->isVisible(); }));
    }

    void showsAnErrorWithRetry()
    {
        FakeServer fake(40);
        QVERIFY(fake.listen());
        Console console;
        QVERIFY(enter(console, fake));
        fake.failNext(u"devices.list"_s, u"storageFailed"_s);
        QCOMPARE(QApplication::activeWindow(), &console.window); // no part of it became a window of its own
        QTest::keyClick(&console.window, Qt::Key_F5);
        QVERIFY(eventually([&] { return console.find("devicesBanner")->isVisible(); }));
        QCOMPARE(console.find<QTableView>("deviceTable")->model()->rowCount(), 40); // the last data stays
        QTest::mouseClick(console.find("devicesBanner")->findChild<QPushButton*>(), Qt::LeftButton);
        QVERIFY(eventually([&] { return !console.find("devicesBanner")->isVisible(); }));
    }

    void patchesRowsInPlaceAndKeepsSelectionAndScrolling()
    {
        FakeServer fake(300);
        QVERIFY(fake.listen());
        Console console;
        QVERIFY(enter(console, fake));
        auto* table = console.find<QTableView>("deviceTable");
        table->verticalScrollBar()->setValue(32 * 40);
        table->selectRow(45);
        const auto device = table->model()->index(45, 0).data(DeviceTableModel::RowRole).value<console::DeviceRow>();
        const int scrolled = table->verticalScrollBar()->value();
        QSignalSpy resets(table->model(), &QAbstractItemModel::modelReset);
        QSignalSpy layouts(table->model(), &QAbstractItemModel::layoutChanged);

        QVERIFY(eventually([&] { return fake.calls(u"subscribe"_s) > 0; }));
        const int index = fake.fleet.indexOf(device.id);
        fake.change(index, [](QJsonObject& row) { row["location"_L1] = u"Moved to the cellar"_s; });
        QVERIFY(eventually([&] { return cell(table, 45, DeviceTableModel::Location) == "Moved to the cellar"_L1; }));
        QCOMPARE(table->currentIndex().row(), 45);
        QCOMPARE(table->selectionModel()->selectedRows().size(), 1);
        QCOMPARE(table->verticalScrollBar()->value(), scrolled);
        QCOMPARE(resets.count() + layouts.count(), 0);
    }

    void keepsTheSelectedDeviceWhenRowsMove()
    {
        FakeServer fake(300);
        QVERIFY(fake.listen());
        Console console;
        QVERIFY(enter(console, fake));
        auto* table = console.find<QTableView>("deviceTable");
        table->selectRow(20);
        const QString id = table->model()->index(20, 0).data(DeviceTableModel::RowRole).value<console::DeviceRow>().id;
        const QString above = table->model()->index(3, 0).data(DeviceTableModel::RowRole).value<console::DeviceRow>().id;
        QVERIFY(eventually([&] { return fake.calls(u"subscribe"_s) > 0; }));
        fake.change(fake.fleet.indexOf(above), [](QJsonObject& row) { row["state"_L1] = u"sleeping"_s; }); // sorts to the end
        fake.sendReload();
        QVERIFY(eventually([&] { return table->currentIndex().row() == 19; }));
        QCOMPARE(table->currentIndex().siblingAtColumn(0).data(DeviceTableModel::RowRole).value<console::DeviceRow>().id, id);
        QCOMPARE(table->selectionModel()->selectedRows().first().row(), 19);
    }

    void keepsTheSelectedDeviceThroughSearchesAndSorting()
    {
        FakeServer fake(300);
        QVERIFY(fake.listen());
        Console console;
        QVERIFY(enter(console, fake));
        auto* table = console.find<QTableView>("deviceTable");
        const auto deviceAt = [&](const QModelIndex& index) { return index.siblingAtColumn(0).data(DeviceTableModel::RowRole).value<console::DeviceRow>().id; };
        table->selectRow(5);
        const QString id = deviceAt(table->currentIndex());
        const auto isSelected = [&] {
            const QModelIndexList rows = table->selectionModel()->selectedRows();
            return rows.size() == 1 && deviceAt(rows.first()) == id && deviceAt(table->currentIndex()) == id;
        };

        table->horizontalHeader()->setSortIndicator(DeviceTableModel::State, Qt::DescendingOrder); // it is behind the first page now
        QVERIFY(eventually([&] { return !table->currentIndex().isValid(); }));
        QCOMPARE(table->verticalScrollBar()->value(), 0);
        table->scrollToBottom();
        QVERIFY(eventually(isSelected));

        console.type("search", u"there is no such thing"_s);
        QVERIFY(eventually([&] { return table->model()->rowCount() == 0; }));
        table->horizontalHeader()->setSortIndicator(DeviceTableModel::State, Qt::AscendingOrder);
        console.find<QLineEdit>("search")->clear();
        QVERIFY(eventually(isSelected));
        QVERIFY(console.find("detailsPane")->isVisible());
    }

    void givesColumnsTheWidthOfWhatStandsInThem()
    {
        FakeServer fake(20);
        fake.change(0, [](QJsonObject& row) { row["manufacturer"_L1] = u"Konica Minolta"_s; });
        QVERIFY(fake.listen());
        Console console;
        QVERIFY(enter(console, fake));
        auto* table = console.find<QTableView>("deviceTable");
        const int wanted = QFontMetrics(widgets::fonts::numbers()).horizontalAdvance(u"Konica Minolta"_s) + 16;
        QVERIFY(eventually([&] { return table->columnWidth(DeviceTableModel::Manufacturer) >= wanted; }));
    }

    void fetchesPagesWhenTheyAreLookedAt()
    {
        FakeServer fake(3000);
        QVERIFY(fake.listen());
        Console console;
        QVERIFY(enter(console, fake));
        auto* table = console.find<QTableView>("deviceTable");
        const auto isThere = [&](int row) { return static_cast<DeviceTableModel*>(table->model())->row(row) != nullptr; };
        QVERIFY(isThere(99) && !isThere(2999));
        table->scrollToBottom();
        QVERIFY(eventually([&] { return isThere(2999); }));
        QVERIFY(!isThere(1500)); // what was jumped over was not asked for
    }

    void copiesRowsAsTabSeparatedText()
    {
        FakeServer fake(250);
        QVERIFY(fake.listen());
        Console console;
        QVERIFY(enter(console, fake));
        auto* table = console.find<QTableView>("deviceTable");
        table->selectAll();
        QGuiApplication::clipboard()->clear();
        QTest::keySequence(table, QKeySequence::Copy);
        QVERIFY(eventually([] { return QGuiApplication::clipboard()->text().count(u'\n') == 251; })); // rows never shown are there too
        const QStringList lines = QGuiApplication::clipboard()->text().split(u'\n');
        QVERIFY(lines[0].startsWith("State\tMaker\tModel"_L1));
        QCOMPARE(lines[250].count(u'\t'), lines[0].count(u'\t'));
    }

    void remembersColumns()
    {
        FakeServer fake(10);
        QVERIFY(fake.listen());
        Console console;
        QVERIFY(enter(console, fake));
        auto* table = console.find<QTableView>("deviceTable");
        table->horizontalHeader()->resizeSection(DeviceTableModel::Model, 321);
        table->horizontalHeader()->setSortIndicator(DeviceTableModel::Model, Qt::DescendingOrder);
        QMetaObject::invokeMethod(console.find<QAction>("logout"), &QAction::trigger);
        QVERIFY(eventually([&] { return !console.isInside(); }));
        QVERIFY(enter(console, fake));
        table = console.find<QTableView>("deviceTable");
        QCOMPARE(table->columnWidth(DeviceTableModel::Model), 321);
        QCOMPARE(table->horizontalHeader()->sortIndicatorSection(), int(DeviceTableModel::Model));
    }

    void showsGreyRowsWhileTheServerThinks()
    {
        FakeServer fake(40);
        QVERIFY(fake.listen());
        fake.holdAnswers(u"devices.list"_s);
        Console console;
        console.logIn(fake);
        QVERIFY(eventually([&] { return console.isInside() && fake.calls(u"devices.list"_s) > 0; }));
        QVERIFY(!console.find("devicesEmpty")->isVisible());
        console.picture("devices-loading");
    }
};

PLATEN_TEST(DevicesScreenTest)
#include "DevicesScreenTest.moc"
