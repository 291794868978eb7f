// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <snmp/Engine.h>
#include <testkit/Program.h>

#include <testkit/FakeSnmpAgent.h>
#include <testkit/Wait.h>

#include <QElapsedTimer>
#include <QTest>

#include <limits>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace platen;
using namespace platen::snmp;
using Manner = platen::test::FakeSnmpAgent::Manner;
using test::wait;

namespace {

const Oid systemGroup{1, 3, 6, 1, 2, 1, 1};
const Oid supplies{1, 3, 6, 1, 2, 1, 43, 11, 1, 1};

Answers printer()
{
    Answers answers;
    answers.insert(systemGroup + Oid{1, 0}, Value::text("Printer"));
    answers.insert(systemGroup + Oid{3, 0}, {Value::Type::TimeTicks, 4294967295, {}, {}});
    answers.insert(systemGroup + Oid{5, 0}, Value::text("front desk"));
    return answers;
}

/// `columns` columns of `rows` rows of `bytes` octets.
Answers table(quint32 columns, quint32 rows, qsizetype bytes)
{
    Answers answers;
    for (quint32 column = 1; column <= columns; ++column) {
        for (quint32 row = 1; row <= rows; ++row)
            answers.insert(supplies + Oid{column, 1, row}, Value::text(QByteArray(bytes, 'x')));
    }
    return answers;
}

Target targetOf(const test::FakeSnmpAgent& agent, std::chrono::milliseconds timeout = 3s)
{
    Target target;
    target.address = agent.address();
    target.port = agent.port();
    target.timeout = timeout;
    return target;
}

} // namespace

class EngineTest : public QObject {
    Q_OBJECT

private slots:
    void readsObjectsInTheOrderAsked();
    void understandsEveryType();
    void marksWhatIsNotThere_data();
    void marksWhatIsNotThere();
    void asksAgainWithoutTheObjectThatBreaksTheAgent();
    void halvesWhatIsTooBig();
    void triesAgainAfterALostAnswer();
    void asksSoonerAgainWhoHasAnsweredBefore();
    void acceptsALateAnswerToTheFirstTry();
    void timesOutAsTheTargetSays();
    void keepsTheTimeoutsOfTargetsApart();
    void saysSoWhenACommunityIsRefused();
    void refusesCredentialsThatCannotBe();
    void saysSoWhenNothingCanBeSent();
    void ignoresAnswersFromElsewhere_data();
    void ignoresAnswersFromElsewhere();
    void survivesGarbage();
    void asksManyAtOnce();
    void keepsHostsApart();
    void speaksOverIpv6();
    void walksASubtree_data();
    void walksASubtree();
    void endsAWalkThatGoesBackwards();
    void endsAWalkThatNeverEnds();
    void endsAWalkThatComesToNothing();
    void keepsWhatItReadWhenADeviceFallsSilent();
    void asksAnAgentThatChokesOnGetBulkForLess();
    void mayBeDestroyedWhileWaiting();
    void mayBeDestroyedByWhoWasWaiting();
};

void EngineTest::readsObjectsInTheOrderAsked()
{
    test::FakeSnmpAgent agent(printer());
    Engine engine;
    const auto answer = wait(engine.get(targetOf(agent), {systemGroup + Oid{5, 0}, systemGroup + Oid{1, 0}}));
    QVERIFY(answer);
    QCOMPARE(*answer, (VarBinds{{systemGroup + Oid{5, 0}, Value::text("front desk")}, {systemGroup + Oid{1, 0}, Value::text("Printer")}}));
    QCOMPARE(agent.requests(), 1);
    QCOMPARE(engine.counters().sent, 1U);
    QCOMPARE(engine.counters().answered, 1U);
    QVERIFY(wait(engine.get(targetOf(agent), {}))->isEmpty());
    QCOMPARE(wait(engine.get(targetOf(agent), QList<Oid>(65, systemGroup))).error().code, ErrorCode::InvalidInput);
}

