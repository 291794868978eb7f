// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Console.h"

#include <console/screens/Catalogue.h>
#include <testkit/Program.h>

#include <QLabel>
#include <QTableView>
#include <QToolButton>

using namespace Qt::StringLiterals;
using namespace platen;
using namespace platen::test;

class FrameTest : public QObject {
    Q_OBJECT

private slots:
    void opensEveryScreenOfTheCatalogue()
    {
        FakeServer fake(10);
        QVERIFY(fake.listen());
        Console console;
        console.logIn(fake);
        QVERIFY(eventually([&] { return console.isInside(); }));
        QVERIFY(!console::catalogue().isEmpty());
        for (const console::ScreenRow& row : console::catalogue()) {
            console.click(qPrintable(u"navigate-"_s + row.id));
            QVERIFY2(console.window.frame()->screen(row.id)->isVisible(), qPrintable(row.id));
            QCOMPARE(console.find<QLabel>("pageTitle")->text(), row.words());
        }
    }

    void comesBackAfterACutAndKeepsTheLastData()
    {
        FakeServer fake(60);
        QVERIFY(fake.listen());
        Console console;
        console.logIn(fake);
        auto* pill = [&] {
            eventually([&] { return console.isInside(); });
            return console.find<QToolButton>("connectionPill");
        }();
        QVERIFY(eventually([&] { return pill->text().contains("Connected"_L1) && console.find<QTableView>("deviceTable")->model()->rowCount() == 60; }));
        const int subscriptions = fake.calls(u"subscribe"_s);

        fake.stop();
        QVERIFY(eventually([&] { return pill->text().contains("Reconnecting"_L1); }));
        QVERIFY(console.find("connectionBanner")->isVisible());
        QCOMPARE(console.find<QTableView>("deviceTable")->model()->rowCount(), 60);
        console.picture("reconnecting");

        QVERIFY(fake.listen()); // the same port
        QTest::mouseClick(pill, Qt::LeftButton);
        QVERIFY(eventually([&] { return pill->text().contains("Connected"_L1); }));
        QCOMPARE(fake.calls(u"login"_s), 1); // the session was taken up by its token
        QVERIFY(eventually([&] { return fake.calls(u"subscribe"_s) > subscriptions; }));
        QVERIFY(!console.find("connectionBanner")->isVisible());
    }

    void asksToLogInAgainWhenTheSessionIsGone()
    {
        FakeServer fake(5);
        QVERIFY(fake.listen());
        Console console;
        console.logIn(fake);
        QVERIFY(eventually([&] { return console.isInside(); }));
        fake.forgetSessions();
        fake.dropConnections();
        QVERIFY(eventually([&] { return console.server.state() == console::ServerConnection::State::Waiting; }));
        console.server.retryNow();
        QVERIFY(eventually([&] { return !console.isInside() && console.find("loginBanner")->isVisible(); }));
        QVERIFY(!console.find<QLineEdit>("name")->text().isEmpty());
    }

    void changesTheThemeLive()
    {
        FakeServer fake(5);
        QVERIFY(fake.listen());
        Console console;
        console.logIn(fake);
        QVERIFY(eventually([&] { return console.isInside(); }));
        console.find<QAction>("theme-dark")->trigger();
        QCOMPARE(console.window.palette().color(QPalette::Window), widgets::Colors::forDark().canvas);
        QCOMPARE(console.settings.value("theme").toString(), u"dark"_s);
        console.find<QAction>("theme-light")->trigger();
        QCOMPARE(console.window.palette().color(QPalette::Window), widgets::Colors::light().canvas);
    }
};

PLATEN_TEST(FrameTest)
#include "FrameTest.moc"
