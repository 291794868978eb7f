// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Oids.h"

#include <profiles/Reader.h>
#include <testkit/FakeClock.h>
#include <testkit/FakeSnmpAgent.h>
#include <testkit/Program.h>
#include <testkit/Wait.h>

#include <QTest>

using namespace Qt::StringLiterals;
using namespace platen;
using platen::test::oid;
using namespace platen::profiles;
using snmp::Value;

namespace {

const QString supplies = u"1.3.6.1.2.1.43.11.1.1."_s;

// A small colour printer: device index 2, a hole in its supplies, panel text in Latin-2.
snmp::Answers printer()
{
    const auto put = [](snmp::Answers& answers, const QString& object, const Value& value) {
        answers.insert(oid(object), value);
    };
    snmp::Answers answers;
    put(answers, u"1.3.6.1.2.1.1.1.0"_s, Value::text("KYOCERA Document Solutions Printing System"));
    put(answers, u"1.3.6.1.2.1.1.2.0"_s, {Value::Type::ObjectId, 0, {}, oid(u"1.3.6.1.4.1.1347.41"_s)});
    put(answers, u"1.3.6.1.2.1.1.6.0"_s, Value::text("Hall 3"));
    put(answers, u"1.3.6.1.2.1.2.2.1.3.1"_s, Value::integer(24));
    put(answers, u"1.3.6.1.2.1.2.2.1.3.2"_s, Value::integer(6));
    put(answers, u"1.3.6.1.2.1.2.2.1.6.1"_s, Value::text(QByteArray()));
    put(answers, u"1.3.6.1.2.1.2.2.1.6.2"_s, Value::text(QByteArray::fromHex("0017c8b902de")));
    put(answers, u"1.3.6.1.2.1.25.3.2.1.2.1"_s, {Value::Type::ObjectId, 0, {}, oid(u"1.3.6.1.2.1.25.3.1.6"_s)});
    put(answers, u"1.3.6.1.2.1.25.3.2.1.2.2"_s, {Value::Type::ObjectId, 0, {}, oid(u"1.3.6.1.2.1.25.3.1.5"_s)});
    put(answers, u"1.3.6.1.2.1.25.3.2.1.3.2"_s, Value::text("TASKalfa 2554ci"));
    put(answers, u"1.3.6.1.2.1.25.3.5.1.1.2"_s, Value::integer(4));
    put(answers, u"1.3.6.1.2.1.25.3.5.1.2.2"_s, Value::text(QByteArray::fromHex("2040")));
    put(answers, u"1.3.6.1.2.1.43.5.1.1.10.2"_s, Value::integer(3));
    put(answers, u"1.3.6.1.2.1.43.5.1.1.17.2"_s, Value::text("VLW7X73031"));
    put(answers, u"1.3.6.1.2.1.43.7.1.1.4.2.3"_s, Value::integer(5));
    put(answers, u"1.3.6.1.2.1.43.10.2.1.3.2.1"_s, Value::integer(7));
    put(answers, u"1.3.6.1.2.1.43.10.2.1.4.2.1"_s, {Value::Type::Counter32, 61244, {}, {}});
    put(answers, supplies + u"6.2.1"_s, Value::text("Black Toner"));
    put(answers, supplies + u"4.2.1"_s, Value::integer(3));
    put(answers, supplies + u"5.2.1"_s, Value::integer(3));
    put(answers, supplies + u"7.2.1"_s, Value::integer(7));
    put(answers, supplies + u"8.2.1"_s, Value::integer(20000));
    put(answers, supplies + u"9.2.1"_s, Value::integer(15000));
    put(answers, supplies + u"6.2.9"_s, Value::text("Waste Toner Box"));
    put(answers, supplies + u"4.2.9"_s, Value::integer(4));
    put(answers, supplies + u"5.2.9"_s, Value::integer(4));
    put(answers, supplies + u"8.2.9"_s, Value::integer(-2));
    put(answers, supplies + u"9.2.9"_s, Value::integer(-3));
    put(answers, u"1.3.6.1.2.1.43.12.1.1.4.2.1"_s, Value::text("black"));
    put(answers, u"1.3.6.1.2.1.43.12.1.1.4.2.2"_s, Value::text("cyan"));
    put(answers, u"1.3.6.1.2.1.43.16.5.1.2.2.1"_s, Value::text("Ma\xb3o toneru"));
    put(answers, u"1.3.6.1.2.1.43.18.1.1.2.2.231"_s, Value::integer(4));
    put(answers, u"1.3.6.1.2.1.43.18.1.1.7.2.231"_s, Value::integer(1104));
    put(answers, u"1.3.6.1.2.1.43.18.1.1.8.2.231"_s, Value::text("Ma\xb3o"));
    put(answers, u"1.3.6.1.4.1.1347.42.3.1.2.1.1.1.1"_s, Value::integer(40000));
    put(answers, u"1.3.6.1.4.1.1347.42.3.1.2.1.1.1.3"_s, Value::integer(-1));
    return answers;
}

} // namespace

class ReaderTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        auto catalogue = Catalogue::builtIn();
        QVERIFY2(catalogue, qPrintable(catalogue ? QString() : catalogue.error().detail));
        m_catalogue = *catalogue;
    }

    void readsADeviceOverTheNetwork()
    {
        test::FakeSnmpAgent agent(printer());
        snmp::Engine engine;
        const test::FakeClock clock;
        Reader reader(engine, m_catalogue, clock);
        const auto outcome = test::wait(reader.read(target(agent)));
        QVERIFY2(outcome, qPrintable(outcome ? QString() : outcome.error().detail));
        const model::Reading* const reading = &outcome->reading;
        QCOMPARE(reading->address, u"127.0.0.1"_s);
        QCOMPARE(reading->takenAt, clock.now());
        QCOMPARE(reading->identity.manufacturer, u"Kyocera"_s);
        QCOMPARE(reading->identity.model, u"TASKalfa 2554ci"_s);
        QCOMPARE(reading->identity.modelId, u"kyocera.taskalfa-2554ci"_s);
        QCOMPARE(reading->identity.serialNumber, u"VLW7X73031"_s);
        QCOMPARE(reading->identity.location, u"Hall 3"_s);
        QCOMPARE(reading->identity.mac, u"00:17:c8:b9:02:de"_s);
        QCOMPARE(reading->identity.color, std::optional<bool>(true));
        QCOMPARE(reading->status.state, u"printing"_s);
        QCOMPARE(reading->status.errors, std::optional(QStringList{u"lowToner"_s, u"outputTrayMissing"_s}));
        QVERIFY(reading->sources.isEmpty());

        // What the network gave is what the recording gives.
        const auto offline = readRecording(*m_catalogue, printer(), {QHostAddress::LocalHost, clock.now(), false});
        QVERIFY(offline);
        QCOMPARE(*reading, *offline);
    }

    void readsTablesWithHoles()
    {
        const model::Reading reading = read(printer());
        QCOMPARE(reading.supplies.size(), 2);
        QCOMPARE(reading.supplies[0].index, u"2.1"_s);
        QCOMPARE(reading.supplies[0].level.percent, 75.0);
        QCOMPARE(reading.supplies[0].color, u"black"_s);
        QCOMPARE(reading.supplies[1].index, u"2.9"_s);
        QCOMPARE(reading.supplies[1].level.kind, model::SupplyLevel::Kind::Some);
        QCOMPARE(reading.supplies[1].supplyClass, model::SupplyClass::Filled);
        QCOMPARE(reading.supplies[1].capacity, std::nullopt);
        QCOMPARE(reading.alerts.size(), 1);
        QCOMPARE(reading.alerts[0].index, u"2.231"_s);
        QCOMPARE(reading.alerts[0].code, 1104);
        QCOMPARE(reading.alerts[0].location, -2); // not given
    }

    void asksForTheCharsetItNeeds()
    {
        const model::Reading reading = read(printer());
        QCOMPARE(reading.status.display, QStringList{u"Mało toneru"_s});
        QCOMPARE(reading.alerts[0].description, u"Mało"_s);
    }

    void leavesOutCountersThatAreNotSupported()
    {
        const model::Reading reading = read(printer());
        QCOMPARE(reading.meters.size(), 2);
        QCOMPARE(reading.meters[0].name, u"printMono"_s);
        QCOMPARE(reading.meters[0].value, 40000);
        QCOMPARE(reading.meters[1], (model::Meter{u"total"_s, u"impressions"_s, 61244, u"2.1"_s}));
    }

    void saysWhereValuesCameFromWhenAsked()
    {
        const auto reading = readRecording(*m_catalogue, printer(), {QHostAddress::LocalHost, {}, true});
        QVERIFY(reading);
        const model::Source serial = reading->sources.value(u"identity.serialNumber"_s);
        QCOMPARE(serial.object, u"1.3.6.1.2.1.43.5.1.1.17.2"_s);
        QCOMPARE(serial.raw, u"VLW7X73031"_s);
        QCOMPARE(reading->sources.value(u"supplies.2.1.level"_s).raw, u"15000"_s);
        QCOMPARE(reading->sources.value(u"meters.printMono"_s).object, u"1.3.6.1.4.1.1347.42.3.1.2.1.1.1.1"_s);
    }

    void isNotFooledByADeviceThatIsNoPrinter()
    {
        snmp::Answers router{{oid(u"1.3.6.1.2.1.1.1.0"_s), Value::text("router")}};
        test::FakeSnmpAgent agent(router);
        snmp::Engine engine;
        Reader reader(engine, m_catalogue);
        const auto reading = test::wait(reader.read(target(agent)));
        QVERIFY(!reading);
        QCOMPARE(reading.error().code, ErrorCode::NotFound);
        QCOMPARE(agent.requests(), 2);
    }

    void endsTheRoundWithTheFirstTimeOut()
    {
        test::FakeSnmpAgent agent(printer());
        agent.manner = test::FakeSnmpAgent::Manner::Silent;
        snmp::Engine engine;
        Reader reader(engine, m_catalogue);
        snmp::Target silent = target(agent);
        silent.timeout = std::chrono::milliseconds(50);
        silent.tries = 1;
        const auto reading = test::wait(reader.read(silent));
        QVERIFY(!reading);
        QCOMPARE(reading.error().code, ErrorCode::Timeout);
        QCOMPARE(engine.counters().sent, quint64(1));
    }

    void survivesNonsense()
    {
        // Every object of the wrong type, size or sign: nothing is made up, nothing breaks.
        const QList<Value> nonsense{Value::integer(std::numeric_limits<qint64>::max()), Value::integer(-9),
            Value::text(QByteArray(100'000, '\xff')), Value::text(QByteArray(3, '\0')),
            {Value::Type::ObjectId, 0, {}, {}}, {Value::Type::Null, 0, {}, {}}, Value::text("")};
        for (const Value& value : nonsense) {
            snmp::Answers answers = printer();
            for (Value& each : answers)
                each = value;
            answers.insert(oid(u"1.3.6.1.2.1.43.11.1.1.9"_s), Value::integer(1)); // a column without an index
            answers.insert(oid(u"1.3.6.1.2.1.43.11.1.1.9.1.2.3.4"_s), Value::integer(1)); // too long an index
            const auto reading = readRecording(*m_catalogue, answers, {QHostAddress::LocalHost, {}, true});
            if (!reading) {
                QCOMPARE(reading.error().code, ErrorCode::NotFound);
                continue;
            }
            for (const model::Supply& supply : reading->supplies)
                QVERIFY(supply.level.percent >= 0 && supply.level.percent <= 100 && supply.name.size() <= maxTextBytes);
        }
    }

private:
    static snmp::Target target(const test::FakeSnmpAgent& agent)
    {
        snmp::Target target;
        target.address = agent.address();
        target.port = agent.port();
        return target;
    }

    model::Reading read(const snmp::Answers& answers) const
    {
        return readRecording(*m_catalogue, answers, {QHostAddress::LocalHost, {}, false}).value_or(model::Reading());
    }

    std::shared_ptr<const Catalogue> m_catalogue;
};

PLATEN_TEST(ReaderTest)
#include "ReaderTest.moc"