void EngineTest::understandsEveryType()
{
    using Type = Value::Type;
    const QList<Value> values{Value::integer(-3), Value::integer(2147483647), Value::text(QByteArray("a\0\xff", 3)), Value::text(""),
        {Type::ObjectId, 0, {}, Oid{1, 3, 6, 1, 4, 1, 4294967295}}, {Type::IpAddress, 0, "\x0a\x01\x02\x03", {}}, {Type::Counter32, 4294967295, {}, {}},
        {Type::Gauge32, 3000000000, {}, {}}, {Type::TimeTicks, 1, {}, {}}, {Type::Counter64, 1LL << 40, {}, {}}, {}};
    Answers answers;
    QList<Oid> oids;
    for (const Value& value : values) {
        oids.append(systemGroup + Oid{static_cast<quint32>(oids.size() + 1), 0});
        answers.insert(oids.last(), value);
    }
    test::FakeSnmpAgent agent(answers);
    Engine engine;
    const auto answer = wait(engine.get(targetOf(agent), oids));
    QVERIFY(answer);
    for (qsizetype i = 0; i < values.size(); ++i)
        QVERIFY2(answer->at(i).value == values[i], qPrintable(u"value %1"_s.arg(i)));
}

void EngineTest::marksWhatIsNotThere_data()
{
    QTest::addColumn<int>("version");
    QTest::newRow("v1") << static_cast<int>(Version::V1);
    QTest::newRow("v2c") << static_cast<int>(Version::V2c);
}

void EngineTest::marksWhatIsNotThere()
{
    QFETCH(int, version);
    test::FakeSnmpAgent agent(printer());
    Engine engine;
    Target target = targetOf(agent);
    target.credentials.version = static_cast<Version>(version);
    const auto answer = wait(engine.get(target, {systemGroup + Oid{9, 0}, systemGroup + Oid{1, 0}, systemGroup + Oid{8, 0}}));
    QVERIFY(answer);
    QCOMPARE(answer->size(), 3);
    QVERIFY(!answer->at(0).value.exists());
    QCOMPARE(answer->at(0).oid, (systemGroup + Oid{9, 0}));
    QCOMPARE(answer->at(1).value, Value::text("Printer"));
    QVERIFY(!answer->at(2).value.exists());
}

void EngineTest::asksAgainWithoutTheObjectThatBreaksTheAgent()
{
    test::FakeSnmpAgent agent(printer());
    agent.poisoned = systemGroup + Oid{3, 0};
    Engine engine;
    const auto answer = wait(engine.get(targetOf(agent), {systemGroup + Oid{1, 0}, systemGroup + Oid{3, 0}, systemGroup + Oid{5, 0}}));
    QVERIFY(answer);
    QCOMPARE(answer->at(0).value, Value::text("Printer"));
    QVERIFY(!answer->at(1).value.exists());
    QCOMPARE(answer->at(2).value, Value::text("front desk"));
}

void EngineTest::halvesWhatIsTooBig()
{
    test::FakeSnmpAgent agent(table(5, 1, 4));
    agent.manner = Manner::TooBig;
    Engine engine;
    QList<Oid> oids;
    for (quint32 column = 1; column <= 5; ++column)
        oids.append(supplies + Oid{column, 1, 1});
    const auto answer = wait(engine.get(targetOf(agent), oids));
    QVERIFY(answer);
    QVERIFY(std::ranges::all_of(*answer, [](const VarBind& varBind) { return varBind.value == Value::text("xxxx"); }));
}

void EngineTest::triesAgainAfterALostAnswer()
{
    test::FakeSnmpAgent agent(printer());
    agent.ignored = 1;
    Engine engine;
    QVERIFY(wait(engine.get(targetOf(agent, 300ms), {systemGroup + Oid{1, 0}})));
    QCOMPARE(engine.counters().sent, 2U);
    QCOMPARE(engine.counters().timedOut, 1U);
}

