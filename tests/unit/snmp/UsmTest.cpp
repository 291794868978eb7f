// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <snmp/Exchange.h>
#include <testkit/Program.h>

#include <testkit/FakeUsmAgent.h>
#include <testkit/Wait.h>

#include <QTest>
#include <QTimer>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace platen;
using namespace platen::snmp;
using Manner = platen::test::FakeUsmAgent::Manner;
using test::wait;

namespace {

const Oid sysDescr{1, 3, 6, 1, 2, 1, 1, 1, 0};
const QByteArray engineId = QByteArray::fromHex("80001f8880aabbccdd01");

Credentials reader(const QString& auth = u"SHA-256"_s, const QString& priv = u"AES-128"_s)
{
    Credentials credentials;
    credentials.version = Version::V3;
    credentials.user = u"reader"_s;
    credentials.authProtocol = auth;
    credentials.authPassphrase = auth.isEmpty() ? Secret() : Secret("authentic words");
    credentials.privProtocol = priv;
    credentials.privPassphrase = priv.isEmpty() ? Secret() : Secret("private words");
    return credentials;
}

Target targetOf(
    const test::FakeUsmAgent& agent, Credentials credentials = reader(), std::chrono::milliseconds timeout = 3s)
{
    return {agent.address(), agent.port(), std::move(credentials), timeout, 2};
}

bool reads(Engine& engine, const Target& target)
{
    const auto answer = wait(engine.get(target, {sysDescr}));
    if (!answer)
        qWarning() << answer.error();
    return answer && answer->size() == 1 && answer->first() == VarBind{sysDescr, Value::text("read")};
}

} // namespace

class UsmTest : public QObject {
    Q_OBJECT

private slots:
    void asksOnceMoreThanV2cTheFirstTime_data()
    {
        QTest::addColumn<Credentials>("credentials");
        QTest::newRow("noAuthNoPriv") << reader({}, {});
        QTest::newRow("authNoPriv") << reader(u"SHA-512"_s, {});
        QTest::newRow("DES") << reader(u"MD5"_s, u"DES"_s);
        QTest::newRow("AES") << reader();
    }
    void asksOnceMoreThanV2cTheFirstTime()
    {
        QFETCH(Credentials, credentials);
        test::FakeUsmAgent agent(credentials, engineId);
        Engine engine;
        QVERIFY(reads(engine, targetOf(agent, credentials)));
        QCOMPARE(agent.packets(), 2);
        QVERIFY(reads(engine, targetOf(agent, credentials)));
        QCOMPARE(agent.packets(), 3);
        QCOMPARE(agent.discoveries(), 1);
    }

    void synchronizesItsTimeOnce()
    {
        test::FakeUsmAgent agent(reader(), engineId);
        agent.manner = Manner::TimelessDiscovery;
        Engine engine;
        QVERIFY(reads(engine, targetOf(agent)));
        QCOMPARE(agent.packets(), 3);
        QVERIFY(reads(engine, targetOf(agent)));
        QCOMPARE(agent.packets(), 4);
    }

    void followsARestart_data()
    {
        QTest::addColumn<quint32>("boots");
        QTest::addColumn<quint32>("time");
        QTest::newRow("as RFC 3414 wants it") << 4U << 2U;
        QTest::newRow("of a printer that does not count its boots") << 3U << 2U;
        QTest::newRow("of a printer that forgets everything") << 0U << 0U;
        QTest::newRow("to the end of time") << 0x7fffffffU << 0x7fffffffU;
    }
    void followsARestart()
    {
        QFETCH(quint32, boots);
        QFETCH(quint32, time);
        test::FakeUsmAgent agent(reader(), engineId);
        Engine engine;
        QVERIFY(reads(engine, targetOf(agent)));
        agent.boots = boots;
        agent.time = time;
        QVERIFY(reads(engine, targetOf(agent)));
        QCOMPARE(agent.packets(), 4);
        QVERIFY(reads(engine, targetOf(agent)));
        QCOMPARE(agent.packets(), 5);
    }

