// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <snmp/AddressRange.h>
#include <snmp/Sweep.h>

#include <testkit/FakeSnmpAgent.h>
#include <testkit/Wait.h>

#include <QElapsedTimer>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace platen;
using namespace platen::snmp;
using Manner = platen::test::FakeSnmpAgent::Manner;
using test::wait;

namespace {

const Oid name{1, 3, 6, 1, 2, 1, 1, 5, 0};

Answers printer()
{
    return {{name, Value::text("front desk")}};
}

/// Every address of the agent's network at its port.
QList<Target> neighbours(quint16 port, QStringView network = u"127.9.9.0/24")
{
    const QList<QHostAddress> addresses = *expanded({*AddressRange::parse(network)});
    QList<Target> targets;
    for (const QHostAddress& address : addresses) {
        Target target;
        target.address = address;
        target.port = port;
        targets.append(target);
    }
    return targets;
}

constexpr SweepPace fast{.packetsPerSecond = 0, .window = 256, .passes = 2, .timeout = 250ms};

} // namespace

class SweepTest : public QObject {
    Q_OBJECT

private slots:
    void findsWhoAnswers();
    void asksTheSilentOnceMore();
    void asksThoseThatAnsweredOnlyOnce();
    void keepsTheFirstCredentialsThatWork();
    void keepsToItsPace();
    void keepsToItsWindow();
    void sweepsALargeNetworkWithoutALimit();
    void saysSoWhenNothingCanBeSent();
    void comesHomeFromNowhere();
};

void SweepTest::findsWhoAnswers()
{
    test::FakeSnmpAgent agent(printer(), QHostAddress(u"127.9.9.77"_s));
    Engine engine;
    QList<QHostAddress> heard;
    const auto hits = wait(sweep(engine, neighbours(agent.port()), {name}, fast, [&](const SweepHit& hit) { heard.append(hit.target.address); }));
    QVERIFY(hits);
    QCOMPARE(hits->size(), 1);
    QCOMPARE(hits->first().target.address, QHostAddress(u"127.9.9.77"_s));
    QCOMPARE(hits->first().varBinds, (VarBinds{{name, Value::text("front desk")}}));
    QCOMPARE(hits->first().target.tries, Target().tries); // the caller's own, for the reading that follows
    QCOMPARE(heard, QList<QHostAddress>{QHostAddress(u"127.9.9.77"_s)});
    QCOMPARE(engine.counters().sent, 254U + 253U);
}

void SweepTest::asksTheSilentOnceMore()
{
    test::FakeSnmpAgent agent(printer(), QHostAddress(u"127.9.9.7"_s));
    agent.ignored = 1;
    Engine engine;
    QCOMPARE(wait(sweep(engine, neighbours(agent.port()), {name}, fast))->size(), 1);
    QCOMPARE(agent.requests(), 2);
}

void SweepTest::asksThoseThatAnsweredOnlyOnce()
{
    test::FakeSnmpAgent agent(printer(), QHostAddress(u"127.9.9.7"_s));
    Engine engine;
    QCOMPARE(wait(sweep(engine, neighbours(agent.port()), {name}, fast))->size(), 1);
    QCOMPARE(agent.requests(), 1);
}

void SweepTest::keepsTheFirstCredentialsThatWork()
{
    test::FakeSnmpAgent agent(printer(), QHostAddress(u"127.9.9.7"_s));
    agent.community = "house";
    QList<Target> targets;
    for (const char* community : {"public", "house", "house"}) {
        Target target;
        target.address = agent.address();
        target.port = agent.port();
        target.credentials.community = Secret(community);
        targets.append(target);
    }
    Engine engine;
    const auto hits = wait(sweep(engine, targets, {name}, fast));
    QCOMPARE(hits->size(), 1);
    QCOMPARE(hits->first().target.credentials.community.reveal(), "house"_ba);
}

void SweepTest::keepsToItsPace()
{
    test::FakeSnmpAgent agent(printer(), QHostAddress(u"127.9.9.7"_s));
    Engine engine;
    QElapsedTimer time;
    time.start();
    QVERIFY(wait(sweep(engine, neighbours(agent.port()), {name}, {.packetsPerSecond = 500, .window = 4096, .passes = 1, .timeout = 10ms})));
    QVERIFY2(time.elapsed() >= 480, qPrintable(QString::number(time.elapsed()))); // 254 packets, five at once to begin with
    QCOMPARE(engine.counters().sent, 254U);
}

void SweepTest::keepsToItsWindow()
{
    test::FakeSnmpAgent agent(printer(), QHostAddress(u"127.9.9.7"_s));
    Engine engine;
    auto task = sweep(engine, neighbours(agent.port()), {name}, {.packetsPerSecond = 0, .window = 32, .passes = 1, .timeout = 150ms});
    QCOMPARE(engine.counters().sent, 32U);
    QCOMPARE(wait(std::move(task))->size(), 1);
    QCOMPARE(engine.counters().sent, 254U);
}

void SweepTest::sweepsALargeNetworkWithoutALimit()
{
    test::FakeSnmpAgent agent(printer(), QHostAddress(u"127.9.77.7"_s));
    Engine engine;
    QCOMPARE(wait(sweep(engine, neighbours(agent.port(), u"127.9.64.0/20"), {name}, {.packetsPerSecond = 0, .timeout = 500ms}))->size(), 1);
}

void SweepTest::saysSoWhenNothingCanBeSent()
{
    Engine engine;
    const auto hits = wait(sweep(engine, QList<Target>(3), {name}, fast));
    QVERIFY(!hits);
    QCOMPARE(hits.error().code, ErrorCode::NetworkFailed);
}

void SweepTest::comesHomeFromNowhere()
{
    Engine engine;
    QVERIFY(wait(sweep(engine, {}, {name}, fast))->isEmpty());
}

QTEST_GUILESS_MAIN(SweepTest)
#include "SweepTest.moc"
