// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <server/store/DeviceSearch.h>
#include <testkit/Program.h>

#include <QTest>

using namespace platen::store;
using namespace Qt::StringLiterals;

class DeviceSearchTest : public QObject {
    Q_OBJECT

private slots:
    void ordersAddressesByNumber()
    {
        const QStringList ordered{u"9.255.255.255"_s, u"10.0.0.2"_s, u"10.0.0.10"_s, u"10.0.1.1"_s, u"192.0.2.1"_s,
            u"2001:db8::2"_s, u"2001:db8::10"_s, u"fe80::1"_s};
        for (qsizetype i = 1; i < ordered.size(); ++i)
            QVERIFY2(addressKey(ordered[i - 1]) < addressKey(ordered[i]), qPrintable(ordered[i]));
        QCOMPARE(addressKey(u"10.0.0.5"_s), u"00000000000000000000ffff0a000005"_s);
    }

    void givesNothingForWhatIsNoAddress()
    {
        for (const QString& text : {u""_s, u"usb:1"_s, u"printer.example.org"_s, u"10.0.0.256"_s, u"10.0.0.5; DROP"_s})
            QVERIFY2(addressKey(text).isEmpty(), qPrintable(text));
    }
};

PLATEN_TEST(DeviceSearchTest)
#include "DeviceSearchTest.moc"
