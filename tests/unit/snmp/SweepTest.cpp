// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <snmp/Message.h>
#include <snmp/Sweep.h>
#include <testkit/Program.h>

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
const Oid contact{1, 3, 6, 1, 2, 1, 1, 4, 0};
constexpr SweepPace fast{.packetsPerSecond = 0, .window = 256, .passes = 2, .timeout = 250ms};

Answers printer() { return {{name, Value::text("front desk")}}; }

Credentials community(const char* text, Version version = Version::V2c)
{
    Credentials credentials;
    credentials.version = version;
    credentials.community = Secret(text);
    return credentials;
}

/// Every address of `network` at this port.
SweepOrder neighbours(quint16 port, QStringView network = u"127.9.9.0/24", SweepPace pace = fast,
    QList<Credentials> credentials = {community("public")})
{
    SweepOrder order;
    order.oids = {name};
    order.spans = *planned({{*AddressRange::parse(network), port}}, {}, int(credentials.size()));
    order.credentials = std::move(credentials);
    order.pace = pace;
    return order;
}

/// Answers every datagram with what `answer` makes of it.
class Responder : public QUdpSocket {
public:
    Responder(const QHostAddress& address, std::function<QList<QByteArray>(const QByteArray&)> answer)
    {
        bind(address, 0);
        connect(this, &QUdpSocket::readyRead, this, [this, answer] {
            while (hasPendingDatagrams()) {
                const QNetworkDatagram datagram = receiveDatagram();
                for (const QByteArray& bytes : answer(datagram.data()))
                    writeDatagram(bytes, datagram.senderAddress(), static_cast<quint16>(datagram.senderPort()));
            }
        });
    }
};

/// A GET sent back as its own answer: each object is null.
QByteArray asAnswer(QByteArray request)
{
    request[request.indexOf('\xa0')] = '\xa2';
    return request;
}

} // namespace

class SweepTest : public QObject {
    Q_OBJECT

private slots:
    void findsWhoAnswers();
    void asksTheSilentOnceMore();
    void asksThoseThatAnsweredOnlyOnce();
    void endsAsSoonAsAllHaveAnswered();
    void keepsTheFirstCredentialsThatWork();
    void findsAnAgentThatSpeaksOnlyV1();
    void findsAnSnmpV3Engine();
    void sweepsBothAddressFamilies();
    void namesWhatWasNotAnswered();
    void keepsToItsPace();
    void keepsToItsWindow();
    void sweepsALargeNetworkWithoutALimit();
    void dropsAnswersFromAnotherPort();
    void dropsAnswersWithAnotherId();
    void countsADuplicateOnce();
    void survivesRubbish();
    void isNotHeldUpByAFlood();
    void hearsWhereNobodyListens();
    void saysSoWhenNothingCanBeSent();
    void endsWhenStopped();
    void refusesAnOrderThatCannotBe();
    void comesHomeFromNowhere();
};

void SweepTest::findsWhoAnswers()
{
    test::FakeSnmpAgent agent(printer(), QHostAddress(u"127.9.9.77"_s));
    QList<QHostAddress> heard;
    const auto outcome = wait(sweep(neighbours(agent.port()), [&](const SweepHit& hit) { heard.append(hit.address); }));
    QVERIFY(outcome);
    QCOMPARE(outcome->hits.size(), 1);
    QCOMPARE(outcome->hits.first().address, QHostAddress(u"127.9.9.77"_s));
    QCOMPARE(outcome->hits.first().port, agent.port());
    QCOMPARE(outcome->hits.first().varBinds, (VarBinds{{name, Value::text("front desk")}}));
    QVERIFY(!outcome->hits.first().engine);
    QCOMPARE(heard, QList<QHostAddress>{QHostAddress(u"127.9.9.77"_s)});
    QCOMPARE(outcome->counters.sent, 254U + 253U);
    QCOMPARE(outcome->counters.answered, 1U);
}