void EngineTest::asksSoonerAgainWhoHasAnsweredBefore()
{
    test::FakeSnmpAgent lossy(printer()), alsoLossy(printer());
    lossy.ignored = alsoLossy.ignored = 3;
    Engine engine;
    Target known = targetOf(lossy, 400ms), unknown = targetOf(alsoLossy, 400ms);
    known.tries = patientTries;
    unknown.tries = patientTries - 1;
    bool isUnknownRead = false;
    engine.get(unknown, {systemGroup + Oid{1, 0}}).then([&](const Result<VarBinds>&) { isUnknownRead = true; });
    QVERIFY(wait(engine.get(known, {systemGroup + Oid{1, 0}}))); // after 100 + 100 + 200 ms, the other after 1,200 ms
    QVERIFY(!isUnknownRead);
    QVERIFY(test::eventually([&] { return isUnknownRead; }));
}

void EngineTest::acceptsALateAnswerToTheFirstTry()
{
    test::FakeSnmpAgent agent(printer());
    agent.delay = 250ms;
    Engine engine;
    Target target = targetOf(agent, 180ms);
    target.tries = 5;
    const auto answer = wait(engine.get(target, {systemGroup + Oid{1, 0}}));
    QVERIFY(answer);
    QVERIFY(test::eventually([&] { return engine.counters().late >= 1; })); // the answer to the second try
}

void EngineTest::timesOutAsTheTargetSays()
{
    test::FakeSnmpAgent agent;
    agent.manner = Manner::Silent;
    Engine engine;
    Target target = targetOf(agent, 50ms);
    target.tries = 3;
    QElapsedTimer time;
    time.start();
    const auto answer = wait(engine.get(target, {systemGroup + Oid{1, 0}}));
    QVERIFY(!answer);
    QCOMPARE(answer.error().code, ErrorCode::Timeout);
    QVERIFY(answer.error().detail.contains(u"127.0.0.1"_s));
    QVERIFY(time.elapsed() >= 150);
    QCOMPARE(engine.counters().sent, 3U);
    QCOMPARE(engine.counters().timedOut, 3U);
}

void EngineTest::keepsTheTimeoutsOfTargetsApart()
{
    test::FakeSnmpAgent agent;
    agent.manner = Manner::Silent;
    Engine engine;
    Target patient = targetOf(agent, 20s), hasty = targetOf(agent, 40ms);
    patient.tries = hasty.tries = 1;
    bool isPatientDone = false;
    engine.get(patient, {systemGroup}).then([&](const Result<VarBinds>&) { isPatientDone = true; });
    QCOMPARE(wait(engine.get(hasty, {systemGroup}), 10s).error().code, ErrorCode::Timeout);
    QVERIFY(!isPatientDone);
}

void EngineTest::saysSoWhenACommunityIsRefused()
{
    test::FakeSnmpAgent agent(printer());
    agent.refusal = 16;
    Engine engine;
    QCOMPARE(wait(engine.get(targetOf(agent), {systemGroup + Oid{1, 0}})).error().code, ErrorCode::PermissionDenied);

    agent.refusal = 0;
    Target target = targetOf(agent, 40ms);
    target.credentials.community = Secret("private");
    QCOMPARE(wait(engine.get(target, {systemGroup + Oid{1, 0}})).error().code, ErrorCode::Timeout);
}

void EngineTest::refusesCredentialsThatCannotBe()
{
    test::FakeSnmpAgent agent(printer());
    Engine engine;
    Target target = targetOf(agent);
    target.credentials.version = Version::V3;
    target.credentials.user = u"reader"_s;
    target.credentials.authProtocol = u"SHA-3"_s;
    const auto refused = wait(engine.get(target, {systemGroup + Oid{1, 0}}));
    QCOMPARE(refused.error().code, ErrorCode::InvalidInput);
    QVERIFY2(refused.error().detail.contains(u"SHA-3"_s) && refused.error().detail.contains(u"127.0.0.1"_s), qPrintable(refused.error().detail));
    QCOMPARE(agent.requests(), 0);
}

void EngineTest::saysSoWhenNothingCanBeSent()
{
    Engine engine;
    Target nowhere;
    QCOMPARE(wait(engine.get(nowhere, {systemGroup})).error().code, ErrorCode::NetworkFailed);
    nowhere.address = QHostAddress(u"255.255.255.255"_s);
    QCOMPARE(wait(engine.get(nowhere, {systemGroup})).error().code, ErrorCode::NetworkFailed);
}

