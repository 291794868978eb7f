// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <agent/engine/Mask.h>
#include <protocol/ReadingCodec.h>
#include <testkit/Program.h>

#include <QTest>

using namespace platen;
using namespace Qt::StringLiterals;
using agent::Mask;

class MaskTest : public QObject {
    Q_OBJECT

    static model::Reading reading()
    {
        model::Reading reading;
        reading.address = u"10.0.0.5"_s;
        reading.identity.manufacturer = u"HP"_s;
        reading.identity.location = u"Room 5"_s;
        reading.identity.description = u"HP at 10.0.0.5, not 10.0.0.51"_s;
        reading.status.display = {u"Ready"_s, u"IP 10.0.0.5"_s};
        reading.misc = {{profiles::hostNameKey, u"copier-5"_s}, {u"note"_s, u"ask Copier-5, not copier-50"_s}};
        return reading;
    }

private slots:
    void leavesTheHostNameInsideUnlessTold()
    {
        const model::Reading sent = agent::masked(reading(), {});
        QVERIFY(!sent.misc.contains(profiles::hostNameKey));
        QCOMPARE(sent.misc[u"note"_s], u"ask •••, not copier-50"_s);
        QCOMPARE(sent.address, u"10.0.0.5"_s);
        QCOMPARE(sent.identity.location, u"Room 5"_s);
    }

    void leavesTheAddressInside()
    {
        const model::Reading sent = agent::masked(reading(), {.address = true, .hostName = false, .location = false});
        QVERIFY(sent.address.isEmpty());
        QCOMPARE(sent.status.display, (QStringList{u"Ready"_s, u"IP •••"_s}));
        QCOMPARE(sent.identity.description, u"HP at •••, not 10.0.0.51"_s);
        QVERIFY(!protocol::toKeyed(sent).contains(u"address"_s)); // absent, not empty
        QCOMPARE(sent.misc[profiles::hostNameKey], u"copier-5"_s);
    }

    void strikesWhateverIsAnAddress_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("sent");
        const auto row = [](const char* name, const QString& text, const QString& sent) { QTest::newRow(name) << text << sent; };
        row("another's", u"Scan to 192.168.7.20 failed"_s, u"Scan to ••• failed"_s);
        row("zero-padded", u"IP 010.000.000.005"_s, u"IP •••"_s);
        row("at the end of a sentence", u"Gateway: 10.0.0.1."_s, u"Gateway: •••."_s);
        row("with a port", u"http://10.0.0.1:9100/x"_s, u"http://•••:9100/x"_s);
        row("two", u"10.0.0.1/10.0.0.2"_s, u"•••/•••"_s);
        row("IPv6", u"Address fe80::211:22ff:fe33:4455 in use"_s, u"Address ••• in use"_s);
        row("IPv6 behind a colon", u"IP:2001:db8::7"_s, u"IP:•••"_s);
        row("IPv6 with a port", u"[fd00::5]:631"_s, u"[•••]:631"_s);
        row("IPv6 in full", u"2001:0db8:0000:0000:0000:0000:0000:0001"_s, u"•••"_s);
        row("IPv4 in IPv6", u"::ffff:10.0.0.5"_s, u"•••"_s);
        row("a hardware address", u"MAC 00:11:22:33:44:55"_s, u"MAC 00:11:22:33:44:55"_s);
        row("a long hardware address", u"00:11:22:33:44:55:66:77"_s, u"00:11:22:33:44:55:66:77"_s);
        row("a time", u"12:30:45, 1:30"_s, u"12:30:45, 1:30"_s);
        row("too large a number", u"300.1.1.1"_s, u"300.1.1.1"_s);
        row("an object identifier", u"1.3.6.1.4.1.11"_s, u"1.3.6.1.4.1.11"_s);
        row("words", u"Toner::Black, Tray:Error:"_s, u"Toner::Black, Tray:Error:"_s);
        row("colons", QString(300, u':'), QString(300, u':'));
    }

    void strikesWhateverIsAnAddress()
    {
        QFETCH(QString, text);
        QFETCH(QString, sent);
        model::Reading read = reading();
        read.identity.location = text;
        read.identity.firmware = u"4.11.2.1"_s;
        read.status.display = {text};
        read.alerts = {{}};
        read.alerts.first().description = text;
        read.misc = {{u"note"_s, text}};
        const model::Reading left = agent::masked(read, {.address = true, .hostName = true, .location = false});
        QCOMPARE(left.identity.location, sent);
        QCOMPARE(left.status.display, QStringList{sent});
        QCOMPARE(left.alerts.first().description, sent);
        QCOMPARE(left.misc[u"note"_s], sent);
        QCOMPARE(left.identity.firmware, u"4.11.2.1"_s); // a version
        QCOMPARE(agent::masked(read, {}).status.display, QStringList{text});
    }

    void leavesTheLocationInside()
    {
        const model::Reading sent = agent::masked(reading(), {.address = false, .hostName = false, .location = true});
        QVERIFY(sent.identity.location.isEmpty());
        QVERIFY(!protocol::toKeyed(sent)[u"identity"_s].toMap().contains(u"location"_s));
    }

    void changesNothingElse()
    {
        QCOMPARE(agent::masked(reading(), {.address = false, .hostName = false, .location = false}), reading());
    }

    void namesWhatItHides()
    {
        QCOMPARE(agent::namesOf({}), QStringList{u"hostName"_s});
        QCOMPARE(agent::namesOf({.address = true, .hostName = false, .location = true}), (QStringList{u"address"_s, u"location"_s}));
    }
};

PLATEN_TEST(MaskTest)
#include "MaskTest.moc"
