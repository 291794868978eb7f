// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <crypto/Crypto.h>
#include <server/store/AgentHistory.h>
#include <server/store/AgentQueries.h>
#include <server/store/AgentStore.h>
#include <server/store/Installation.h>
#include <server/store/Receptions.h>
#include <storage/Query.h>
#include <testkit/FakeClock.h>
#include <testkit/Program.h>
#include <testkit/Wait.h>

#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace platen;
using namespace platen::store;
using platen::test::wait;

namespace {

const QByteArray agentId(16, 'a');

} // namespace

class ReceptionsTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<storage::Database> m_database;
    std::optional<crypto::KeyEncryptionKey> m_kek;
    std::unique_ptr<test::FakeClock> m_clock;
    std::unique_ptr<Receptions> m_receptions;
    Secret m_root;

    void run(const QString& sql, const QVariantList& values = {})
    {
        QVERIFY(wait(m_database->write([sql, values](QSqlDatabase db) { return storage::execute(db, sql, values); })));
    }

    QVariant value(const QString& sql)
    {
        return *wait(m_database->read([sql](QSqlDatabase db) -> Result<QVariant> {
            auto row = storage::query(db, sql);
            if (!row)
                return fail(row.error());
            return row->next() ? row->value(0) : QVariant();
        }));
    }

    /// An agent that goes on as it left: ten envelopes stored, session 5 begins.
    Greeting goingOn() const { return {agentId, 1, m_root, 11, 10, 4, 5, 10, 4}; }

    /// HELLO and READY, one after the other.
    Reception receive(Greeting greeting)
    {
        if (const auto known = wait(m_receptions->look(agentId))) {
            greeting.hwmThen = known->hwm;
            greeting.sessionThen = known->session;
        }
        return receiveLate(greeting);
    }

    Reception receiveLate(const Greeting& greeting)
    {
        const auto reception = wait(m_receptions->receive(greeting));
        if (!reception)
            qFatal("%s", qPrintable(reception.error().detail));
        return *reception;
    }

    QList<AgentEvent> events() { return *wait(AgentHistory(*m_database).events(agentId)); }
    bool isAllowedIn(const Greeting& greeting) { return receive(greeting).kind == Reception::Kind::Welcome; }