void EngineTest::ignoresAnswersFromElsewhere_data()
{
    QTest::addColumn<int>("manner");
    QTest::newRow("another port") << static_cast<int>(Manner::WrongPort);
    QTest::newRow("another request id") << static_cast<int>(Manner::WrongRequestId);
}

void EngineTest::ignoresAnswersFromElsewhere()
{
    QFETCH(int, manner);
    test::FakeSnmpAgent agent(printer());
    agent.manner = static_cast<Manner>(manner);
    Engine engine;
    QCOMPARE(wait(engine.get(targetOf(agent, 50ms), {systemGroup + Oid{1, 0}})).error().code, ErrorCode::Timeout);
    QCOMPARE(engine.counters().answered, 0U);
    QCOMPARE(engine.counters().foreign + engine.counters().late, quint64(Target().tries));

    agent.manner = Manner::Good; // and still hears the right one
    QVERIFY(wait(engine.get(targetOf(agent), {systemGroup + Oid{1, 0}})));
}

void EngineTest::survivesGarbage()
{
    test::FakeSnmpAgent agent(printer());
    agent.manner = Manner::Garbage;
    Engine engine;
    QVERIFY(wait(engine.get(targetOf(agent), {systemGroup + Oid{1, 0}})));
    QCOMPARE(engine.counters().malformed, 4U);
    QCOMPARE(engine.counters().answered, 1U);
}

void EngineTest::asksManyAtOnce()
{
    test::FakeSnmpAgent agent(printer());
    Engine engine;
    int answered = 0;
    for (int i = 0; i < 200; ++i)
        engine.get(targetOf(agent, 5s), {systemGroup + Oid{1, 0}}).then([&](const Result<VarBinds>& answer) { answered += answer.has_value(); });
    QCOMPARE(engine.counters().sent, 2U); // the others wait their turn
    QVERIFY(test::eventually([&] { return answered == 200; }));
    QCOMPARE(engine.counters().sent, 200U);
}

void EngineTest::keepsHostsApart()
{
    test::FakeSnmpAgent slow, quick(printer());
    slow.manner = Manner::Silent;
    Engine engine;
    int slowDone = 0;
    for (int i = 0; i < 20; ++i)
        engine.get(targetOf(slow, 20s), {systemGroup}).then([&](const Result<VarBinds>&) { ++slowDone; });
    QVERIFY(wait(engine.get(targetOf(quick), {systemGroup + Oid{1, 0}})));
    QCOMPARE(slowDone, 0);
    QCOMPARE(engine.counters().sent, 3U);
}

void EngineTest::speaksOverIpv6()
{
    if (!QUdpSocket().bind(QHostAddress::LocalHostIPv6))
        QSKIP("this machine has no IPv6");
    test::FakeSnmpAgent agent(printer(), QHostAddress::LocalHostIPv6);
    Engine engine;
    const auto answer = wait(engine.get(targetOf(agent), {systemGroup + Oid{1, 0}}));
    QVERIFY(answer);
    QCOMPARE(answer->first().value, Value::text("Printer"));
    agent.manner = Manner::WrongPort;
    QCOMPARE(wait(engine.get(targetOf(agent, 40ms), {systemGroup + Oid{1, 0}})).error().code, ErrorCode::Timeout);
}

void EngineTest::walksASubtree_data()
{
    marksWhatIsNotThere_data();
}

void EngineTest::walksASubtree()
{
    QFETCH(int, version);
    Answers answers = table(3, 40, 30);
    answers.insert(printer());
    test::FakeSnmpAgent agent(answers);
    Engine engine;
    Target target = targetOf(agent);
    target.credentials.version = static_cast<Version>(version);
    qsizetype heard = 0;
    const auto all = wait(engine.walk(target, Oid{1, 3}, {}, [&](qsizetype count) { heard = count; }));
    QVERIFY(all);
    QVERIFY2(all->truncated.isEmpty(), qPrintable(all->truncated));
    QCOMPARE(all->varBinds.size(), 123);
    QCOMPARE(heard, 123);
    QVERIFY(std::ranges::is_sorted(all->varBinds, {}, &VarBind::oid));
    QVERIFY2(agent.largestAnswer() <= 1400, qPrintable(QString::number(agent.largestAnswer())));

    QCOMPARE(wait(engine.walk(target, systemGroup))->varBinds.size(), 3);
    QCOMPARE(wait(engine.walk(target, Oid{1, 3, 7}))->varBinds.size(), 0);
}

