// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <channel/AgentLink.h>
#include <channel/SealedEnvelope.h>
#include <channel/WebSocketTransport.h>
#include <crypto/Crypto.h>
#include <http/Edge.h>
#include <protocol/ReadingCodec.h>
#include <server/sessions/AgentSessions.h>
#include <server/store/Installation.h>
#include <server/store/PinStore.h>
#include <storage/Query.h>
#include <testkit/Program.h>
#include <testkit/Wait.h>

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace platen;
using channel::AgentLink;
using platen::test::eventually;
using platen::test::wait;

namespace {

/// Envelopes in memory, in place of the agent's spool.
class Queue final : public channel::OutgoingQueue {
public:
    explicit Queue(channel::AgentIdentity identity)
        : m_identity(std::move(identity))
    {
    }

    void add(const protocol::Data& data)
    {
        protocol::EnvelopeHeader header;
        header.agentId = m_identity.agentId;
        header.epoch = m_identity.epoch;
        header.seq = nextSeq();
        m_envelopes.append({header.seq, channel::sealEnvelope(header, data.encode(), m_identity.keys.a2s)});
        ++m_next;
    }
    void addBroken() { m_envelopes.append({m_next++, QByteArray(200, 'x')}); }

    std::optional<channel::OutgoingEnvelope> nextAfter(quint64 seq) override
    {
        for (const auto& envelope : m_envelopes) {
            if (envelope.seq > seq)
                return envelope;
        }
        return std::nullopt;
    }
    quint64 nextSeq() const override { return m_next; }
    void acknowledged(quint64 hwm) override
    {
        m_hwm = std::max(m_hwm, hwm);
        m_envelopes.removeIf([hwm](const auto& envelope) { return envelope.seq <= hwm; });
    }
    quint64 hwm() const { return m_hwm; }
    quint64 acknowledgedSeq() const override { return m_hwm; }
    void resumeAfter(quint64 seq) override
    {
        m_resumedAfter = seq;
        m_next = std::max(m_next, seq + 1);
    }
    quint64 resumedAfter() const { return m_resumedAfter; }
    void use(const channel::AgentIdentity& identity) { m_identity = identity; }

private:
    channel::AgentIdentity m_identity;
    QList<channel::OutgoingEnvelope> m_envelopes;
    quint64 m_next = 1;
    quint64 m_hwm = 0;
    quint64 m_resumedAfter = 0;
};

/// An agent's keys in memory, as its key file would keep them.
class Ring final : public channel::Keyring {
public:
    explicit Ring(channel::AgentIdentity identity)
        : m_keys{std::move(identity)}
    {
    }

    const channel::AgentIdentity& current() const override { return m_keys[m_current]; }
    QList<channel::AgentIdentity> candidates() const override
    {
        QList<channel::AgentIdentity> newest(m_keys.rbegin(), m_keys.rend());
        return newest;
    }
    quint64 session() const override { return m_session; }
    quint64 countSession() override { return ++m_session; }
    Status add(quint32 epoch, const Secret& root, quint64 after) override
    {
        m_keys.append({current().agentId, epoch, crypto::AgentKeys::derive(root, current().agentId)});
        m_after = after;
        return {};
    }
    quint64 resumesAfter(quint32 epoch) const override { return epoch == m_keys.last().epoch ? m_after : 0; }
    Status settle(quint32 epoch, quint64, quint64) override
    {
        m_keys.removeIf([epoch](const auto& key) { return key.epoch > epoch; });
        m_current = m_keys.size() - 1;
        return {};
    }

    QList<channel::AgentIdentity> m_keys;
    qsizetype m_current = 0;
    quint64 m_session = 0;
    quint64 m_after = 0;
};

protocol::Data dataOf(qint64 total)
{
    model::Reading reading;
    reading.address = u"10.0.0.5"_s;
    reading.takenAt = Clock::system().now();
    reading.identity.manufacturer = u"HP"_s;
    reading.identity.serialNumber = u"CN1234567"_s;
    reading.status.state = u"idle"_s;
    reading.meters = {{u"total"_s, u"impressions"_s, total, {}}};
    return {{{1, {}, protocol::toKeyed(reading)}}, {}};
}

} // namespace

/// Real sockets on the loopback, real envelopes, a real database.
class AgentSessionsTest : public QObject {
    Q_OBJECT