void SweepTest::asksTheSilentOnceMore()
{
    test::FakeSnmpAgent agent(printer(), QHostAddress(u"127.9.9.7"_s));
    agent.ignored = 1;
    QCOMPARE(wait(sweep(neighbours(agent.port())))->hits.size(), 1);
    QCOMPARE(agent.requests(), 2);
}

void SweepTest::asksThoseThatAnsweredOnlyOnce()
{
    test::FakeSnmpAgent agent(printer(), QHostAddress(u"127.9.9.7"_s));
    QCOMPARE(wait(sweep(neighbours(agent.port())))->hits.size(), 1);
    QCOMPARE(agent.requests(), 1);
}

void SweepTest::endsAsSoonAsAllHaveAnswered()
{
    test::FakeSnmpAgent agent(printer(), QHostAddress(u"127.9.9.7"_s));
    QElapsedTimer time;
    time.start();
    QCOMPARE(wait(sweep(neighbours(agent.port(), u"127.9.9.7", {.timeout = 20s})))->hits.size(), 1);
    QVERIFY(time.elapsed() < 10'000);
}

void SweepTest::keepsTheFirstCredentialsThatWork()
{
    test::FakeSnmpAgent agent(printer(), QHostAddress(u"127.9.9.7"_s));
    agent.community = "house";
    const auto outcome = wait(sweep(
        neighbours(agent.port(), u"127.9.9.7", fast, {community("public"), community("house"), community("house")})));
    QCOMPARE(outcome->hits.size(), 1);
    QCOMPARE(outcome->hits.first().credentials, 1);
    QCOMPARE(agent.requests(), 1);
}

void SweepTest::findsAnAgentThatSpeaksOnlyV1()
{
    Responder old(QHostAddress(u"127.9.9.8"_s), [](const QByteArray& request) {
        const bool isV1 = request.mid(2, 3) == QByteArray::fromHex("020100");
        return isV1 ? QList<QByteArray>{asAnswer(request)} : QList<QByteArray>();
    });
    const auto outcome = wait(sweep(
        neighbours(old.localPort(), u"127.9.9.8", fast, {community("public"), community("public", Version::V1)})));
    QCOMPARE(outcome->hits.size(), 1);
    QCOMPARE(outcome->hits.first().credentials, 1);
}

void SweepTest::findsAnSnmpV3Engine()
{
    // A report of engine 80001f88045b6c: boots 3, time 77, id of the request.
    Responder engine(QHostAddress(u"127.9.9.9"_s), [](const QByteArray& request) {
        const auto asked = parsed(request);
        QByteArray report = QByteArray::fromHex(
            "305d0201033011020441424344020300ffe3040100020103"
            "04173015040780001f88045b6c02010302014d040004000400"
            "302c040780001f88045b6c0400a81f0204414243440201000201003011300f060a2b060106030f01010400410105");
        for (qsizetype at = report.indexOf("ABCD"); at >= 0; at = report.indexOf("ABCD", at + 4))
            qToBigEndian(asked->header.id, report.data() + at);
        return QList<QByteArray>{report};
    });
    const auto outcome = wait(sweep(neighbours(engine.localPort(), u"127.9.9.9", fast, {community("", Version::V3)})));
    QCOMPARE(outcome->hits.size(), 1);
    QCOMPARE(outcome->hits.first().engine, (EngineIdentity{QByteArray::fromHex("80001f88045b6c"), 3, 77}));
    QVERIFY(outcome->hits.first().varBinds.isEmpty());
}

void SweepTest::sweepsBothAddressFamilies()
{
    QUdpSocket probe;
    if (!probe.bind(QHostAddress::LocalHostIPv6))
        QSKIP("this machine has no IPv6");
    test::FakeSnmpAgent four(printer(), QHostAddress(u"127.9.9.7"_s)), six(printer(), QHostAddress::LocalHostIPv6);
    SweepOrder order = neighbours(four.port());
    order.spans = *planned(
        {{*AddressRange::parse(u"::1"), six.port()}, {*AddressRange::parse(u"127.9.9.0/28"), four.port()}}, {}, 1);
    const auto outcome = wait(sweep(order));
    QCOMPARE(outcome->hits.size(), 2);
    QSet<QString> found;
    for (const SweepHit& hit : outcome->hits)
        found.insert(hit.address.toString());
    QCOMPARE(found, (QSet<QString>{u"127.9.9.7"_s, u"::1"_s}));
}

void SweepTest::namesWhatWasNotAnswered()
{
    test::FakeSnmpAgent agent(printer(), QHostAddress(u"127.9.9.7"_s));
    SweepOrder order = neighbours(agent.port(), u"127.9.9.7");
    order.oids = {contact, name};
    const VarBinds varBinds = wait(sweep(order))->hits.first().varBinds;
    QCOMPARE(varBinds.size(), 2);
    QVERIFY(varBinds[0].oid == contact && !varBinds[0].value.exists());
    QVERIFY(varBinds[1].oid == name && varBinds[1].value.exists());
}

void SweepTest::keepsToItsPace()
{
    QElapsedTimer time;
    time.start();
    const auto outcome =
        wait(sweep(neighbours(9, u"127.9.9.0/24", {.packetsPerSecond = 500, .passes = 1, .timeout = 10ms})));
    QVERIFY2(time.elapsed() >= 500, qPrintable(QString::number(time.elapsed()))); // 254 packets
    QCOMPARE(outcome->counters.sent, 254U);
}

void SweepTest::keepsToItsWindow()
{
    QElapsedTimer time;
    time.start();
    const auto outcome = wait(
        sweep(neighbours(9, u"127.9.9.0/24", {.packetsPerSecond = 0, .window = 64, .passes = 1, .timeout = 150ms})));
    QVERIFY(time.elapsed() >= 4 * 150); // 64, 64, 64, 62
    QCOMPARE(outcome->counters.sent, 254U);
}

void SweepTest::sweepsALargeNetworkWithoutALimit()
{
    test::FakeSnmpAgent agent(printer(), QHostAddress(u"127.9.77.7"_s));
    const auto outcome =
        wait(sweep(neighbours(agent.port(), u"127.9.64.0/20", {.packetsPerSecond = 0, .timeout = 500ms})));
    QCOMPARE(outcome->hits.size(), 1);
    QCOMPARE(outcome->counters.sent, 4094U + 4093U);
}

void SweepTest::dropsAnswersFromAnotherPort()
{
    test::FakeSnmpAgent agent(printer(), QHostAddress(u"127.9.9.7"_s));
    agent.manner = Manner::WrongPort;
    const auto outcome = wait(sweep(neighbours(agent.port(), u"127.9.9.7")));
    QVERIFY(outcome->hits.isEmpty());
    QCOMPARE(outcome->counters.foreign, 2U);
}

void SweepTest::dropsAnswersWithAnotherId()
{
    test::FakeSnmpAgent agent(printer(), QHostAddress(u"127.9.9.7"_s));
    agent.manner = Manner::WrongRequestId;
    const auto outcome = wait(sweep(neighbours(agent.port(), u"127.9.9.7")));
    QVERIFY(outcome->hits.isEmpty());
    QCOMPARE(outcome->counters.foreign, 2U);
}

void SweepTest::countsADuplicateOnce()
{
    Responder echo(QHostAddress(u"127.9.9.7"_s),
        [](const QByteArray& request) { return QList<QByteArray>(5, asAnswer(request)); });
    const auto outcome = wait(sweep(neighbours(echo.localPort(), u"127.9.9.0/28")));
    QCOMPARE(outcome->hits.size(), 1);
    QCOMPARE(outcome->counters.duplicate, 4U);
}

void SweepTest::survivesRubbish()
{
    test::FakeSnmpAgent agent(printer(), QHostAddress(u"127.9.9.7"_s));
    agent.manner = Manner::Garbage;
    const auto outcome = wait(sweep(neighbours(agent.port(), u"127.9.9.7")));
    QCOMPARE(outcome->hits.size(), 1);
    QCOMPARE(outcome->counters.malformed, 4U);

    Responder flood(QHostAddress(u"127.9.9.10"_s), [](const QByteArray& request) {
        return QList<QByteArray>{
            QByteArray(60'000, '\x30'), request, {}, asAnswer(request).first(20), QByteArray(2'048, '\xff')};
    });
    const auto flooded = wait(sweep(neighbours(flood.localPort(), u"127.9.9.10")));
    QVERIFY(flooded->hits.isEmpty());
    QCOMPARE(flooded->counters.malformed, 10U);
}

void SweepTest::isNotHeldUpByAFlood()
{
    // One host that never stops talking, at an address that is asked first.
    QHostAddress to;
    quint16 port = 0;
    QUdpSocket flood;
    QVERIFY(flood.bind(QHostAddress(u"127.9.9.1"_s), 0));
    QTimer ticker;
    connect(&flood, &QUdpSocket::readyRead, &flood, [&] {
        const QNetworkDatagram datagram = flood.receiveDatagram();
        to = datagram.senderAddress();
        port = quint16(datagram.senderPort());
        ticker.start(0ms);
    });
    connect(&ticker, &QTimer::timeout, &flood, [&] { flood.writeDatagram("rubbish", to, port); });
    SweepOrder order =
        neighbours(flood.localPort(), u"127.9.9.0/24", {.packetsPerSecond = 1000, .passes = 1, .timeout = 100ms});
    QElapsedTimer time;
    time.start();
    const auto outcome = wait(sweep(order));
    QVERIFY2(time.elapsed() < 5000, qPrintable(QString::number(time.elapsed()))); // 0.4 s when nothing is held up
    QCOMPARE(outcome->counters.sent, 254U);
    QVERIFY(outcome->counters.malformed > 100);
}

void SweepTest::hearsWhereNobodyListens()
{
    test::FakeSnmpAgent agent(printer(), QHostAddress(u"127.9.9.7"_s));
    const auto outcome = wait(sweep(neighbours(agent.port(), u"127.9.9.0/28")));
    QCOMPARE(outcome->hits.size(), 1);
    QCOMPARE(outcome->closed.size(), 13);
    QVERIFY(!outcome->closed.contains(QHostAddress(u"127.9.9.7"_s)));
    QCOMPARE(outcome->counters.sent, 14U + 13U);
}

void SweepTest::saysSoWhenNothingCanBeSent()
{
    SweepOrder order = neighbours(161);
    order.spans = {
        {IpNumber::fromIpv4(0xffffffff), IpNumber::fromIpv4(0xffffffff), 161, {0}, {}}}; // broadcast is not allowed
    const auto outcome = wait(sweep(order));
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::NetworkFailed);
    QVERIFY(outcome.error().detail.contains(u"255.255.255.255"_s));
}

