// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "AgentWorld.h"

#include <testkit/Program.h>

#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace platen;
using channel::AgentLink;
using platen::test::AgentWorld;
using platen::test::dataOf;
using platen::test::eventually;
using platen::test::MemoryKeyring;
using platen::test::MemoryQueue;
using platen::test::wait;

/// Agents and their sessions, in the world of AgentWorld.
class AgentSessionsTest : public QObject {
    Q_OBJECT

    std::unique_ptr<AgentWorld> m_world;

private slots:
    void initTestCase() { QVERIFY(crypto::start()); }

    void init()
    {
        m_world = std::make_unique<AgentWorld>();
        QVERIFY(m_world->open());
    }

    void cleanup() { m_world.reset(); }

    void greetsANewAgentAndUsesUpItsPin()
    {
        const auto identity = m_world->pendingAgent();
        MemoryQueue queue(identity);
        const auto agent = m_world->link(identity, queue);
        QSignalSpy changed(&m_world->events, &ingest::Events::agentChanged);
        QVERIFY(AgentWorld::connects(*agent));
        QCOMPARE(m_world->count(u"pin"_s), 0);
        QVERIFY(eventually([&] { return m_world->sessions->presence().isConnected(identity.agentId); }));
        QVERIFY(eventually([&] { return !changed.isEmpty(); }));
        agent->stop();
        QVERIFY(eventually([&] { return !m_world->sessions->presence().isConnected(identity.agentId); }));
    }

    void storesBeforeItAcknowledges()
    {
        const auto identity = m_world->pendingAgent();
        MemoryQueue queue(identity);
        for (int i = 1; i <= 100; ++i)
            queue.add(dataOf(i));
        const auto agent = m_world->link(identity, queue);
        QVERIFY(AgentWorld::connects(*agent));
        QVERIFY(eventually([&] { return queue.hwm() == 100; }));
        QCOMPARE(m_world->count(u"device"_s), 1);
        QCOMPARE(m_world->ingest->counts().envelopes, 100u);
        queue.add(dataOf(101));
        agent->wake();
        QVERIFY(eventually([&] { return queue.hwm() == 101; }));
    }

    void asksForFullReadings()
    {
        const auto identity = m_world->pendingAgent();
        MemoryQueue queue(identity);
        queue.add({{{5, QByteArray(8, 'b'), {{u"takenAt"_s, 1}}}}, {}});
        const auto agent = m_world->link(identity, queue);
        QSignalSpy wanted(agent.get(), &AgentLink::fullReadingsWanted);
        QVERIFY(AgentWorld::connects(*agent));
        QVERIFY(eventually([&] { return !wanted.isEmpty(); }));
    }

    void refusesAnAgentItDoesNotKnow()
    {
        const QByteArray id = crypto::randomBytes(16);
        const channel::AgentIdentity stranger{id, 1, crypto::AgentKeys::derive(crypto::randomSecret(32), id)};
        MemoryQueue queue(stranger);
        const auto agent = m_world->link(stranger, queue);
        agent->start();
        QVERIFY(eventually([&] { return agent->state() == AgentLink::State::Hibernating; }));
    }