    struct World {
        QTemporaryDir folder;
        storage::Database database{{.name = folder.filePath(u"t.sqlite"_s)}};
        std::optional<crypto::KeyEncryptionKey> kek;
        ingest::Events events;
        std::optional<store::PinStore> pins;
        std::optional<store::AgentStore> agents;
        std::optional<store::Receptions> receptions;
        std::optional<ingest::Ingest> ingest;
        std::optional<sessions::AgentSessions> sessions;
        std::optional<http::Edge> edge;
        std::vector<std::unique_ptr<channel::Keyring>> keys;
    };
    std::unique_ptr<World> m_world;

    channel::AgentIdentity pendingAgent()
    {
        const crypto::Pin pin = *wait(m_world->pins->create({}));
        store::NewAgent agent;
        agent.id = crypto::randomBytes(16);
        agent.name = u"Agent"_s;
        agent.root = crypto::randomSecret(32);
        agent.pinLocator = pin.locator;
        (void)wait(m_world->pins->charge(pin.locator));
        if (!wait(m_world->pins->passed(agent)))
            qFatal("not stored");
        return {agent.id, 1, crypto::AgentKeys::derive(agent.root, agent.id)};
    }

    /// The agent's keys stay with the world, whose links use them.
    channel::Keyring& keysOf(const channel::AgentIdentity& identity)
    {
        m_world->keys.push_back(std::make_unique<channel::SingleKey>(identity));
        return *m_world->keys.back();
    }

    std::unique_ptr<AgentLink> link(const channel::AgentIdentity& identity, Queue& queue) { return link(keysOf(identity), queue); }

    std::unique_ptr<AgentLink> link(channel::Keyring& keys, Queue& queue)
    {
        AgentLink::Settings settings;
        settings.url = QUrl(u"ws://127.0.0.1:%1/a/v2/socket"_s.arg(m_world->edge->port()));
        settings.bootId = QByteArray(16, 'b');
        settings.firstRetry = std::chrono::milliseconds(20);
        settings.lastRetry = std::chrono::milliseconds(100);
        return std::make_unique<AgentLink>(keys, settings, queue, [] {
            return std::make_unique<channel::WebSocketTransport>(
                channel::TlsTrust::publicAuthorities().withPlain(true));
        });
    }

    static bool connects(AgentLink& link)
    {
        link.start();
        return eventually([&] { return link.state() == AgentLink::State::Connected; });
    }

    int count(const QString& table)
    {
        return *wait(m_world->database.read([table](QSqlDatabase db) -> Result<int> {
            auto row = storage::query(db, u"SELECT count(*) FROM "_s + table);
            if (!row)
                return fail(row.error());
            row->next();
            return row->value(0).toInt();
        }));
    }

private slots:
    void initTestCase() { QVERIFY(crypto::start()); }

    void init()
    {
        m_world = std::make_unique<World>();
        World& world = *m_world;
        QVERIFY(wait(world.database.open()));
        QVERIFY(wait(store::migrate(world.database)));
        world.kek = *crypto::KeyEncryptionKey::loadOrCreate(world.folder.filePath(u"kek"_s));
        world.pins.emplace(world.database, *world.kek, Clock::system());
        world.agents.emplace(world.database, *world.kek, Clock::system());
        world.ingest.emplace(world.database, world.events, Clock::system());
        world.receptions.emplace(world.database, *world.kek, Clock::system());
        world.sessions.emplace(
            sessions::AgentSession::Services{*world.agents, *world.receptions, *world.ingest, Clock::system()}, world.events);
        world.edge.emplace();
        world.sessions->attach(*world.edge);
        QVERIFY(world.edge->listen({}));
    }

    void cleanup()
    {
        m_world->edge.reset();
        m_world.reset();
    }

    void greetsANewAgentAndUsesUpItsPin()
    {
        const auto identity = pendingAgent();
        Queue queue(identity);
        const auto agent = link(identity, queue);
        QSignalSpy changed(&m_world->events, &ingest::Events::agentChanged);
        QVERIFY(connects(*agent));
        QCOMPARE(count(u"pin"_s), 0);
        QVERIFY(eventually([&] { return m_world->sessions->presence().isConnected(identity.agentId); }));
        QVERIFY(eventually([&] { return !changed.isEmpty(); }));
        agent->stop();
        QVERIFY(eventually([&] { return !m_world->sessions->presence().isConnected(identity.agentId); }));
    }

