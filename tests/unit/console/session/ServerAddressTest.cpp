// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <console/session/ServerAddress.h>
#include <testkit/Program.h>

#include <QTest>

using namespace Qt::StringLiterals;
using namespace platen::console;

class ServerAddressTest : public QObject {
    Q_OBJECT

private slots:
    void understandsWhatPeopleType_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("url");
        QTest::newRow("name") << u" printers.example.com "_s << u"wss://printers.example.com:8443/api/v1/socket"_s;
        QTest::newRow("port") << u"10.0.0.5:9443"_s << u"wss://10.0.0.5:9443/api/v1/socket"_s;
        QTest::newRow("https") << u"https://printers.example.com/console?x#y"_s << u"wss://printers.example.com:8443/api/v1/socket"_s;
        QTest::newRow("plain") << u"http://localhost:8080"_s << u"ws://localhost:8080/api/v1/socket"_s;
        QTest::newRow("IPv6") << u"[::1]:8443"_s << u"wss://[::1]:8443/api/v1/socket"_s;
    }

    void understandsWhatPeopleType()
    {
        QFETCH(QString, typed);
        const auto url = serverUrl(typed);
        QVERIFY(url.has_value());
        QTEST(url->toString(), "url");
    }

    void refusesWhatIsNoAddress_data()
    {
        QTest::addColumn<QString>("typed");
        for (const char* typed : {"", "   ", "ftp://host", "two words", "https://", "https://user:secret@host"})
            QTest::newRow(typed) << QString::fromLatin1(typed);
    }

    void refusesWhatIsNoAddress()
    {
        QFETCH(QString, typed);
        QVERIFY(!serverUrl(typed));
    }

    void showsThePortOnlyWhenItIsUnusual()
    {
        QCOMPARE(shownAddress(serverUrl(u"a.example"_s).value()), u"a.example"_s);
        QCOMPARE(shownAddress(serverUrl(u"a.example:1"_s).value()), u"a.example:1"_s);
    }
};

PLATEN_TEST(ServerAddressTest)
#include "ServerAddressTest.moc"
