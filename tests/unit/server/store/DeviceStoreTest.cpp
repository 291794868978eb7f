// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <protocol/ReadingCodec.h>
#include <server/store/DeviceIdentity.h>
#include <server/store/DeviceStore.h>
#include <server/store/Installation.h>
#include <storage/Query.h>
#include <testkit/FakeClock.h>
#include <testkit/Program.h>
#include <testkit/Wait.h>

#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace platen;
using platen::test::wait;

namespace {

const QByteArray agentA(16, 'a');
const QByteArray agentB(16, 'b');

struct Who {
    QString manufacturer, serial, mac, address, model;
};

} // namespace

class DeviceStoreTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<storage::Database> m_database;
    test::FakeClock m_clock;

    static model::Reading reading(const Who& who, qint64 total = 100, double toner = 50)
    {
        model::Reading made;
        made.address = who.address;
        made.identity.manufacturer = who.manufacturer;
        made.identity.model = who.model.isEmpty() ? u"Printer"_s : who.model;
        made.identity.serialNumber = who.serial;
        made.identity.mac = who.mac;
        made.status.state = u"idle"_s;
        made.meters = {{u"total"_s, u"impressions"_s, total, {}}};
        model::Supply supply;
        supply.index = u"1.1"_s;
        supply.name = u"Black"_s;
        supply.kind = u"toner"_s;
        supply.supplyClass = model::SupplyClass::Consumed;
        supply.level = {model::SupplyLevel::Kind::Percent, toner, 0, 0};
        made.supplies = {supply};
        return made;
    }

    qint64 store(const QByteArray& agent, quint64 localId, model::Reading made)
    {
        made.takenAt = m_clock.now();
        const auto done = wait(m_database->write([agent, localId, made, now = m_clock.now()](QSqlDatabase db) {
            return platen::store::storeReading(db, {agent, localId}, protocol::toKeyed(made), made, now);
        }));
        if (!done)
            qFatal("%s", qPrintable(done.error().detail));
        m_clock.advance(std::chrono::minutes(5));
        return *done;
    }

    QVariant value(const QString& sql)
    {
        const auto done = wait(m_database->read([sql](QSqlDatabase db) -> Result<QVariant> {
            auto row = storage::query(db, sql);
            if (!row)
                return fail(row.error());
            return row->next() ? row->value(0) : QVariant();
        }));
        if (!done)
            qFatal("%s", qPrintable(done.error().detail));
        return *done;
    }

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_database =
            std::make_unique<storage::Database>(storage::Database::Settings{.name = m_folder->filePath(u"t.sqlite"_s)});
        QVERIFY(wait(m_database->open()));
        QVERIFY(wait(platen::store::migrate(*m_database)));
        for (const QByteArray& id : {agentA, agentB}) {
            QVERIFY(wait(m_database->write([id](QSqlDatabase db) {
                return storage::execute(db,
                    u"INSERT INTO agent (id, name, status, epoch, hwm, created_at, forks) VALUES (?, 'x', 'ACTIVE', 1, 0, 0, 0)"_s,
                    {id});
            })));
        }
    }

    void normalisesSerialNumbers_data()
    {
        QTest::addColumn<QString>("serial");
        QTest::addColumn<QString>("normalised");
        QTest::newRow("plain") << u"CNBXR12345"_s << u"CNBXR12345"_s;
        QTest::newRow("padded with 00") << u"00CNBXR12345"_s << u"CNBXR12345"_s;
        QTest::newRow("dashes, case, spaces") << u" cnb-xr 12345 "_s << u"CNBXR12345"_s;
        QTest::newRow("zeros inside stay") << u"A0ED011000100"_s << u"A0ED011000100"_s;
        QTest::newRow("zeros") << u"0000000000"_s << QString();
        QTest::newRow("one character") << u"XXXXXXXXXX"_s << QString();
        QTest::newRow("not available") << u"N/A"_s << QString();
        QTest::newRow("counting") << u"1234567890"_s << QString();
        QTest::newRow("empty") << QString() << QString();
    }
    void normalisesSerialNumbers()
    {
        QFETCH(QString, serial);
        QTEST(platen::store::normalisedSerial(serial), "normalised");
    }

    void normalisesMacAddresses_data()
    {
        QTest::addColumn<QString>("mac");
        QTest::addColumn<QString>("normalised");
        QTest::newRow("plain") << u"00:11:22:33:44:55"_s << u"00:11:22:33:44:55"_s;
        QTest::newRow("dashes and case") << u"00-11-22-AA-BB-CC"_s << u"00:11:22:aa:bb:cc"_s;
        QTest::newRow("zeros") << u"00:00:00:00:00:00"_s << QString();
        QTest::newRow("broadcast") << u"ff:ff:ff:ff:ff:ff"_s << QString();
        QTest::newRow("short") << u"00:11:22"_s << QString();
    }
    void normalisesMacAddresses()
    {
        QFETCH(QString, mac);
        QTEST(platen::store::normalisedMac(mac), "normalised");
    }

    /// Two sightings: of one device, or of two?
    void tellsDevicesApart_data()
    {
        QTest::addColumn<Who>("first");
        QTest::addColumn<Who>("second");
        QTest::addColumn<bool>("otherNumber"); // the agent gave the second sighting another number
        QTest::addColumn<bool>("one");
        const Who hp{u"HP"_s, u"CN1234567"_s, u"00:11:22:33:44:55"_s, u"10.0.0.5"_s, {}};
        const auto with = [&](auto change) {
            Who changed = hp;
            change(changed);
            return changed;
        };
        QTest::newRow("a moved address") << hp << with([](Who& w) { w.address = u"10.0.0.99"_s; }) << true << true;
        QTest::newRow("serial padded with 00") << hp << with([](Who& w) {
            w.serial = u"00CN1234567"_s;
            w.mac.clear();
        }) << true << true;
        QTest::newRow("new network card") << hp << with([](Who& w) { w.mac = u"00:11:22:00:00:01"_s; }) << true << true;
        QTest::newRow("serial lost, MAC stays") << hp << with([](Who& w) { w.serial.clear(); }) << true << true;
        QTest::newRow("serial and MAC lost, number stays") << hp << with([](Who& w) {
            w.serial.clear();
            w.mac.clear();
        }) << false << true;
        QTest::newRow("nothing left but the address") << hp << with([](Who& w) {
            w.serial.clear();
            w.mac.clear();
        }) << true << false;
        QTest::newRow("two serials behind one MAC")
            << hp << with([](Who& w) { w.serial = u"CN7654321"_s; }) << true << false;
        QTest::newRow("a swapped device under the same number") << hp << with([](Who& w) {
            w.serial = u"CN7654321"_s;
            w.mac = u"00:11:22:00:00:02"_s;
        }) << false << false;
        QTest::newRow("same serial, other maker") << hp << with([](Who& w) {
            w.manufacturer = u"Ricoh"_s;
            w.mac.clear();
        }) << true << false;
        QTest::newRow("same serial, other model and MAC") << hp << with([](Who& w) {
            w.model = u"Plotter"_s;
            w.mac = u"00:11:22:00:00:03"_s;
        }) << true << false;
        QTest::newRow("placeholder serials")
            << Who{u"HP"_s, u"0000000000"_s, u"00:11:22:33:44:55"_s, u"10.0.0.5"_s, {}}
            << Who{u"HP"_s, u"0000000000"_s, u"00:11:22:33:44:66"_s, u"10.0.0.6"_s, {}} << true << false;
        QTest::newRow("MAC only") << Who{u"HP"_s, {}, u"00:11:22:33:44:55"_s, u"10.0.0.5"_s, {}}
                                  << Who{u"HP"_s, {}, u"00:11:22:33:44:55"_s, u"10.0.0.7"_s, {}} << true << true;
        QTest::newRow("no evidence, two numbers")
            << Who{u"HP"_s, {}, {}, u"10.0.0.5"_s, {}} << Who{u"HP"_s, {}, {}, u"10.0.0.6"_s, {}} << true << false;
        QTest::newRow("no evidence, one number")
            << Who{u"HP"_s, {}, {}, u"10.0.0.5"_s, {}} << Who{u"HP"_s, {}, {}, u"10.0.0.6"_s, {}} << false << true;
    }
    void tellsDevicesApart()
    {
        QFETCH(Who, first);
        QFETCH(Who, second);
        QFETCH(bool, otherNumber);
        QFETCH(bool, one);
        const qint64 a = store(agentA, 1, reading(first));
        const qint64 b = store(agentA, otherNumber ? 2 : 1, reading(second));
        QCOMPARE(a == b, one);
        QCOMPARE(value(u"SELECT count(*) FROM device"_s).toInt(), one ? 1 : 2);
    }

    void knowsADeviceThatTwoAgentsSee()
    {
        const Who who{u"HP"_s, u"CN1234567"_s, {}, u"10.0.0.5"_s, {}};
        QCOMPARE(store(agentA, 1, reading(who)), store(agentB, 77, reading(who)));
    }

    void keepsACustomersDeviceFromTheAgentsOfAnother()
    {
        const Who printer{u"HP"_s, u"CNB1234567"_s, u"00:11:22:33:44:55"_s, u"10.0.0.5"_s, {}};
        const qint64 device = store(agentA, 1, reading(printer, 100));
        const auto moved = wait(m_database->write([](QSqlDatabase db) {
            return storage::execute(db, u"UPDATE agent SET group_name = 'Other customer' WHERE id = ?"_s, {agentB});
        }));
        QVERIFY(moved);
        QVERIFY(store(agentB, 1, reading(printer, 999'999)) != device);
        QCOMPARE(value(u"SELECT total_meter FROM device WHERE id = %1"_s.arg(device)).toLongLong(), 100);
    }

    void keepsWhatADeviceIsKnownBy()
    {
        const Who who{u"HP"_s, u"CN1234567"_s, u"00:11:22:33:44:55"_s, u"10.0.0.5"_s, {}};
        const qint64 device = store(agentA, 1, reading(who));
        store(agentA, 1, reading({u"HP"_s, {}, {}, u"10.0.0.5"_s, {}}));
        QCOMPARE(value(u"SELECT serial FROM device"_s).toString(), u"CN1234567"_s);
        QCOMPARE(store(agentA, 9, reading({u"HP"_s, u"CN1234567"_s, {}, u"10.0.0.80"_s, {}})), device);
    }

    void fillsTheColumnsOfLists()
    {
        store(agentA, 1, reading({u"HP"_s, u"CN1234567"_s, u"00:11:22:33:44:55"_s, u"10.0.0.5"_s, {}}, 580249, 54));
        QCOMPARE(
            value(
                u"SELECT state || '|' || manufacturer || '|' || address || '|' || total_meter || '|' || total_meter_unit || '|' || lowest_supply_percent FROM device"_s)
                .toString(),
            u"ready|HP|10.0.0.5|580249|impressions|54.0"_s);
        const auto supply =
            QJsonDocument::fromJson(value(u"SELECT lowest_supply FROM device"_s).toByteArray()).object();
        QCOMPARE(supply[u"kind"].toString(), u"toner"_s);
        QCOMPARE(supply[u"level"][u"percent"].toDouble(), 54.0);
        QVERIFY(value(u"SELECT color FROM device"_s).isNull());
    }

    void addsToTheHistoryOnlyWhatChanged()
    {
        const Who who{u"HP"_s, u"CN1234567"_s, {}, u"10.0.0.5"_s, {}};
        store(agentA, 1, reading(who, 100, 50));
        store(agentA, 1, reading(who, 100, 50));
        store(agentA, 1, reading(who, 101, 50));
        QCOMPARE(
            value(u"SELECT group_concat(value) FROM (SELECT value FROM meter_sample WHERE key = 'total' ORDER BY at)"_s)
                .toString(),
            u"100,101"_s);
        QCOMPARE(value(u"SELECT count(*) FROM supply_sample WHERE key = '1.1'"_s).toInt(), 1);
    }

    void showsAGapWhileADeviceIsOffline()
    {
        const Who who{u"HP"_s, u"CN1234567"_s, {}, u"10.0.0.5"_s, {}};
        model::Reading off = reading(who);
        off.status.state = u"offline"_s;
        store(agentA, 1, reading(who));
        const qint64 seen = value(u"SELECT last_seen_at FROM device"_s).toLongLong();
        store(agentA, 1, off);
        store(agentA, 1, off);
        QCOMPARE(value(u"SELECT last_seen_at FROM device"_s).toLongLong(), seen);
        QCOMPARE(value(u"SELECT state FROM device"_s).toString(), u"offline"_s);
        store(agentA, 1, reading(who));
        QCOMPARE(
            value(u"SELECT group_concat(coalesce(value, 'gap')) FROM (SELECT value FROM meter_sample ORDER BY at)"_s)
                .toString(),
            u"100,gap,100"_s);
    }

    void takesAReadingFromTheFutureAsOfNow()
    {
        model::Reading early = reading({u"HP"_s, u"CN1234567"_s, {}, u"10.0.0.5"_s, {}});
        early.takenAt = m_clock.now() + std::chrono::hours(24 * 365);
        QVERIFY(wait(m_database->write([early, now = m_clock.now()](QSqlDatabase db) {
            return platen::store::storeReading(db, {agentA, 1}, protocol::toKeyed(early), early, now);
        })));
        QCOMPARE(value(u"SELECT last_seen_at FROM device"_s).toLongLong(), toMs(m_clock.now()));
        QCOMPARE(value(u"SELECT max(at) FROM meter_sample"_s).toLongLong(), toMs(m_clock.now()));
    }
};

PLATEN_TEST(DeviceStoreTest)
#include "DeviceStoreTest.moc"
