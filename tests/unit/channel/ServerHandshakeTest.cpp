// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include <channel/AgentGreeting.h>
#include <channel/SealedEnvelope.h>
#include <channel/ServerHandshake.h>
#include <crypto/Crypto.h>
#include <testkit/Program.h>

#include <QTest>

using namespace Qt::StringLiterals;

namespace platen::channel {

/// Both halves of PROTOCOL §3.2 against each other, and against somebody between them.
class ServerHandshakeTest : public QObject {
    Q_OBJECT

    const Instant m_now = fromMs(1'764'000'000'000);
    const QByteArray m_bootId = QByteArray(16, 'b');

    protocol::Hello helloOf(quint64 nextSeq) const { return {{}, nextSeq, m_bootId, 3, nextSeq - 1}; }
    AgentIdentity m_identity;
    ServerHandshake::Facts m_facts;

    QByteArray hello()
    {
        AgentGreeting agent(m_identity);
        return agent.hello(helloOf(10), m_now);
    }

private slots:
    void initTestCase()
    {
        QVERIFY(crypto::start().has_value());
        m_identity.agentId = QByteArray(16, 'a');
        m_identity.epoch = 3;
        m_identity.keys = crypto::AgentKeys::derive(Secret(QByteArray(32, 'k')), m_identity.agentId);
        m_facts.hwm = 7;
        m_facts.serverTime = m_now;
        m_facts.configRevision = 5;
    }

    void establishesASession()
    {
        AgentGreeting agent(m_identity);
        ServerHandshake server;
        const auto caller = server.hello(agent.hello(helloOf(10), m_now));
        QCOMPARE(caller->agentId, m_identity.agentId);
        QCOMPARE(caller->epoch, 3U);
        const auto ack = agent.accept(server.answer(m_identity.keys, m_facts).value());
        QCOMPARE(ack->hwm, 7U);
        QCOMPARE(ack->configRevision, 5U);
        QCOMPARE(ack->serverTime, m_now);
        auto session = server.ready(agent.ready(4, m_now));
        QVERIFY(session.has_value());
        QCOMPARE(session->hello.nextSeq, 10U);
        QCOMPARE(session->hello.acknowledged, 9U);
        QCOMPARE(session->counted, 4U);
        QCOMPARE(session->hello.bootId, m_bootId);

        for (quint64 hwm = 8; hwm < 11; ++hwm) {
            const protocol::Ack sent{hwm, protocol::AckCode::Ok, {1, 2}};
            const auto got = agent.open(session->seal(protocol::EnvelopeType::Ack, sent.encode(), m_now));
            QVERIFY(got.has_value());
            QCOMPARE(std::get<protocol::Ack>(*got), sent);
        }
    }

    void refusesWhatIsNoHello_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        AgentGreeting agent(m_identity);
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("noise") << QByteArray(100, 'x');
        QTest::newRow("a READY") << agent.ready(4, m_now);
        QTest::newRow("cut in its header") << hello().left(40);
        QTest::newRow("too long") << hello() + QByteArray(5000, 'x');
        protocol::EnvelopeHeader header;
        header.agentId = m_identity.agentId;
        QTest::newRow("data") << sealEnvelope(header, protocol::Data().encode(), m_identity.keys.a2s);
        header.type = protocol::EnvelopeType::Hello;
        header.seq = 1;
        QTest::newRow("a HELLO with a number") << sealEnvelope(header, "x", m_identity.keys.a2s);
        header.seq = 0;
        header.direction = protocol::Direction::ServerToAgent;
        QTest::newRow("a HELLO the other way") << sealEnvelope(header, "x", m_identity.keys.a2s);
    }

    void refusesWhatIsNoHello()
    {
        QFETCH(QByteArray, bytes);
        ServerHandshake server;
        QVERIFY(!server.hello(bytes).has_value());
        QVERIFY(!server.answer(m_identity.keys, m_facts).has_value());
        QVERIFY(!server.hello(hello()).has_value()); // no second try on one connection
    }