void SweepTest::endsWhenStopped()
{
    std::stop_source source;
    SweepOrder order = neighbours(9, u"127.9.0.0/16", {.packetsPerSecond = 100});
    order.stop = source.get_token();
    QTimer::singleShot(20ms, [&] { source.request_stop(); });
    QCOMPARE(wait(sweep(order)).error().code, ErrorCode::Cancelled);
}

void SweepTest::refusesAnOrderThatCannotBe()
{
    SweepOrder order = neighbours(161);
    order.oids.clear();
    QCOMPARE(wait(sweep(order)).error().code, ErrorCode::InvalidInput);
    order = neighbours(0);
    QCOMPARE(wait(sweep(order)).error().code, ErrorCode::InvalidInput);
    order = neighbours(161);
    order.spans[0].credentials = {1};
    QCOMPARE(wait(sweep(order)).error().code, ErrorCode::InvalidInput);
    order = neighbours(161, u"127.9.9.1", fast, {community(QByteArray(256, 'c').constData())});
    QCOMPARE(wait(sweep(order)).error().code, ErrorCode::InvalidInput);
}

void SweepTest::comesHomeFromNowhere()
{
    SweepOrder order = neighbours(161);
    order.spans.clear();
    QVERIFY(wait(sweep(order))->hits.isEmpty());
}

PLATEN_TEST(SweepTest)
#include "SweepTest.moc"