    void takesNothingFromWhoHasAnotherKey()
    {
        const auto identity = m_world->pendingAgent();
        const channel::AgentIdentity thief{
            identity.agentId, 1, crypto::AgentKeys::derive(crypto::randomSecret(32), identity.agentId)};
        MemoryQueue queue(thief);
        const auto agent = m_world->link(thief, queue);
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"closed:"_s));
        agent->start();
        QVERIFY(eventually([&] {
            return agent->state() == AgentLink::State::Waiting || agent->state() == AgentLink::State::Hibernating;
        }));
        agent->stop();
        QCOMPARE(m_world->count(u"pin"_s), 1);
        QVERIFY(!m_world->sessions->presence().isConnected(identity.agentId));
    }

    void closesTheConnectionOfADeactivatedAgentWithinASecondOrSo()
    {
        const auto identity = m_world->pendingAgent();
        MemoryQueue queue(identity);
        const auto agent = m_world->link(identity, queue);
        QVERIFY(AgentWorld::connects(*agent));
        QVERIFY(eventually([&] { return m_world->sessions->presence().isConnected(identity.agentId); }));
        QVERIFY(wait(m_world->agents->deactivate(identity.agentId)));
        QVERIFY(eventually([&] { return agent->state() == AgentLink::State::Hibernating; }, std::chrono::seconds(3)));
        QVERIFY(eventually([&] { return !m_world->sessions->presence().isConnected(identity.agentId); }));
    }

    void replacesTheFormerConnectionOfAnAgent()
    {
        const auto identity = m_world->pendingAgent();
        MemoryQueue firstQueue(identity), secondQueue(identity);
        const auto first = m_world->link(identity, firstQueue);
        QVERIFY(AgentWorld::connects(*first));
        const auto second = m_world->link(identity, secondQueue);
        QVERIFY(AgentWorld::connects(*second));
        QVERIFY(eventually([&] { return first->state() != AgentLink::State::Connected; }));
        first->stop();
        QVERIFY(eventually([&] { return m_world->sessions->presence().isConnected(identity.agentId); }));
    }

    void dropsOnlyTheConnectionThatSendsNonsense()
    {
        const auto good = m_world->pendingAgent();
        MemoryQueue goodQueue(good);
        const auto honest = m_world->link(good, goodQueue);
        QVERIFY(AgentWorld::connects(*honest));

        const auto bad = m_world->pendingAgent();
        MemoryQueue badQueue(bad);
        badQueue.addBroken();
        const auto broken = m_world->link(bad, badQueue);
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"closed:"_s));
        broken->start();
        QVERIFY(eventually([&] { return broken->state() == AgentLink::State::Waiting; }));
        broken->stop();

        goodQueue.add(dataOf(1));
        honest->wake();
        QVERIFY(eventually([&] { return goodQueue.hwm() == 1; }));
    }

    void findsACopyOutAndRefusesBoth()
    {
        const auto identity = m_world->pendingAgent();
        MemoryKeyring keys(identity), copiedKeys(identity);
        MemoryQueue queue(identity), copiedQueue(identity);
        const auto agent = m_world->link(keys, queue);
        QVERIFY(AgentWorld::connects(*agent));
        queue.add(dataOf(1));
        agent->wake();
        QVERIFY(eventually([&] { return queue.hwm() == 1; }));

        QSignalSpy forked(&m_world->events, &ingest::Events::agentForked);
        QTest::ignoreMessage(QtCriticalMsg, QRegularExpression(u"is not as it left: .*platen-server agent rekey"_s));
        const auto copy = m_world->link(copiedKeys, copiedQueue); // from before the first session
        copy->start();
        QVERIFY(eventually([&] { return copy->state() == AgentLink::State::Hibernating; }));
        QVERIFY(eventually([&] { return agent->state() == AgentLink::State::Hibernating; }));
        QVERIFY(agent->reason().contains(u"copy"_s));
        QCOMPARE(forked.size(), 1);
        QCOMPARE(forked.first().first().toByteArray(), identity.agentId);
    }

    void asksAgainForAFullReadingWhoseAskingGotLost()
    {
        const auto identity = m_world->pendingAgent();
        MemoryKeyring keys(identity);
        MemoryQueue queue(identity);
        const auto agent = m_world->link(keys, queue);
        QVERIFY(AgentWorld::connects(*agent));
        agent->stop();
        (void)wait(m_world->database.write([&](QSqlDatabase db) {
            return storage::execute(
                db, u"INSERT INTO full_wanted (agent_id, local_id) VALUES (?, 5)"_s, {identity.agentId});
        }));
        QSignalSpy wanted(agent.get(), &AgentLink::fullReadingsWanted);
        agent->start();
        QVERIFY(eventually([&] { return !wanted.isEmpty(); }));
        QCOMPARE(wanted.first().first().value<QList<quint64>>(), (QList<quint64>{5}));
    }

    void tellsThatItWasPutBackItself()
    {
        const auto identity = m_world->pendingAgent();
        MemoryKeyring keys(identity);
        MemoryQueue queue(identity);
        const auto agent = m_world->link(keys, queue);
        QVERIFY(AgentWorld::connects(*agent));
        for (int i = 1; i <= 4; ++i)
            queue.add(dataOf(i));
        agent->wake();
        QVERIFY(eventually([&] { return queue.hwm() == 4; }));
        agent->stop();
        (void)wait(m_world->database.write([](QSqlDatabase db) { return storage::execute(db, u"UPDATE agent SET hwm = 1, session = 0"_s); }));
        QTest::ignoreMessage(QtCriticalMsg, QRegularExpression(u"was told that envelopes up to 4 are stored, but the database has them up to 1"_s));
        agent->start();
        QVERIFY(eventually([&] { return agent->state() == AgentLink::State::Connected; }));
        QVERIFY(eventually([&] { return m_world->count(u"agent_event"_s) == 1; }));
    }

    void tellsTheAgentToComeBackWhenTheDiskRefuses()
    {
        const auto identity = m_world->pendingAgent();
        MemoryQueue queue(identity);
        const auto agent = m_world->link(identity, queue);
        QVERIFY(AgentWorld::connects(*agent));
        (void)wait(m_world->database.write([](QSqlDatabase db) {
            return storage::execute(
                db, u"CREATE TRIGGER full BEFORE INSERT ON meter_sample BEGIN SELECT RAISE(FAIL, 'disk full'); END"_s);
        }));
        queue.add(dataOf(1));
        agent->wake();
        QVERIFY(!eventually([&] { return queue.hwm() == 1; }, std::chrono::milliseconds(300)));
        (void)wait(
            m_world->database.write([](QSqlDatabase db) { return storage::execute(db, u"DROP TRIGGER full"_s); }));
        QVERIFY(eventually([&] { return queue.hwm() == 1; }));
        QCOMPARE(m_world->count(u"device"_s), 1);
    }
};

PLATEN_TEST(AgentSessionsTest)
#include "AgentSessionsTest.moc"