    void refusesAForgedHello()
    {
        const QByteArray good = hello();
        for (qsizetype i = 0; i < good.size(); ++i) {
            QByteArray forged = good;
            forged[i] = static_cast<char>(forged[i] ^ 1);
            ServerHandshake server;
            if (server.hello(forged))
                QVERIFY2(!server.answer(m_identity.keys, m_facts).has_value(), qPrintable(u"byte %1"_s.arg(i)));
        }
    }

    void refusesAHelloUnderAnotherKey()
    {
        ServerHandshake server;
        QVERIFY(server.hello(hello()).has_value());
        const auto other = crypto::AgentKeys::derive(Secret(QByteArray(32, 'z')), m_identity.agentId);
        QCOMPARE(server.answer(other, m_facts).error().code, ErrorCode::CryptoFailed);
    }

    void gainsAReplayNothing()
    {
        // Somebody heard a whole session and plays the agent's part again.
        AgentGreeting agent(m_identity);
        ServerHandshake first;
        const QByteArray recordedHello = agent.hello(helloOf(10), m_now);
        QVERIFY(first.hello(recordedHello).has_value());
        QVERIFY(agent.accept(first.answer(m_identity.keys, m_facts).value()).has_value());
        const QByteArray recordedReady = agent.ready(4, m_now);
        QVERIFY(first.ready(recordedReady).has_value());
        QVERIFY(!first.ready(recordedReady).has_value());

        ServerHandshake second;
        QVERIFY(second.hello(recordedHello).has_value());
        QVERIFY(second.answer(m_identity.keys, m_facts).has_value());
        QCOMPARE(second.ready(recordedReady).error().code, ErrorCode::CryptoFailed);
    }

    void refusesAReadyOfAnotherAgent()
    {
        AgentIdentity other = m_identity;
        other.agentId = QByteArray(16, 'o');
        AgentGreeting agent(m_identity), stranger(other);
        ServerHandshake server;
        QVERIFY(server.hello(agent.hello(helloOf(10), m_now)).has_value());
        QVERIFY(server.answer(m_identity.keys, m_facts).has_value());
        QVERIFY(!server.ready(stranger.ready(4, m_now)).has_value());
    }

    void doesNotFoolTheAgent()
    {
        AgentGreeting agent(m_identity);
        ServerHandshake old, present;
        QVERIFY(old.hello(agent.hello(helloOf(10), m_now)).has_value());
        const QByteArray oldAnswer = old.answer(m_identity.keys, m_facts).value();
        QVERIFY(present.hello(agent.hello(helloOf(10), m_now)).has_value());
        QCOMPARE(agent.accept(oldAnswer).error().code, ErrorCode::CryptoFailed); // the answer to the HELLO before

        QByteArray forged = present.answer(m_identity.keys, m_facts).value();
        forged.back() = static_cast<char>(forged.back() ^ 1);
        QCOMPARE(agent.accept(forged).error().code, ErrorCode::CryptoFailed);
    }

    void letsTheAgentNoticeLossAndRepetition()
    {
        AgentGreeting agent(m_identity);
        ServerHandshake server;
        QVERIFY(server.hello(agent.hello(helloOf(10), m_now)).has_value());
        QVERIFY(agent.accept(server.answer(m_identity.keys, m_facts).value()).has_value());
        auto session = server.ready(agent.ready(4, m_now)).value();
        const QByteArray body = protocol::Ack().encode();
        const QByteArray first = session.seal(protocol::EnvelopeType::Ack, body, m_now);
        const QByteArray second = session.seal(protocol::EnvelopeType::Ack, body, m_now);
        QCOMPARE(agent.open(second).error().code, ErrorCode::Malformed);
        QVERIFY(agent.open(first).has_value());
        QCOMPARE(agent.open(first).error().code, ErrorCode::Malformed);
        QVERIFY(agent.open(second).has_value());
    }
};

} // namespace platen::channel

PLATEN_TEST(platen::channel::ServerHandshakeTest)
#include "ServerHandshakeTest.moc"