void EngineTest::endsAWalkThatGoesBackwards()
{
    test::FakeSnmpAgent agent(printer());
    agent.manner = Manner::Backwards;
    Engine engine;
    const auto walked = wait(engine.walk(targetOf(agent), Oid{1, 3}));
    QVERIFY(walked);
    QCOMPARE(walked->varBinds.size(), 3);
    QVERIFY(walked->truncated.contains(u"backwards"_s));
}

void EngineTest::endsAWalkThatNeverEnds()
{
    test::FakeSnmpAgent agent;
    agent.manner = Manner::Endless;
    Engine engine;
    const auto walked = wait(engine.walk(targetOf(agent), supplies, {.varBinds = 500}));
    QVERIFY(walked);
    QCOMPARE(walked->varBinds.size(), 500);
    QVERIFY(walked->truncated.contains(u"500"_s));

    const auto small = wait(engine.walk(targetOf(agent), supplies, {.bytes = 1000}));
    QVERIFY(small && small->varBinds.size() < 100 && !small->truncated.isEmpty());
}

void EngineTest::endsAWalkThatComesToNothing()
{
    test::FakeSnmpAgent agent;
    agent.manner = Manner::Empty;
    Engine engine;
    const auto walked = wait(engine.walk(targetOf(agent), supplies));
    QVERIFY(walked);
    QVERIFY(walked->varBinds.isEmpty());
    QVERIFY(!walked->truncated.isEmpty());

    agent.manner = Manner::Silent;
    QCOMPARE(wait(engine.walk(targetOf(agent, 40ms), supplies)).error().code, ErrorCode::Timeout);
}

void EngineTest::keepsWhatItReadWhenADeviceFallsSilent()
{
    test::FakeSnmpAgent agent(table(1, 100, 30));
    Engine engine;
    const auto walked = wait(engine.walk(targetOf(agent, 300ms), supplies, {}, [&](qsizetype) { agent.manner = Manner::Silent; }));
    QVERIFY(walked);
    QVERIFY(!walked->varBinds.isEmpty() && walked->varBinds.size() < 100);
    QVERIFY(walked->truncated.contains(u"did not answer"_s));
}

void EngineTest::asksAnAgentThatChokesOnGetBulkForLess()
{
    test::FakeSnmpAgent agent(table(3, 4, 5));
    agent.manner = Manner::TooBig;
    Engine engine;
    const auto found = wait(engine.getBulk(targetOf(agent), {supplies + 1, supplies + 2, supplies + 3}, 1, 4));
    QVERIFY(found);
    QCOMPARE(found->size(), 3); // the first of each
}

void EngineTest::mayBeDestroyedWhileWaiting()
{
    test::FakeSnmpAgent agent;
    agent.manner = Manner::Silent;
    bool isDone = false;
    {
        Engine engine;
        for (int i = 0; i < 20; ++i)
            engine.get(targetOf(agent), {systemGroup}).then([&](const Result<VarBinds>&) { isDone = true; });
        Target nowhere;
        engine.get(nowhere, {systemGroup}).then([&](const Result<VarBinds>&) { isDone = true; });
    }
    QTest::qWait(1);
    QVERIFY(!isDone);
}

void EngineTest::mayBeDestroyedByWhoWasWaiting()
{
    test::FakeSnmpAgent agent(printer());
    auto engine = std::make_unique<Engine>();
    bool isDone = false;
    for (int i = 0; i < 20; ++i) {
        engine->get(targetOf(agent, 5s), {systemGroup + Oid{1, 0}}).then([&](const Result<VarBinds>&) {
            engine.reset();
            isDone = true;
        });
    }
    QVERIFY(test::eventually([&] { return isDone; }));
    QVERIFY(!engine);
}

PLATEN_TEST(EngineTest)
#include "EngineTest.moc"