private slots:
    void initTestCase() { QVERIFY(crypto::start()); }

    void init()
    {
        m_clock = std::make_unique<test::FakeClock>();
        m_folder = std::make_unique<QTemporaryDir>();
        m_database =
            std::make_unique<storage::Database>(storage::Database::Settings{.name = m_folder->filePath(u"t.sqlite"_s)});
        QVERIFY(wait(m_database->open()));
        QVERIFY(wait(store::migrate(*m_database)));
        m_kek = *crypto::KeyEncryptionKey::loadOrCreate(m_folder->filePath(u"kek"_s));
        m_receptions = std::make_unique<Receptions>(*m_database, *m_kek, *m_clock);
        m_root = crypto::randomSecret(32);
        run(u"INSERT INTO agent (id, name, status, epoch, hwm, created_at, forks, session, root_key) VALUES (?, 'x', 'ACTIVE', 1, 10, ?, 0, 4, ?)"_s,
            {agentId, toMs(m_clock->now()), m_kek->seal(m_root.reveal(), "agent", "root_key", agentId)});
    }

    void welcomesWhoGoesOnAsItLeft()
    {
        const Reception reception = receive(goingOn());
        QCOMPARE(reception.kind, Reception::Kind::Welcome);
        QCOMPARE(reception.hwm, 10u);
        QVERIFY(!reception.isRekeyDue && !reception.wasRestored && !reception.isNews);
        QCOMPARE(value(u"SELECT session FROM agent"_s).toInt(), 5);
        QVERIFY(events().isEmpty());
    }

    void welcomesWhoseReadyWasLostOrWhoCannotCount()
    {
        Greeting greeting = goingOn();
        greeting.session = 9; // its READYs got lost
        greeting.counted = 10;
        QVERIFY(isAllowedIn(greeting));
        greeting.session = 10;
        greeting.counted = 10; // its disk is full
        QVERIFY(isAllowedIn(greeting));
        QVERIFY(isAllowedIn(greeting));
    }

    void findsOutACopyAtItsFirstGreeting_data()
    {
        QTest::addColumn<quint64>("nextSeq");
        QTest::addColumn<quint64>("session");
        QTest::newRow("would send again what is stored") << quint64(10) << quint64(4);
        QTest::newRow("has seen fewer sessions, and sent nothing since") << quint64(11) << quint64(3);
        QTest::newRow("has seen fewer sessions, and collected much offline") << quint64(500) << quint64(3);
        QTest::newRow("both") << quint64(2) << quint64(1);
    }
    void findsOutACopyAtItsFirstGreeting()
    {
        QFETCH(const quint64, nextSeq);
        QFETCH(const quint64, session);
        Greeting copy = goingOn();
        copy.nextSeq = nextSeq;
        copy.acknowledged = std::min<quint64>(nextSeq - 1, 10);
        copy.session = session;
        copy.counted = session;
        const Reception reception = receive(copy);
        QCOMPARE(reception.kind, Reception::Kind::Forked);
        QVERIFY(reception.isNews);
        QVERIFY(!isAllowedIn(goingOn())); // nobody can tell which of them is the right one
        QVERIFY(!receive(copy).isNews);

        QCOMPARE(events().size(), 1); // once, however often they call
        QCOMPARE(events().first().kind, AgentEvent::fork);
        QCOMPARE(events().first().facts[u"nextSeq"_s].toInteger(), qint64(nextSeq));
        QCOMPARE(events().first().facts[u"hwm"_s].toInteger(), 10);
        const auto row = wait(AgentQueries(*m_database).list())->first();
        QVERIFY(row.isForked);
        QCOMPARE(row.forks, 1);
        QCOMPARE(row.forkedAt, std::optional(m_clock->now()));
    }

    /// A proxy held back the READY of a connection that the agent has given up since.
    void raisesNoAlarmForAReadyThatIsLate()
    {
        const Greeting first = goingOn();
        Greeting second = goingOn();
        second.session = 5;
        second.counted = 6;
        QVERIFY(isAllowedIn(second));
        run(u"UPDATE agent SET hwm = 20"_s);
        QCOMPARE(receiveLate(first).kind, Reception::Kind::Late);
        QVERIFY(events().isEmpty());
        QCOMPARE(value(u"SELECT session FROM agent"_s).toInt(), 6);
    }

    void letsTheNextCopyGoOnUnderANewKeyWhenAnAdministratorSaysSo()
    {
        Greeting copy = goingOn();
        copy.nextSeq = 5;
        copy.session = copy.counted = 2;
        QCOMPARE(receive(copy).kind, Reception::Kind::Forked);
        QVERIFY(wait(m_receptions->askRekey(agentId)));
        const Reception reception = receive(copy);
        QCOMPARE(reception.kind, Reception::Kind::Welcome);
        QVERIFY(reception.isRekeyDue);

        const Secret next = crypto::randomSecret(32);
        QCOMPARE(wait(m_receptions->propose(agentId, 1, 10, next)), Result<bool>(true));
        Greeting renewed{agentId, 2, next, 11, 4, 2, 3, 10, 2};
        QVERIFY(receive(renewed).isNews);
        QVERIFY(!wait(AgentQueries(*m_database).list())->first().isForked);
        QCOMPARE(receive(goingOn()).kind, Reception::Kind::Refused); // under the old key nobody comes in any more
        renewed.session = 3;
        renewed.counted = 4;
        QVERIFY(isAllowedIn(renewed));
        QCOMPARE(events().first().kind, AgentEvent::rekeyed);
    }

    /// Whoever dies, and whenever: there is a key that both have.
    void keepsBothKeysUntilTheNewOneIsUsed()
    {
        const Secret next = crypto::randomSecret(32);
        QCOMPARE(wait(m_receptions->propose(agentId, 1, 10, next)), Result<bool>(true));
        QCOMPARE(wait(m_receptions->look(agentId))->nextRoot.reveal(), next.reveal());
        QVERIFY(isAllowedIn({agentId, 2, next, 11, 10, 4, 5, 10, 4}));
        QCOMPARE(value(u"SELECT epoch FROM agent"_s).toInt(), 2);
        const auto access = wait(AgentStore(*m_database, *m_kek, *m_clock).access(agentId));
        QCOMPARE(access->root.reveal(), next.reveal());
        QVERIFY(wait(m_receptions->look(agentId))->nextRoot.isEmpty());
        QCOMPARE(receive(goingOn()).kind, Reception::Kind::Refused);
    }

    void owesAWordUntilSomethingCameUnderTheNewKey()
    {
        const Secret next = crypto::randomSecret(32);
        QVERIFY(!receive(goingOn()).isWordDue);
        QCOMPARE(wait(m_receptions->propose(agentId, 1, 10, next)), Result<bool>(true));
        QVERIFY(receive({agentId, 2, next, 11, 10, 5, 6, 10, 5}).isWordDue);
        const Reception again = receive({agentId, 2, next, 11, 10, 6, 7, 10, 6}); // it died before it heard of that
        QVERIFY(again.isWordDue && !again.isNews);
        run(u"UPDATE agent SET hwm = 11"_s);
        QVERIFY(!receive({agentId, 2, next, 12, 11, 7, 8, 11, 7}).isWordDue);
    }

    void forgetsTheNextKeyWhenTheAgentGoesOnWithoutIt()
    {
        const Secret next = crypto::randomSecret(32);
        QCOMPARE(wait(m_receptions->propose(agentId, 1, 10, next)), Result<bool>(true));
        QVERIFY(isAllowedIn(goingOn())); // the answer never reached it
        QVERIFY(wait(m_receptions->look(agentId))->nextRoot.isEmpty());
        QCOMPARE(receive({agentId, 2, next, 11, 10, 5, 6, 10, 5}).kind, Reception::Kind::Refused);
        QVERIFY(isAllowedIn({agentId, 1, m_root, 11, 10, 5, 6, 10, 5}));
    }

    void takesNoKeyThatWasReplacedMeanwhile()
    {
        const Secret first = crypto::randomSecret(32), second = crypto::randomSecret(32);
        QCOMPARE(wait(m_receptions->propose(agentId, 1, 10, first)), Result<bool>(true));
        QCOMPARE(wait(m_receptions->propose(agentId, 1, 10, second)), Result<bool>(true));
        QCOMPARE(receive({agentId, 2, first, 11, 10, 4, 5, 10, 4}).kind, Reception::Kind::Refused);
        QVERIFY(isAllowedIn({agentId, 2, second, 11, 10, 4, 5, 10, 4}));
    }

    void takesNoNewKeyWhileSomethingArrives()
    {
        QCOMPARE(wait(m_receptions->propose(agentId, 1, 9, m_root)), Result<bool>(false));
        QCOMPARE(wait(m_receptions->propose(agentId, 2, 10, m_root)), Result<bool>(false));
        run(u"UPDATE agent SET status = 'DEACTIVATED'"_s);
        QCOMPARE(wait(m_receptions->propose(agentId, 1, 10, m_root)), Result<bool>(false));
    }

    void asksForANewKeyWhenOneHasServedLongEnough_data()
    {
        QTest::addColumn<QString>("change");
        QTest::addColumn<int>("days");
        QTest::addColumn<bool>("isDue");
        QTest::newRow("fresh") << u"UPDATE agent SET hwm = 10"_s << 29 << false;
        QTest::newRow("30 days") << u"UPDATE agent SET hwm = 10"_s << 30 << true;
        QTest::newRow("just before 2^20") << u"UPDATE agent SET hwm = 1048575"_s << 0 << false;
        QTest::newRow("2^20 envelopes") << u"UPDATE agent SET hwm = 1048576"_s << 0 << true;
        QTest::newRow("by command") << u"UPDATE agent SET rekey_asked = 1"_s << 0 << true;
    }
    void asksForANewKeyWhenOneHasServedLongEnough()
    {
        QFETCH(const QString, change);
        QFETCH(const int, days);
        QFETCH(const bool, isDue);
        run(change);
        m_clock->advance(std::chrono::days(days));
        m_clock->advance(std::chrono::hours(0));
        QCOMPARE(wait(m_receptions->dueAmong({agentId}))->contains(agentId), isDue);
        QCOMPARE(wait(m_receptions->dueAmong({QByteArray(16, 'b')}))->size(), 0);
        Greeting greeting = goingOn();
        greeting.nextSeq = 2'000'000;
        QCOMPARE(receive(greeting).isRekeyDue, isDue);
    }

    void noticesThatItWasPutBackItself()
    {
        Greeting greeting = goingOn();
        greeting.nextSeq = 51;
        greeting.acknowledged = 50;
        greeting.session = 30;
        greeting.counted = 31;
        const Reception reception = receive(greeting);
        QCOMPARE(reception.kind, Reception::Kind::Welcome);
        QVERIFY(reception.wasRestored);
        QCOMPARE(events().first().kind, AgentEvent::serverRestored);
        QCOMPARE(events().first().facts[u"acknowledged"_s].toInteger(), 50);
        QCOMPARE(value(u"SELECT session FROM agent"_s).toInt(), 31);
    }

    void remembersWhatItAskedFor()
    {
        run(u"INSERT INTO full_wanted (agent_id, local_id) VALUES (?, 7), (?, 9)"_s, {agentId, agentId});
        QCOMPARE(receive(goingOn()).full, (QList<quint64>{7, 9}));
    }

    void keepsTheLastHundredEvents()
    {
        for (int i = 0; i < 130; ++i) {
            Greeting greeting = goingOn();
            greeting.acknowledged = 1000 + quint64(i); // an agent that makes them up
            greeting.nextSeq = 5000;
            greeting.session = greeting.counted = 100;
            QVERIFY(isAllowedIn(greeting));
        }
        QCOMPARE(events().size(), 100);
        QCOMPARE(events().first().facts[u"acknowledged"_s].toInteger(), 1129);
        QCOMPARE(value(u"SELECT count(*) FROM agent_event"_s).toInt(), 100);
    }

    void refusesWhoIsNotWelcome_data()
    {
        QTest::addColumn<QString>("change");
        QTest::newRow("deactivated") << u"UPDATE agent SET status = 'DEACTIVATED'"_s;
        QTest::newRow("expired") << u"UPDATE agent SET expires_at = 1"_s;
        QTest::newRow("without a key") << u"UPDATE agent SET root_key = NULL"_s;
        QTest::newRow("gone") << u"DELETE FROM agent"_s;
    }
    void refusesWhoIsNotWelcome()
    {
        QFETCH(const QString, change);
        run(change);
        QCOMPARE(receive(goingOn()).kind, Reception::Kind::Refused);
        QCOMPARE(wait(m_receptions->askRekey(agentId)).has_value(), change.contains(u"expires_at"_s));
    }
};

PLATEN_TEST(ReceptionsTest)
#include "ReceptionsTest.moc"