    void storesBeforeItAcknowledges()
    {
        const auto identity = pendingAgent();
        Queue queue(identity);
        for (int i = 1; i <= 100; ++i)
            queue.add(dataOf(i));
        const auto agent = link(identity, queue);
        QVERIFY(connects(*agent));
        QVERIFY(eventually([&] { return queue.hwm() == 100; }));
        QCOMPARE(count(u"device"_s), 1);
        QCOMPARE(m_world->ingest->counts().envelopes, 100u);
        queue.add(dataOf(101));
        agent->wake();
        QVERIFY(eventually([&] { return queue.hwm() == 101; }));
    }

    void asksForFullReadings()
    {
        const auto identity = pendingAgent();
        Queue queue(identity);
        queue.add({{{5, QByteArray(8, 'b'), {{u"takenAt"_s, 1}}}}, {}});
        const auto agent = link(identity, queue);
        QSignalSpy wanted(agent.get(), &AgentLink::fullReadingsWanted);
        QVERIFY(connects(*agent));
        QVERIFY(eventually([&] { return !wanted.isEmpty(); }));
    }

    void refusesAnAgentItDoesNotKnow()
    {
        const QByteArray id = crypto::randomBytes(16);
        const channel::AgentIdentity stranger{id, 1, crypto::AgentKeys::derive(crypto::randomSecret(32), id)};
        Queue queue(stranger);
        const auto agent = link(stranger, queue);
        agent->start();
        QVERIFY(eventually([&] { return agent->state() == AgentLink::State::Hibernating; }));
    }