    void followsAnotherDeviceAtTheAddress()
    {
        test::FakeUsmAgent agent(reader(), engineId);
        Engine engine;
        QVERIFY(reads(engine, targetOf(agent)));
        agent.becomeEngine(engineId + "new");
        agent.boots = 90;
        QVERIFY(reads(engine, targetOf(agent)));
        QCOMPARE(agent.packets(), 4);
        QCOMPARE(agent.discoveries(), 1);
    }

    void readsTwoDevicesWithOneEngineId()
    {
        test::FakeUsmAgent one(reader(), engineId), clone(reader(), engineId);
        one.boots = 700;
        one.time = 10'000'000;
        clone.boots = 1;
        clone.time = 20;
        Engine engine;
        for (int i = 0; i < 3; ++i) {
            QVERIFY(reads(engine, targetOf(one)));
            QVERIFY(reads(engine, targetOf(clone)));
        }
        QCOMPARE(one.packets(), 4);
        QCOMPARE(clone.packets(), 4);
    }

    void saysWhatToCheck_data()
    {
        QTest::addColumn<Credentials>("set");
        QTest::addColumn<Credentials>("given");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const QString& says, const Credentials& set, auto change) {
            Credentials given = set;
            change(given);
            QTest::newRow(name) << set << given << says;
        };
        row("an unknown user", u"knows no SNMPv3 user \"somebody\""_s, reader(),
            [](Credentials& c) { c.user = u"somebody"_s; });
        row("a wrong authentication passphrase", u"check the authentication protocol (SHA-256) and passphrase"_s,
            reader(), [](Credentials& c) { c.authPassphrase = Secret("wrong words"); });
        row("a wrong authentication protocol", u"check the authentication protocol (SHA-512)"_s, reader(),
            [](Credentials& c) { c.authProtocol = u"SHA-512"_s; });
        row("a wrong privacy passphrase", u"check the privacy protocol (AES-128) and passphrase"_s, reader(),
            [](Credentials& c) { c.privPassphrase = Secret("wrong words"); });
        row("a wrong key extension", u"check the privacy protocol (AES-256, key extension Reeder)"_s,
            reader(u"SHA-1"_s, u"AES-256"_s), [](Credentials& c) { c.privExtension = u"Reeder"_s; });
        row("a level that is not there", u"with authentication and privacy; check which protocols"_s,
            reader(u"SHA-256"_s, {}), [](Credentials& c) { c = reader(); });
    }
    void saysWhatToCheck()
    {
        QFETCH(Credentials, set);
        QFETCH(Credentials, given);
        QFETCH(QString, says);
        test::FakeUsmAgent agent(set, engineId);
        Engine engine;
        const auto answer = wait(engine.get(targetOf(agent, given), {sysDescr}));
        QVERIFY(!answer);
        QCOMPARE(answer.error().code, ErrorCode::PermissionDenied);
        QVERIFY2(answer.error().detail.contains(says), qPrintable(answer.error().detail));
        QVERIFY(!answer.error().detail.contains(u"words"_s));
        QCOMPARE(agent.packets(), 2);
        QVERIFY(reads(engine, targetOf(agent, set))); // and with the right ones at once
        QCOMPARE(agent.packets(), 3);
    }

    void findsOutWhyADeviceIsSilent()
    {
        test::FakeUsmAgent agent(reader(), engineId);
        agent.manner = Manner::DropsUndecrypted;
        Engine engine;
        Credentials credentials = reader();
        credentials.privPassphrase = Secret("wrong words");
        const auto answer = wait(engine.get(targetOf(agent, credentials, 40ms), {sysDescr}));
        QCOMPARE(answer.error().code, ErrorCode::PermissionDenied);
        QVERIFY2(answer.error().detail.contains(u"check the privacy protocol (AES-128) and passphrase"_s),
            qPrintable(answer.error().detail));
        QCOMPARE(agent.packets(), 4); // a discovery, two tries, one question without privacy

        engine.remember(agent.address(), agent.port(), engineId, agent.boots, agent.time); // also of what a sweep heard
        QCOMPARE(wait(engine.get(targetOf(agent, credentials, 40ms), {sysDescr})).error().code, ErrorCode::PermissionDenied);
        QVERIFY(reads(engine, targetOf(agent)));
        agent.manner = Manner::Silent; // but one that has let us in and is silent is off
        QCOMPARE(wait(engine.get(targetOf(agent, reader(), 40ms), {sysDescr})).error().code, ErrorCode::Timeout);
    }

    void saysThatAContextIsNotThere()
    {
        test::FakeUsmAgent agent(reader(), engineId);
        agent.manner = Manner::NoContext;
        Credentials credentials = reader();
        credentials.contextName = u"tray"_s;
        Engine engine;
        const auto answer = wait(engine.get(targetOf(agent, credentials), {sysDescr}));
        QCOMPARE(answer.error().code, ErrorCode::PermissionDenied);
        QVERIFY2(answer.error().detail.contains(u"context \"tray\""_s), qPrintable(answer.error().detail));
    }

    void takesSilenceAfterDiscoveryForARefusal()
    {
        test::FakeUsmAgent agent(reader(), engineId);
        agent.manner = Manner::OnlyDiscovery;
        Engine engine;
        const auto refused = wait(engine.get(targetOf(agent, reader(), 40ms), {sysDescr}));
        QCOMPARE(refused.error().code, ErrorCode::PermissionDenied);
        QVERIFY2(refused.error().detail.contains(u"(SHA-256, AES-128)"_s), qPrintable(refused.error().detail));

        agent.manner = Manner::Silent;
        const auto gone = wait(engine.get(targetOf(agent, reader(), 40ms), {sysDescr}));
        QCOMPARE(gone.error().code, ErrorCode::Timeout);
        QVERIFY2(gone.error().detail.contains(u"SNMPv3 is enabled"_s), qPrintable(gone.error().detail));
    }

    void endsReportsWithoutEnd_data()
    {
        QTest::addColumn<int>("manner");
        QTest::addColumn<int>("packets");
        QTest::newRow("never in time") << static_cast<int>(Manner::NeverInTime) << 3;
        QTest::newRow("always another engine") << static_cast<int>(Manner::AlwaysNewEngine) << 3;
        QTest::newRow("about nothing") << static_cast<int>(Manner::BareReport) << 2;
    }
    void endsReportsWithoutEnd()
    {
        QFETCH(int, manner);
        test::FakeUsmAgent agent(reader(), engineId);
        agent.manner = static_cast<Manner>(manner);
        Engine engine;
        const auto answer = wait(engine.get(targetOf(agent), {sysDescr}));
        QCOMPARE(answer.error().code, ErrorCode::Malformed);
        QTEST(agent.packets(), "packets");
    }

    void believesOnlyWhatIsSealed_data()
    {
        QTest::addColumn<int>("manner");
        QTest::newRow("a wrong digest") << static_cast<int>(Manner::WrongDigest);
        QTest::newRow("no digest") << static_cast<int>(Manner::Unsealed);
        QTest::newRow("another engine's name") << static_cast<int>(Manner::OtherEngineAnswers);
    }
    void believesOnlyWhatIsSealed()
    {
        QFETCH(int, manner);
        test::FakeUsmAgent agent(reader(), engineId);
        Engine engine;
        QVERIFY(reads(engine, targetOf(agent)));
        agent.manner = static_cast<Manner>(manner);
        QCOMPARE(wait(engine.get(targetOf(agent, reader(), 40ms), {sysDescr})).error().code, ErrorCode::Timeout);
        QCOMPARE(engine.counters().unauthentic, 2U);
        QCOMPARE(engine.counters().answered, 1U);
    }

    void believesOnlyWhatWasAsked()
    {
        test::FakeUsmAgent agent(reader(), engineId);
        agent.manner = Manner::OtherRequestId;
        Engine engine;
        QVERIFY(!wait(engine.get(targetOf(agent, reader(), 40ms), {sysDescr})));
        QCOMPARE(engine.counters().malformed, 3U); // two tries, and the question why
    }

    void neverBlocksOnADeadHost()
    {
        test::FakeUsmAgent agent(reader(), engineId);
        agent.manner = Manner::Silent;
        Engine engine;
        bool isDone = false, hasTicked = false;
        engine.get(targetOf(agent, reader(), 2s), {sysDescr}).then([&](const Result<VarBinds>&) { isDone = true; });
        QCOMPARE(engine.counters().sent, 1U);
        QTimer::singleShot(0, this, [&] { hasTicked = true; });
        QVERIFY(test::eventually([&] { return hasTicked && agent.discoveries() == 1; }));
        QVERIFY(!isDone);
    }

    void needsNoDiscoveryOfWhatASweepHeard()
    {
        test::FakeUsmAgent agent(reader(), engineId);
        Engine engine;
        engine.remember(agent.address(), agent.port(), engineId, agent.boots, agent.time);
        QVERIFY(reads(engine, targetOf(agent)));
        QCOMPARE(agent.packets(), 1);
        engine.remember(agent.address(), agent.port(), QByteArray(33, 'x'), 0, 0); // no engine id
        QVERIFY(reads(engine, targetOf(agent)));
        QCOMPARE(agent.packets(), 2);
    }

    void remembersABoundedNumberOfHosts()
    {
        Usm usm;
        const auto host = [](int i) { return Host{QHostAddress(0x0a000000U + static_cast<quint32>(i)), 161}; };
        const auto knows = [&](int i) {
            Question question;
            question.target.address = host(i).address;
            question.target.credentials = reader({}, {});
            return !usm.sealed(question, 1).expected.isDiscovery;
        };
        usm.remember(host(0), engineId, 0, 0);
        for (int i = 1; i < Usm::mostRemembered; ++i)
            usm.remember(host(i), engineId, 0, 0);
        QVERIFY(knows(0)); // now the one used last
        for (int i = 0; i < 10; ++i)
            usm.remember(host(100'000 + i), engineId, 0, 0);
        QCOMPARE(usm.remembered(), Usm::mostRemembered);
        QVERIFY(knows(0));
        QVERIFY(!knows(1));
        QVERIFY(knows(100'009));
        usm.forget(host(0));
        QVERIFY(!knows(0));
    }

    void neverRepeatsASalt()
    {
        Usm usm;
        Question question;
        question.target.address = QHostAddress::LocalHost;
        question.target.credentials = reader();
        usm.remember({QHostAddress::LocalHost, 161}, engineId, 1, 1);
        QSet<QByteArray> salts;
        for (int i = 0; i < 100; ++i) {
            const QByteArray datagram = usm.sealed(question, 1).datagram;
            salts.insert(parsed(datagram)->header.salt);
        }
        QCOMPARE(salts.size(), 100);
    }

    void survivesBrokenMessages()
    {
        Usm usm;
        Question question;
        question.target.address = QHostAddress::LocalHost;
        question.target.credentials = reader();
        question.oids = {sysDescr};
        const Host host{QHostAddress::LocalHost, 161};
        usm.remember(host, engineId, 1, 1);
        const Usm::Sealed sealed = usm.sealed(question, 7);
        for (qsizetype at = 0; at < sealed.datagram.size(); ++at) {
            for (const int change : {1, 0x80, 0xff}) {
                QByteArray broken = sealed.datagram;
                broken[at] = static_cast<char>(broken[at] ^ change);
                const std::optional<Incoming> message = parsed(broken);
                if (message && message->version == Version::V3)
                    QVERIFY(usm.heard(host, 7, sealed.expected, *message, broken).kind != Usm::Heard::Kind::Answer);
            }
            const QByteArray cut = sealed.datagram.first(at);
            QVERIFY(!parsed(cut));
        }
    }
};

PLATEN_TEST(UsmTest)
#include "UsmTest.moc"
