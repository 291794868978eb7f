// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <agent/engine/Supplement.h>
#include <testkit/Program.h>

#include <QTest>

using namespace platen;
using namespace Qt::StringLiterals;

class SupplementTest : public QObject {
    Q_OBJECT

private slots:
    void comesBackAsItWas()
    {
        model::Reading supplement;
        supplement.identity.firmware = u"2026.1"_s;
        supplement.meters = {{u"total"_s, u"impressions"_s, 5000, {}}};
        supplement.sources = {{u"identity.firmware"_s, {u"ipp"_s, u"printer-firmware-string-version"_s, {}}},
            {u"meters.total"_s, {u"http"_s, u"/usage.xml"_s, {}}}};
        const QByteArray kept = agent::encodeSupplement(supplement);
        QVERIFY(kept.size() < 300);
        QCOMPARE(agent::decodeSupplement(kept), supplement);
    }

    void isEmptyOfNothing()
    {
        QVERIFY(agent::encodeSupplement({}).isEmpty());
        QCOMPARE(agent::decodeSupplement({}), model::Reading());
    }

    void isNothingWhenItIsDamaged()
    {
        QCOMPARE(agent::decodeSupplement("\xff\xff"), model::Reading());
        QCOMPARE(agent::decodeSupplement(QByteArray(100, '\xa1')), model::Reading());
    }
};

PLATEN_TEST(SupplementTest)
#include "SupplementTest.moc"
