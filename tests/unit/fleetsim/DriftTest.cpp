// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fleetsim/Drift.h>
#include <testkit/Program.h>

#include <QTest>

using namespace platen;
using namespace platen::fleetsim;
using snmp::Oid;
using snmp::Value;

namespace {

const Oid status{1, 3, 6, 1, 2, 1, 25, 3, 5, 1, 1, 1};
const Oid errors{1, 3, 6, 1, 2, 1, 25, 3, 5, 1, 2, 1};
const Oid pages{1, 3, 6, 1, 2, 1, 43, 10, 2, 1, 4, 1, 1};
const Oid capacity{1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 8, 1, 1};
const Oid level{1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 9, 1, 1};
const Oid unknownLevel{1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 9, 1, 2};
const Oid alerts{1, 3, 6, 1, 2, 1, 43, 18, 1, 1, 8};

Drift drift()
{
    return Drift({{status, Value::integer(3)}, {errors, Value::text(QByteArray(1, '\0'))}, {pages, {Value::Type::Counter32, 1000, {}, {}}},
                     {capacity, Value::integer(100)}, {level, Value::integer(50)}, {unknownLevel, Value::integer(-2)}}, 7);
}

bool hasAlert(const Drift& device)
{
    const auto at = device.objects().lowerBound(alerts);
    return at != device.objects().end() && at.key().startsWith(alerts);
}

} // namespace

class DriftTest : public QObject {
    Q_OBJECT

private slots:
    void neverCountsBackwardsAndKeepsLevelsWithinCapacity()
    {
        Drift device = drift();
        qint64 before = 1000;
        bool fell = false, wasRenewed = false;
        qint64 levelBefore = 50;
        for (int i = 0; i < 5000; ++i) {
            device.step();
            const qint64 now = device.objects()[pages].number;
            const qint64 left = device.objects()[level].number;
            QVERIFY(now >= before);
            QVERIFY(left >= 0 && left <= 100);
            fell = fell || left < levelBefore;
            wasRenewed = wasRenewed || left > levelBefore;
            before = now;
            levelBefore = left;
        }
        QVERIFY(before > 1000);
        QVERIFY(fell && wasRenewed);
        QCOMPARE(device.objects()[unknownLevel].number, -2);
    }

    void letsAlertsComeAndGo()
    {
        Drift device = drift();
        int changes = 0;
        bool had = false;
        for (int i = 0; i < 2000; ++i) {
            device.step();
            const bool has = hasAlert(device);
            changes += has != had;
            QCOMPARE(device.objects()[errors].octets != QByteArray(1, '\0'), has);
            had = has;
        }
        QVERIFY(changes >= 2);
    }

    void repeatsItselfForOneSeed()
    {
        Drift one = drift(), other = drift();
        for (int i = 0; i < 100; ++i) {
            one.step();
            other.step();
        }
        QVERIFY(one.objects() == other.objects());
    }
};

PLATEN_TEST(DriftTest)
#include "DriftTest.moc"
