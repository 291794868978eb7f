// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <testkit/Program.h>

#include "ApiFixture.h"

#include <QTest>

using namespace platen;
using namespace platen::test;
using namespace std::chrono_literals;

namespace {

/// What a row of the table of devices below is made of. Empty and −1: NULL.
struct Row {
    QString state;
    QString manufacturer;
    QString model;
    QString serial;
    QString address;
    QString location;
    QString asset;
    double lowest = -1;
    qint64 meter = -1;
    qint64 seenMs = 0;
};

const QList<Row> fleet{
    {u"ready"_s, u"HP"_s, u"LaserJet 4250"_s, u"CN001"_s, u"10.0.0.5"_s, u"Hall 100%"_s, u"A-1"_s, 54, 580249,
        1000}, // 1
    {u"error"_s, u"Brother"_s, u"HL-L2350DW"_s, u"BR002"_s, u"10.0.0.16"_s, u"Büro Süd"_s, QString(), 12.5, 900,
        5000}, // 2
    {u"attention"_s, u"hp"_s, u"Color LaserJet"_s, u"cn003"_s, u"9.0.0.7"_s, QString(), QString(), 3, 77, 3000}, // 3
    {u"offline"_s, QString(), QString(), QString(), u"10.0.0.8"_s, u"Hall_2"_s, QString(), -1, -1, 2000}, // 4
    {u"ready"_s, u"Kyocera"_s, u"ECOSYS P3145dn"_s, u"KY005"_s, u"10.0.0.9"_s, u"Office"_s, u"a!b"_s, 54, 12,
        4000}, // 5
};

} // namespace

class DeviceCallsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        m_api = std::make_unique<ApiFixture>();
        for (const Row& row : fleet)
            add(row);
        m_api->index();
        m_console = std::make_unique<TestConsole>(*m_api);
        m_console->call(u"resume"_s, {{u"token"_s, m_api->tokenOf(u"anna"_s)}});
    }
    void init() { m_api->clock.advance(1s); } // calls per second are limited
    void cleanupTestCase()
    {
        m_console.reset();
        m_api.reset();
    }

    void listsRowsAsDeclared()
    {
        const QJsonObject list = m_console->result(u"devices.list"_s);
        const Status checked = m_api->server->catalogue().find(u"devices.list")->result.check(list);
        QVERIFY2(checked, checked ? "" : qPrintable(checked.error().detail));
        QCOMPARE(list.value(u"total"_s).toInt(), 5);
        const QJsonObject row = list.value(u"rows"_s).toArray().first().toObject();
        QCOMPARE(row,
            QJsonObject({
                {u"id"_s, u"1"_s},
                {u"state"_s, u"ready"_s},
                {u"stateText"_s, u"keyword"_s},
                {u"manufacturer"_s, u"HP"_s},
                {u"model"_s, u"LaserJet 4250"_s},
                {u"serialNumber"_s, u"CN001"_s},
                {u"assetNumber"_s, u"A-1"_s},
                {u"address"_s, u"10.0.0.5"_s},
                {u"location"_s, u"Hall 100%"_s},
                {u"lowestSupply"_s,
                    QJsonObject{{u"name"_s, u"Black"_s},
                        {u"level"_s, QJsonObject{{u"kind"_s, u"percent"_s}, {u"percent"_s, 54}}}}},
                {u"totalMeter"_s, QJsonObject{{u"value"_s, 580249}, {u"unit"_s, u"impressions"_s}}},
                {u"lastSeenAt"_s, u"1970-01-01T00:00:01.000Z"_s},
                {u"agentId"_s, u"61616161616161616161616161616161"_s},
                {u"agentName"_s, u"Site A"_s},
                {u"deviceType"_s, u"printer"_s},
                {u"color"_s, false},
            }));
        const QJsonObject bare = list.value(u"rows"_s).toArray().at(3).toObject();
        for (const QString& name :
            {u"manufacturer"_s, u"model"_s, u"serialNumber"_s, u"lowestSupply"_s, u"totalMeter"_s})
            QVERIFY2(bare.value(name).isNull(), qPrintable(name));
    }

    void searches_data()
    {
        QTest::addColumn<QString>("search");
        QTest::addColumn<QList<int>>("ids");
        QTest::newRow("nothing") << u""_s << QList<int>{1, 2, 3, 4, 5};
        QTest::newRow("blank") << u"  \t "_s << QList<int>{1, 2, 3, 4, 5};
        QTest::newRow("model, whatever case") << u"laserjet"_s << QList<int>{1, 3};
        QTest::newRow("maker") << u"KYO"_s << QList<int>{5};
        QTest::newRow("serial") << u"Cn00"_s << QList<int>{1, 3};
        QTest::newRow("address") << u"0.0.8"_s << QList<int>{4};
        QTest::newRow("location") << u"office"_s << QList<int>{5};
        QTest::newRow("asset number") << u"a-1"_s << QList<int>{1};
        QTest::newRow("two words of two columns") << u"hp 4250"_s << QList<int>{1};
        QTest::newRow("beyond ASCII, whatever case") << u"BÜRO SÜD"_s << QList<int>{2};
        QTest::newRow("percent is a percent sign") << u"%"_s << QList<int>{1};
        QTest::newRow("underscore is an underscore") << u"_"_s << QList<int>{4};
        QTest::newRow("the escape character itself") << u"!"_s << QList<int>{5};
        QTest::newRow("backslash") << u"\\"_s << QList<int>{};
        QTest::newRow("SQL") << u"' OR 1=1 --"_s << QList<int>{};
        QTest::newRow("not there") << u"xerox"_s << QList<int>{};
    }
    void searches()
    {
        QFETCH(QString, search);
        QTEST(idsOf({{u"search"_s, search}}), "ids");
    }

    void filters_data()
    {
        QTest::addColumn<QJsonObject>("filter");
        QTest::addColumn<QList<int>>("ids");
        QTest::newRow("nothing") << QJsonObject() << QList<int>{1, 2, 3, 4, 5};
        QTest::newRow("a state") << QJsonObject{{u"state"_s, QJsonArray{u"ready"_s}}} << QList<int>{1, 5};
        QTest::newRow("two states") << QJsonObject{{u"state"_s, QJsonArray{u"error"_s, u"offline"_s}}}
                                    << QList<int>{2, 4};
        QTest::newRow("no state") << QJsonObject{{u"state"_s, QJsonArray()}} << QList<int>{1, 2, 3, 4, 5};
        QTest::newRow("maker, whatever case") << QJsonObject{{u"manufacturer"_s, u"Hp"_s}} << QList<int>{1, 3};
        QTest::newRow("agent") << QJsonObject{{u"agentId"_s, QString(u"61"_s).repeated(16)}}
                               << QList<int>{1, 2, 3, 4, 5};
        QTest::newRow("another agent") << QJsonObject{{u"agentId"_s, QString(32, u'0')}} << QList<int>{};
        QTest::newRow("both") << QJsonObject{{u"manufacturer"_s, u"hp"_s}, {u"state"_s, QJsonArray{u"attention"_s}}}
                              << QList<int>{3};
        QTest::newRow("nulls") << QJsonObject{{u"manufacturer"_s, QJsonValue()}, {u"agentId"_s, QJsonValue()}}
                               << QList<int>{1, 2, 3, 4, 5};
    }
    void filters()
    {
        QFETCH(QJsonObject, filter);
        QTEST(idsOf({{u"filter"_s, filter}}), "ids");
    }

    void sorts_data()
    {
        QTest::addColumn<QString>("column");
        QTest::addColumn<QList<int>>("ascending");
        QTest::addColumn<QList<int>>("descending");
        QTest::newRow("most urgent first") << u"state"_s << QList<int>{2, 3, 4, 1, 5} << QList<int>{1, 5, 4, 3, 2};
        QTest::newRow("maker, unknown last")
            << u"manufacturer"_s << QList<int>{2, 1, 3, 5, 4} << QList<int>{5, 1, 3, 2, 4};
        QTest::newRow("model") << u"model"_s << QList<int>{3, 5, 2, 1, 4} << QList<int>{1, 2, 5, 3, 4};
        QTest::newRow("serial") << u"serialNumber"_s << QList<int>{2, 1, 3, 5, 4} << QList<int>{5, 3, 1, 2, 4};
        QTest::newRow("address, by number") << u"address"_s << QList<int>{3, 1, 4, 5, 2} << QList<int>{2, 5, 4, 1, 3};
        QTest::newRow("location") << u"location"_s << QList<int>{2, 1, 4, 5, 3} << QList<int>{5, 4, 1, 2, 3};
        QTest::newRow("supply, equal ones by id")
            << u"lowestSupply"_s << QList<int>{3, 2, 1, 5, 4} << QList<int>{1, 5, 2, 3, 4};
        QTest::newRow("meter") << u"totalMeter"_s << QList<int>{5, 3, 2, 1, 4} << QList<int>{1, 2, 3, 5, 4};
        QTest::newRow("last seen") << u"lastSeenAt"_s << QList<int>{1, 4, 3, 5, 2} << QList<int>{2, 5, 3, 4, 1};
    }
    void sorts()
    {
        QFETCH(QString, column);
        QTEST(idsOf({{u"sort"_s, QJsonObject{{u"column"_s, column}}}}), "ascending");
        QTEST(idsOf({{u"sort"_s, QJsonObject{{u"column"_s, column}, {u"descending"_s, true}}}}), "descending");
    }

    void givesPagesThatTogetherAreTheList()
    {
        const QJsonObject sort{{u"column"_s, u"lowestSupply"_s}};
        QList<int> all;
        for (int offset = 0; offset < 5; offset += 2) {
            const QJsonObject page =
                m_console->result(u"devices.list"_s, {{u"offset"_s, offset}, {u"limit"_s, 2}, {u"sort"_s, sort}});
            QCOMPARE(page.value(u"total"_s).toInt(), 5);
            all += idsIn(page);
        }
        QCOMPARE(all, QList<int>({3, 2, 1, 5, 4}));
        QCOMPARE(idsOf({{u"offset"_s, 1000}}), QList<int>());
    }

    void refusesWrongParameters_data()
    {
        QTest::addColumn<QJsonObject>("parameters");
        QTest::newRow("limit 0") << QJsonObject{{u"limit"_s, 0}};
        QTest::newRow("limit 1001") << QJsonObject{{u"limit"_s, 1001}};
        QTest::newRow("offset below 0") << QJsonObject{{u"offset"_s, -1}};
        QTest::newRow("unknown column") << QJsonObject{
            {u"sort"_s, QJsonObject{{u"column"_s, u"id; DROP TABLE device"_s}}}};
        QTest::newRow("unknown state") << QJsonObject{{u"filter"_s, QJsonObject{{u"state"_s, QJsonArray{u"happy"_s}}}}};
        QTest::newRow("no agent id") << QJsonObject{{u"filter"_s, QJsonObject{{u"agentId"_s, u"zz"_s}}}};
        QTest::newRow("endless search") << QJsonObject{{u"search"_s, QString(257, u'x')}};
    }
    void refusesWrongParameters()
    {
        QFETCH(QJsonObject, parameters);
        QCOMPARE(m_console->error(u"devices.list"_s, parameters), u"invalidInput"_s);
    }

    void showsDevicesOfSilentAgentsAsOffline()
    {
        ApiFixture api;
        api.execute(
            u"INSERT INTO device (state, state_text, first_seen_at, last_seen_at, agent_id, reading) VALUES ('error', 'jammed', 0, 0, ?, '')"_s,
            {api.agentId});
        TestConsole console(api);
        const auto state = [&] {
            console.call(u"resume"_s, {{u"token"_s, api.tokenOf(u"anna"_s)}});
            return console.result(u"devices.list"_s)
                .value(u"rows"_s)
                .toArray()
                .first()
                .toObject()
                .value(u"state"_s)
                .toString();
        };
        QCOMPARE(state(), u"error"_s);
        api.clock.advance(16min);
        QCOMPARE(state(), u"offline"_s);
        QCOMPARE(console.result(u"devices.list"_s, {{u"filter"_s, QJsonObject{{u"state"_s, QJsonArray{u"offline"_s}}}}})
                     .value(u"total"_s)
                     .toInt(),
            1);
        api.presence.add(api.agentId, u"websocket"_s);
        QCOMPARE(state(), u"error"_s);
        api.execute(u"UPDATE agent SET status = 'DEACTIVATED'"_s);
        QCOMPARE(state(), u"offline"_s);
        QCOMPARE(console.result(u"agents.list"_s)
                     .value(u"agents"_s)
                     .toArray()
                     .first()
                     .toObject()
                     .value(u"state"_s)
                     .toString(),
            u"deactivated"_s);
    }

    void keepsListsSmallWhateverDevicesSay()
    {
        ApiFixture api;
        const QString endless(1024, u'"');
        const QJsonObject supply{{u"name"_s, endless}};
        for (int i = 0; i < 1000; ++i)
            api.execute(u"INSERT INTO device (state, manufacturer, model, serial, asset_number, address, location, "
                        u"lowest_supply, first_seen_at, last_seen_at, agent_id, reading)"
                        " VALUES ('ready', ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, '')"_s,
                {endless, endless, endless, endless, endless, endless,
                    QString::fromUtf8(QJsonDocument(supply).toJson()), api.agentId});
        const http::Response list = api.post(u"devices.list"_s, {{u"limit"_s, 1000}}, api.tokenOf(u"anna"_s));
        QCOMPARE(ApiFixture::bodyOf(list).value(u"rows"_s).toArray().size(), 1000);
        QVERIFY2(list.body.size() < 3 << 20, qPrintable(QString::number(list.body.size())));
    }

    void givesOneDeviceWithItsReading()
    {
        ApiFixture api;
        const qint64 id = api.store(reading(5000, 60), 7);
        const http::Response got = api.post(u"devices.get"_s, {{u"id"_s, QString::number(id)}}, api.tokenOf(u"anna"_s));
        QCOMPARE(got.status, 200);
        const QJsonObject device = ApiFixture::bodyOf(got);
        const Status checked = api.server->catalogue().find(u"devices.get")->result.check(device);
        QVERIFY2(checked, checked ? "" : qPrintable(checked.error().detail));
        QCOMPARE(device.value(u"model"_s).toString(), u"LaserJet 4250"_s);
        QCOMPARE(device.value(u"reading"_s).toObject(), protocol::toJson(reading(5000, 60)));
        QCOMPARE(device.value(u"meters"_s), device.value(u"reading"_s).toObject().value(u"meters"_s));
        QCOMPARE(device.value(u"totalMeter"_s).toObject().value(u"value"_s).toInt(), 5000);
        QVERIFY(!device.value(u"firstSeenAt"_s).isNull());
    }

    void saysWhenThereIsNoSuchDevice()
    {
        for (const QString& id : {u"99"_s, u"-1"_s, u"0"_s, u"x"_s, u""_s, u"1 OR 1=1"_s, u"9999999999999999999"_s}) {
            QCOMPARE(m_console->error(u"devices.get"_s, {{u"id"_s, id}}), u"notFound"_s);
            QCOMPARE(m_console->error(
                         u"devices.history"_s, {{u"id"_s, id}, {u"kind"_s, u"meter"_s}, {u"key"_s, u"total"_s}}),
                u"notFound"_s);
        }
    }

    void givesTheCurvesThatReadingsLeft()
    {
        ApiFixture api;
        qint64 id = 0;
        const qint64 start = toMs(api.clock.wall);
        for (int hour = 0; hour < 3; ++hour) {
            model::Reading next = reading(1000 + hour * 10, 60 - hour);
            next.takenAt = api.clock.wall;
            id = api.store(next, 7);
            api.clock.advance(1h);
        }
        model::Reading gone = reading(1020, 58);
        gone.takenAt = api.clock.wall;
        gone.status.state = u"offline"_s;
        api.store(gone, 7);
        const QString token = api.tokenOf(u"anna"_s);

        const QJsonObject meters = history(api, token, id, u"meter"_s, u"total"_s);
        QCOMPARE(meters.value(u"unit"_s).toString(), u"impressions"_s);
        const auto hour = [start](int number) { return static_cast<double>(start + number * 3'600'000LL); };
        QCOMPARE(meters.value(u"points"_s).toArray(),
            QJsonArray({QJsonArray{hour(0), 1000}, QJsonArray{hour(1), 1010}, QJsonArray{hour(2), 1020},
                QJsonArray{hour(3), QJsonValue()}}));
        const QJsonObject supplies = history(api, token, id, u"supply"_s, u"1.1"_s);
        QCOMPARE(supplies.value(u"unit"_s).toString(), u"percent"_s);
        QCOMPARE(supplies.value(u"points"_s).toArray().at(1).toArray(), QJsonArray({hour(1), 59}));
        QVERIFY(history(api, token, id, u"meter"_s, u"scan"_s).value(u"points"_s).toArray().isEmpty());

        // From the middle: the value that held then comes first.
        const QJsonObject part = history(api, token, id, u"meter"_s, u"total"_s,
            {{u"from"_s, api::toJson(fromMs(start + 1'800'000))}, {u"to"_s, api::toJson(fromMs(start + 3'600'000))}});
        QCOMPARE(part.value(u"points"_s).toArray(),
            QJsonArray({QJsonArray{hour(0) + 1'800'000, 1000}, QJsonArray{hour(1), 1010}}));
    }

    void thinsOutLongCurvesAndKeepsEndsAndGaps()
    {
        ApiFixture api;
        const qint64 id = api.store(reading(1, 60), 7);
        api.execute(u"DELETE FROM meter_sample"_s);
        api.execute(
            u"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100001)"
            " INSERT INTO meter_sample (device_id, key, at, value) SELECT ?, 'total', i, CASE WHEN i = 50000 THEN NULL ELSE i END FROM n"_s,
            {id});
        const QJsonArray points =
            history(api, api.tokenOf(u"anna"_s), id, u"meter"_s, u"total"_s).value(u"points"_s).toArray();
        QVERIFY2(points.size() > 2000 && points.size() <= 4001, qPrintable(QString::number(points.size())));
        QCOMPARE(points.last().toArray(), QJsonArray({100'001, 100'001}));
        QVERIFY(points.contains(QJsonArray({50'000, QJsonValue()})));
        for (qsizetype i = 1; i < points.size(); ++i)
            QVERIFY(points.at(i).toArray().at(0).toInteger() > points.at(i - 1).toArray().at(0).toInteger());
    }

private:
    void add(const Row& row)
    {
        const auto number = [](double value) { return value < 0 ? QVariant() : QVariant(value); };
        const QJsonObject supply{
            {u"name"_s, u"Black"_s}, {u"level"_s, QJsonObject{{u"kind"_s, u"percent"_s}, {u"percent"_s, row.lowest}}}};
        m_api->execute(u"INSERT INTO device (state, state_text, manufacturer, model, serial, address, "
                       u"location, asset_number, device_type, color, lowest_supply_percent,"
                       " lowest_supply, total_meter, total_meter_unit, first_seen_at, last_seen_at, agent_id, reading)"
                       " VALUES (?, 'keyword', ?, ?, ?, ?, ?, ?, 'printer', FALSE, ?, ?, ?, ?, 0, ?, ?, '')"_s,
            {row.state, storage::orNull(row.manufacturer), storage::orNull(row.model), storage::orNull(row.serial),
                storage::orNull(row.address), storage::orNull(row.location), storage::orNull(row.asset),
                number(row.lowest),
                row.lowest < 0 ? QVariant() : QVariant(QString::fromUtf8(QJsonDocument(supply).toJson())),
                row.meter < 0 ? QVariant() : QVariant(row.meter),
                row.meter < 0 ? QVariant() : QVariant(u"impressions"_s), row.seenMs, m_api->agentId});
    }

    static QList<int> idsIn(const QJsonObject& list)
    {
        QList<int> ids;
        for (const QJsonValue& row : list.value(u"rows"_s).toArray())
            ids.append(row.toObject().value(u"id"_s).toString().toInt());
        return ids;
    }
    QList<int> idsOf(const QJsonObject& parameters)
    {
        const QJsonObject list = m_console->result(u"devices.list"_s, parameters);
        return list.contains(u"rows"_s) ? idsIn(list) : QList<int>{-1};
    }

    static model::Reading reading(qint64 total, double percent)
    {
        model::Reading reading;
        reading.address = u"10.0.0.5"_s;
        reading.takenAt = fromMs(1'764'000'000'000);
        reading.identity.manufacturer = u"HP"_s;
        reading.identity.model = u"LaserJet 4250"_s;
        reading.identity.serialNumber = u"CNBX123456"_s;
        reading.status.state = u"idle"_s;
        model::Meter meter;
        meter.name = u"total"_s;
        meter.unit = u"impressions"_s;
        meter.value = total;
        reading.meters = {meter};
        model::Supply supply;
        supply.index = u"1.1"_s;
        supply.name = u"Black Cartridge"_s;
        supply.kind = u"toner"_s;
        supply.level.kind = model::SupplyLevel::Kind::Percent;
        supply.level.percent = percent;
        reading.supplies = {supply};
        return reading;
    }

    static QJsonObject history(ApiFixture& api, const QString& token, qint64 id, const QString& kind,
        const QString& key, QJsonObject more = {})
    {
        more.insert(u"id"_s, QString::number(id));
        more.insert(u"kind"_s, kind);
        more.insert(u"key"_s, key);
        const http::Response response = api.post(u"devices.history"_s, more, token);
        if (response.status != 200)
            qFatal("%s", response.body.constData());
        const QJsonObject result = ApiFixture::bodyOf(response);
        if (const Status checked = api.server->catalogue().find(u"devices.history")->result.check(result); !checked)
            qFatal("%s", qPrintable(checked.error().detail));
        return result;
    }

    std::unique_ptr<ApiFixture> m_api;
    std::unique_ptr<TestConsole> m_console;
};

PLATEN_TEST(DeviceCallsTest)
#include "DeviceCallsTest.moc"