    void takesNothingFromWhoHasAnotherKey()
    {
        const auto identity = pendingAgent();
        const channel::AgentIdentity thief{
            identity.agentId, 1, crypto::AgentKeys::derive(crypto::randomSecret(32), identity.agentId)};
        Queue queue(thief);
        const auto agent = link(thief, queue);
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"closed:"_s));
        agent->start();
        QVERIFY(eventually([&] {
            return agent->state() == AgentLink::State::Waiting || agent->state() == AgentLink::State::Hibernating;
        }));
        agent->stop();
        QCOMPARE(count(u"pin"_s), 1);
        QVERIFY(!m_world->sessions->presence().isConnected(identity.agentId));
    }

    void closesTheConnectionOfADeactivatedAgentWithinASecondOrSo()
    {
        const auto identity = pendingAgent();
        Queue queue(identity);
        const auto agent = link(identity, queue);
        QVERIFY(connects(*agent));
        QVERIFY(eventually([&] { return m_world->sessions->presence().isConnected(identity.agentId); }));
        QVERIFY(wait(m_world->agents->deactivate(identity.agentId)));
        QVERIFY(eventually([&] { return agent->state() == AgentLink::State::Hibernating; }, std::chrono::seconds(3)));
        QVERIFY(eventually([&] { return !m_world->sessions->presence().isConnected(identity.agentId); }));
    }

    void replacesTheFormerConnectionOfAnAgent()
    {
        const auto identity = pendingAgent();
        Queue firstQueue(identity), secondQueue(identity);
        const auto first = link(identity, firstQueue);
        QVERIFY(connects(*first));
        const auto second = link(identity, secondQueue);
        QVERIFY(connects(*second));
        QVERIFY(eventually([&] { return first->state() != AgentLink::State::Connected; }));
        first->stop();
        QVERIFY(eventually([&] { return m_world->sessions->presence().isConnected(identity.agentId); }));
    }

    void dropsOnlyTheConnectionThatSendsNonsense()
    {
        const auto good = pendingAgent();
        Queue goodQueue(good);
        const auto honest = link(good, goodQueue);
        QVERIFY(connects(*honest));

        const auto bad = pendingAgent();
        Queue badQueue(bad);
        badQueue.addBroken();
        const auto broken = link(bad, badQueue);
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
        const auto identity = pendingAgent();
        Ring keys(identity), copiedKeys(identity);
        Queue queue(identity), copiedQueue(identity);
        const auto agent = link(keys, queue);
        QVERIFY(connects(*agent));
        queue.add(dataOf(1));
        agent->wake();
        QVERIFY(eventually([&] { return queue.hwm() == 1; }));

        QSignalSpy forked(&m_world->events, &ingest::Events::agentForked);
        QTest::ignoreMessage(QtCriticalMsg, QRegularExpression(u"is not as it left: .*platen-server agent rekey"_s));
        const auto copy = link(copiedKeys, copiedQueue); // from before the first session
        copy->start();
        QVERIFY(eventually([&] { return copy->state() == AgentLink::State::Hibernating; }));
        QVERIFY(eventually([&] { return agent->state() == AgentLink::State::Hibernating; }));
        QVERIFY(agent->reason().contains(u"copy"_s));
        QCOMPARE(forked.size(), 1);
        QCOMPARE(forked.first().first().toByteArray(), identity.agentId);
    }

    void letsACopyGoOnUnderANewKeyWhenAnAdministratorSaysSo()
    {
        const auto identity = pendingAgent();
        Ring keys(identity), copiedKeys(identity);
        Queue queue(identity), copiedQueue(identity);
        const auto agent = link(keys, queue);
        QVERIFY(connects(*agent));
        for (int i = 1; i <= 5; ++i)
            queue.add(dataOf(i));
        agent->wake();
        QVERIFY(eventually([&] { return queue.hwm() == 5; }));
        agent->stop();
        QTest::ignoreMessage(QtCriticalMsg, QRegularExpression(u"is not as it left"_s));
        const auto copy = link(copiedKeys, copiedQueue);
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
        const auto identity = pendingAgent();
        Ring keys(identity);
        Queue queue(identity);
        for (int i = 1; i <= 20; ++i)
            queue.add(dataOf(i));
        const auto agent = link(keys, queue);
        QVERIFY(connects(*agent));
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
        QCOMPARE(count(u"gap"_s), 0);
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
        const auto identity = pendingAgent();
        Ring keys(identity);
        Queue queue(identity);
        {
            const auto agent = link(keys, queue);
            QVERIFY(connects(*agent));
            agent->stop();
        }
        const Secret next = crypto::randomSecret(32);
        if (serverHasIt)
            QCOMPARE(wait(m_world->receptions->propose(identity.agentId, 1, 0, next)), Result<bool>(true));
        if (agentHasIt)
            QVERIFY(keys.add(2, next, 0));
        if (serverUsesIt)
            QVERIFY(wait(m_world->receptions->receive({identity.agentId, 2, next, 1, 0, 1, 1, 0, 1}))->isNews);

        const auto agent = link(keys, queue);
        agent->start();
        const quint32 common = agentHasIt && serverHasIt ? 2 : 1;
        QVERIFY(eventually([&] { return keys.current().epoch == common && agent->state() == AgentLink::State::Connected; }));
        queue.use(keys.current());
        queue.add(dataOf(1));
        agent->wake();
        QVERIFY(eventually([&] { return queue.hwm() == 1; }));
        QCOMPARE(keys.candidates().first().epoch, common);
    }

    void asksAgainForAFullReadingWhoseAskingGotLost()
    {
        const auto identity = pendingAgent();
        Ring keys(identity);
        Queue queue(identity);
        const auto agent = link(keys, queue);
        QVERIFY(connects(*agent));
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
        const auto identity = pendingAgent();
        Ring keys(identity);
        Queue queue(identity);
        const auto agent = link(keys, queue);
        QVERIFY(connects(*agent));
        for (int i = 1; i <= 4; ++i)
            queue.add(dataOf(i));
        agent->wake();
        QVERIFY(eventually([&] { return queue.hwm() == 4; }));
        agent->stop();
        (void)wait(m_world->database.write([](QSqlDatabase db) { return storage::execute(db, u"UPDATE agent SET hwm = 1, session = 0"_s); }));
        QTest::ignoreMessage(QtCriticalMsg, QRegularExpression(u"was told that envelopes up to 4 are stored, but the database has them up to 1"_s));
        agent->start();
        QVERIFY(eventually([&] { return agent->state() == AgentLink::State::Connected; }));
        QVERIFY(eventually([&] { return count(u"agent_event"_s) == 1; }));
    }

    void tellsTheAgentToComeBackWhenTheDiskRefuses()
    {
        const auto identity = pendingAgent();
        Queue queue(identity);
        const auto agent = link(identity, queue);
        QVERIFY(connects(*agent));
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
        QCOMPARE(count(u"device"_s), 1);
    }
};

PLATEN_TEST(AgentSessionsTest)
#include "AgentSessionsTest.moc"
