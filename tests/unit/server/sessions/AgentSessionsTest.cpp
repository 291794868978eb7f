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

private:
    channel::AgentIdentity m_identity;
    QList<channel::OutgoingEnvelope> m_envelopes;
    quint64 m_next = 1;
    quint64 m_hwm = 0;
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
        std::optional<ingest::Ingest> ingest;
        std::optional<sessions::AgentSessions> sessions;
        std::optional<http::Edge> edge;
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

    std::unique_ptr<AgentLink> link(const channel::AgentIdentity& identity, Queue& queue)
    {
        AgentLink::Settings settings;
        settings.url = QUrl(u"ws://127.0.0.1:%1/a/v2/socket"_s.arg(m_world->edge->port()));
        settings.bootId = QByteArray(16, 'b');
        settings.firstRetry = std::chrono::milliseconds(20);
        settings.lastRetry = std::chrono::milliseconds(100);
        return std::make_unique<AgentLink>(identity, settings, queue, [] {
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
        world.sessions.emplace(*world.agents, *world.ingest, world.events, Clock::system());
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
