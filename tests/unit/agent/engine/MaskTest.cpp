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
        reading.misc = {{agent::hostNameKey, u"copier-5"_s}, {u"note"_s, u"ask Copier-5, not copier-50"_s}};
        return reading;
    }

private slots:
    void leavesTheHostNameInsideUnlessTold()
    {
        const model::Reading sent = agent::masked(reading(), {});
        QVERIFY(!sent.misc.contains(agent::hostNameKey));
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
        QCOMPARE(sent.misc[agent::hostNameKey], u"copier-5"_s);
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
