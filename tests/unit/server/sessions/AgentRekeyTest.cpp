// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "AgentWorld.h"

#include <testkit/Program.h>

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

/// A change of an agent's key (PROTOCOL.md §3.5), in the world of AgentWorld.
class AgentRekeyTest : public QObject {
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

    void letsACopyGoOnUnderANewKeyWhenAnAdministratorSaysSo()
    {
        const auto identity = m_world->pendingAgent();
        MemoryKeyring keys(identity), copiedKeys(identity);
        MemoryQueue queue(identity), copiedQueue(identity);
        const auto agent = m_world->link(keys, queue);
        QVERIFY(AgentWorld::connects(*agent));
        for (int i = 1; i <= 5; ++i)
            queue.add(dataOf(i));
        agent->wake();
        QVERIFY(eventually([&] { return queue.hwm() == 5; }));
        agent->stop();
        QTest::ignoreMessage(QtCriticalMsg, QRegularExpression(u"is not as it left"_s));
        const auto copy = m_world->link(copiedKeys, copiedQueue);
        copy->start();
        QVERIFY(eventually([&] { return copy->state() == AgentLink::State::Hibernating; }));

        QVERIFY(wait(m_world->receptions->askRekey(identity.agentId)));
        copy->tryNow();
        QVERIFY(eventually([&] { return copiedKeys.current().epoch == 2 && !copy->isChangingKey(); }));
        QCOMPARE(copiedQueue.resumedAfter(), 5u); // nothing of the other life is overwritten
        copiedQueue.use(copiedKeys.current());
        copiedQueue.add(dataOf(6));
        copy->wake();
        QVERIFY(eventually([&] { return copiedQueue.hwm() == 6; }));
        agent->start(); // the other one is locked out for good
        QVERIFY(eventually([&] { return agent->state() == AgentLink::State::Hibernating; }));
        QCOMPARE(copy->state(), AgentLink::State::Connected);
    }

    void changesTheKeyWhenAskedTo()
    {
        const auto identity = m_world->pendingAgent();
        MemoryKeyring keys(identity);
        MemoryQueue queue(identity);
        for (int i = 1; i <= 20; ++i)
            queue.add(dataOf(i));
        const auto agent = m_world->link(keys, queue);
        QVERIFY(AgentWorld::connects(*agent));
        QVERIFY(eventually([&] { return queue.hwm() == 20; }));
        agent->stop();
        QVERIFY(wait(m_world->receptions->askRekey(identity.agentId)));
        agent->start();
        QVERIFY(eventually([&] { return keys.current().epoch == 2 && agent->state() == AgentLink::State::Connected; }));
        QVERIFY(eventually([&] { return !agent->isChangingKey(); }));
        queue.use(keys.current());
        queue.add(dataOf(21));
        agent->wake();
        QVERIFY(eventually([&] { return queue.hwm() == 21; }));
        QCOMPARE(m_world->ingest->counts().envelopes, 21u);
        QCOMPARE(m_world->count(u"gap"_s), 0);
    }

    /// Whoever dies at whichever step of a change: both find a key that they share, and only one.
    void survivesADeathAtEachStepOfAChange_data()
    {
        QTest::addColumn<bool>("agentHasIt");
        QTest::addColumn<bool>("serverHasIt");
        QTest::addColumn<bool>("serverUsesIt");
        QTest::newRow("server died before it kept the key") << false << false << false;
        QTest::newRow("answer lost") << false << true << false;
        QTest::newRow("agent died after it kept the key") << true << true << false;
        QTest::newRow("agent died after its READY") << true << true << true;
        QTest::newRow("server was put back to before") << true << false << false;
    }
    void survivesADeathAtEachStepOfAChange()
    {
        QFETCH(const bool, agentHasIt);
        QFETCH(const bool, serverHasIt);
        QFETCH(const bool, serverUsesIt);
        const auto identity = m_world->pendingAgent();
        MemoryKeyring keys(identity);
        MemoryQueue queue(identity);
        {
            const auto agent = m_world->link(keys, queue);
            QVERIFY(AgentWorld::connects(*agent));
            QVERIFY(eventually([&] { return m_world->sessions->presence().isConnected(identity.agentId); })); // READY is through
            agent->stop();
        }
        const Secret next = crypto::randomSecret(32);
        if (serverHasIt)
            QCOMPARE(wait(m_world->receptions->propose(identity.agentId, 1, 0, next)), Result<bool>(true));
        if (agentHasIt)
            QVERIFY(keys.add(2, next, 0));
        if (serverUsesIt)
            QVERIFY(wait(m_world->receptions->receive({identity.agentId, 2, next, 1, 0, 1, 1, 0, 1}))->isNews);

        const auto agent = m_world->link(keys, queue);
        agent->start();
        const quint32 common = agentHasIt && serverHasIt ? 2 : 1;
        QVERIFY(eventually([&] { return keys.current().epoch == common && agent->state() == AgentLink::State::Connected; }));
        queue.use(keys.current());
        queue.add(dataOf(1));
        agent->wake();
        QVERIFY(eventually([&] { return queue.hwm() == 1; }));
        QCOMPARE(keys.candidates().first().epoch, common);
    }
};

PLATEN_TEST(AgentRekeyTest)
#include "AgentRekeyTest.moc"
