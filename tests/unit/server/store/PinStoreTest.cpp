// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <crypto/Crypto.h>
#include <server/store/AgentStore.h>
#include <server/store/Installation.h>
#include <server/store/PinStore.h>
#include <storage/Query.h>
#include <testkit/FakeClock.h>
#include <testkit/Program.h>
#include <testkit/Wait.h>

#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace platen;
using platen::store::AgentStore;
using platen::store::PinStore;
using platen::test::wait;

class PinStoreTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<storage::Database> m_database;
    std::unique_ptr<PinStore> m_pins;
    std::unique_ptr<AgentStore> m_agents;
    std::unique_ptr<test::FakeClock> m_clock;

    crypto::Pin pin(store::PinOrder order = {}) { return *wait(m_pins->create(order)); }

    int number(const QString& sql)
    {
        return *wait(m_database->read([sql](QSqlDatabase db) -> Result<int> {
            auto row = storage::query(db, sql);
            return row && row->next() ? Result<int>(row->value(0).toInt()) : fail(ErrorCode::NotFound, sql);
        }));
    }

    bool canStart(const crypto::Pin& pin)
    {
        const auto started = wait(m_pins->start(pin.locator, crypto::randomBytes(16)));
        return started && started->has_value() && **started == pin.characters;
    }

    /// One wrong guess; false when it was not even allowed.
    bool guess(const crypto::Pin& pin)
    {
        const bool charged = *wait(m_pins->charge(pin.locator));
        (void)wait(m_pins->failed(pin.locator));
        return charged;
    }

    store::NewAgent agent(const crypto::Pin& pin)
    {
        store::NewAgent made;
        made.id = crypto::randomBytes(16);
        made.name = u"Agent"_s;
        made.root = crypto::randomSecret(32);
        made.pinLocator = pin.locator;
        return made;
    }

    /// M3 with the right tag.
    Status pass(const store::NewAgent& made)
    {
        if (!*wait(m_pins->charge(made.pinLocator)))
            return fail(ErrorCode::TooManyAttempts, {});
        return wait(m_pins->passed(made));
    }

private slots:
    void listsWhatCanBeUsedAndTakesItBack()
    {
        const crypto::Pin first = pin({.group = u"North"_s}), second = pin({.life = std::chrono::hours(1)});
        QVERIFY(guess(first));
        auto rows = *wait(m_pins->list());
        QCOMPARE(rows.size(), 2);
        const auto row = std::ranges::find(rows, first.locator, &store::PinRow::locator);
        QVERIFY(row != rows.end());
        QCOMPARE(row->group, u"North"_s);
        QCOMPARE(row->usesLeft, 1);
        QCOMPARE(row->failures, 1);
        QCOMPARE(row->expiresAt - row->createdAt, std::chrono::hours(72));

        m_clock->advance(std::chrono::hours(2));
        QCOMPARE(wait(m_pins->list())->size(), 1);
        QVERIFY(canStart(first));
        QVERIFY(wait(m_pins->passed(agent(first))));
        QVERIFY(wait(m_pins->revoke(first.locator)));
        QVERIFY(!canStart(first));
        QCOMPARE(number(u"SELECT count(*) FROM agent"_s), 0);
        QCOMPARE(wait(m_pins->revoke(first.locator)).error().code, ErrorCode::NotFound);
        Q_UNUSED(second)
    }

    void survivesAClockThatIsWrongForAMoment()
    {
        const crypto::Pin early = pin();
        m_clock->wall += std::chrono::years(10);
        QVERIFY(!canStart(early));
        const crypto::Pin wrong = pin();
        QVERIFY(canStart(wrong));
        m_clock->wall -= std::chrono::years(10);
        QVERIFY(canStart(early));
        QVERIFY(!canStart(wrong)); // it would live for ten years
    }

    void makesLongPinsForManyAgents()
    {
        QCOMPARE(pin({.uses = 50}).characters.size(), crypto::Pin::locatorChars + 26);
        for (const store::PinOrder& order : {store::PinOrder{.uses = 0}, store::PinOrder{.uses = 100'001},
                 store::PinOrder{.life = std::chrono::hours(721)}, store::PinOrder{.secretChars = 3},
                 store::PinOrder{.secretChars = 17}})
            QCOMPARE(wait(m_pins->create(order)).error().code, ErrorCode::InvalidInput);
    }

    void endsAndRevivesAgentsByTheirExpiry()
    {
        const store::NewAgent made = agent(pin());
        QVERIFY(wait(m_pins->passed(made)));
        QVERIFY(wait(m_agents->activate(made.id)));
        QVERIFY(wait(m_agents->setExpiry(made.id, m_clock->now() + std::chrono::hours(1))));
        QVERIFY(wait(m_agents->access(made.id)));
        m_clock->advance(std::chrono::hours(2));
        QCOMPARE(wait(m_agents->access(made.id)).error().code, ErrorCode::PermissionDenied);
        QVERIFY(wait(m_agents->setExpiry(made.id, std::nullopt)));
        QVERIFY(wait(m_agents->access(made.id)));
        QVERIFY(wait(m_agents->deactivate(made.id)));
        QCOMPARE(wait(m_agents->setExpiry(made.id, std::nullopt)).error().code, ErrorCode::PermissionDenied);
        QCOMPARE(wait(m_agents->setExpiry(QByteArray(16, 'x'), std::nullopt)).error().code, ErrorCode::NotFound);
    }

    void initTestCase() { QVERIFY(crypto::start()); }

    void init()
    {
        m_clock = std::make_unique<test::FakeClock>();
        m_folder = std::make_unique<QTemporaryDir>();
        m_database =
            std::make_unique<storage::Database>(storage::Database::Settings{.name = m_folder->filePath(u"t.sqlite"_s)});
        QVERIFY(wait(m_database->open()));
        QVERIFY(wait(store::migrate(*m_database)));
        const auto kek = crypto::KeyEncryptionKey::loadOrCreate(m_folder->filePath(u"kek"_s));
        QVERIFY(kek);
        m_pins = std::make_unique<PinStore>(*m_database, *kek, *m_clock);
        m_agents = std::make_unique<AgentStore>(*m_database, *kek, *m_clock);
    }

    void givesTheCharactersOfAPinAndNobodyElses()
    {
        const crypto::Pin made = pin();
        QVERIFY(canStart(made));
        const auto unknown =
            wait(m_pins->start(made.locator == u"0000" ? u"1111"_s : u"0000"_s, crypto::randomBytes(16)));
        QVERIFY(unknown && !unknown->has_value());
    }

    void sealsPinsAtRest()
    {
        const crypto::Pin made = pin();
        QFile file(m_folder->filePath(u"t.sqlite-wal"_s));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(!file.readAll().contains(made.characters.reveal()));
    }

    void refusesARunSeenBefore()
    {
        const crypto::Pin made = pin();
        const QByteArray sid = crypto::randomBytes(16);
        QVERIFY(wait(m_pins->start(made.locator, sid)));
        QCOMPARE(wait(m_pins->start(made.locator, sid)).error().code, ErrorCode::Conflict);
    }

    void forgetsRunsOfLongAgo()
    {
        QVERIFY(wait(m_pins->start(u"0000"_s, crypto::randomBytes(16))));
        m_clock->advance(std::chrono::hours(49));
        QVERIFY(wait(m_pins->start(u"0000"_s, crypto::randomBytes(16))));
        QCOMPARE(number(u"SELECT count(*) FROM activation_sid"_s), 1);
    }

    void writesForAPinThatIsNoneAsForOne()
    {
        const crypto::Pin made = pin();
        for (const QString& locator : {made.locator, QString()}) {
            const int before = number(u"PRAGMA data_version"_s); // changes with every commit that wrote something
            QVERIFY(wait(m_pins->charge(locator)));
            QVERIFY(number(u"PRAGMA data_version"_s) != before);
        }
    }

    void slowsGuessingDownAndThenBurnsThePin()
    {
        const crypto::Pin made = pin();
        for (int i = 0; i < 5; ++i)
            QVERIFY(guess(made));
        QVERIFY(!guess(made));
        QVERIFY(!canStart(made));

        m_clock->advance(std::chrono::minutes(9));
        QVERIFY(!guess(made));
        m_clock->advance(std::chrono::minutes(1));
        QVERIFY(canStart(made));
        for (int i = 5; i < 20; ++i) {
            QVERIFY2(guess(made), qPrintable(QString::number(i)));
            QVERIFY(!guess(made));
            m_clock->advance(std::chrono::minutes(10));
        }
        QVERIFY(!canStart(made));
        QVERIFY(!*wait(m_pins->charge(made.locator)));
    }

    void countsGuessesMadeAtTheSameTime()
    {
        const crypto::Pin made = pin();
        int allowed = 0, answered = 0;
        for (int i = 0; i < 50; ++i) {
            m_pins->charge(made.locator).then([&](Result<bool> charged) {
                allowed += *charged ? 1 : 0;
                ++answered;
            });
        }
        QVERIFY(test::eventually([&] { return answered == 50; }));
        QCOMPARE(allowed, 5);
    }

    void endsWithItsTimeAlsoWhenTheClockIsSetBack()
    {
        const crypto::Pin made = pin({.group = {}, .uses = 1, .life = std::chrono::hours(1)});
        m_clock->advance(std::chrono::minutes(59));
        QVERIFY(canStart(made));
        m_clock->advance(std::chrono::minutes(2));
        QVERIFY(!canStart(made));
        m_clock->wall -= std::chrono::hours(1);
        QVERIFY(!canStart(made));
    }

    void staysUsableUntilTheFirstHello()
    {
        const crypto::Pin made = pin();
        const auto lost = agent(made); // its M4 never arrived
        QVERIFY(pass(lost));
        QVERIFY(canStart(made));
        const auto again = agent(made);
        QVERIFY(pass(again));

        QVERIFY(wait(m_agents->activate(again.id)));
        QVERIFY(!canStart(made));
        QCOMPARE(wait(m_agents->access(again.id))->status, store::AgentStatus::Active);
        QCOMPARE(wait(m_agents->activate(lost.id)).error().code, ErrorCode::PermissionDenied);
        QCOMPARE(wait(m_agents->access(lost.id)).error().code, ErrorCode::NotFound);
    }

    void doesNotCountASuccessAsAFailure()
    {
        const crypto::Pin made = pin();
        for (int i = 0; i < 10; ++i)
            QVERIFY(pass(agent(made)));
    }

    void letsAsManyAgentsInAsItHasUses()
    {
        const crypto::Pin made = pin({.group = u"North"_s, .uses = 2, .life = std::chrono::hours(1)});
        for (int i = 0; i < 2; ++i) {
            const auto one = agent(made);
            QVERIFY(pass(one));
            QVERIFY(wait(m_agents->activate(one.id)));
        }
        QVERIFY(!canStart(made));
    }

    void leavesNothingThatLinksAPinToItsAgent()
    {
        const crypto::Pin made = pin();
        const auto one = agent(made);
        QVERIFY(pass(one));
        QVERIFY(wait(m_agents->activate(one.id)));
        const auto linked = wait(m_database->read([](QSqlDatabase db) -> Result<int> {
            auto row = storage::query(db,
                u"SELECT (SELECT count(*) FROM pin) + (SELECT count(*) FROM agent WHERE pin_locator IS NOT NULL)"_s);
            row->next();
            return row->value(0).toInt();
        }));
        QCOMPARE(linked, Result<int>(0));
    }

    void destroysTheKeyOfADeactivatedAgent()
    {
        const crypto::Pin made = pin();
        const auto one = agent(made);
        QVERIFY(pass(one));
        QVERIFY(wait(m_agents->activate(one.id)));
        QCOMPARE(wait(m_agents->access(one.id))->root, one.root);
        QCOMPARE(*wait(m_agents->refusedAmong({one.id})), QList<QByteArray>());
        QVERIFY(wait(m_agents->deactivate(one.id)));
        QCOMPARE(wait(m_agents->access(one.id)).error().code, ErrorCode::PermissionDenied);
        QCOMPARE(wait(m_agents->activate(one.id)).error().code, ErrorCode::PermissionDenied);
        QCOMPARE(*wait(m_agents->refusedAmong({one.id})), QList<QByteArray>{one.id});
    }

    void revivesNoExpiredAgentWhenTheClockIsSetBack()
    {
        const crypto::Pin made = pin();
        auto one = agent(made);
        one.expiresAt = m_clock->now() + std::chrono::hours(1);
        QVERIFY(pass(one));
        QVERIFY(wait(m_agents->activate(one.id)));
        QVERIFY(wait(m_agents->access(one.id)));
        m_clock->advance(std::chrono::hours(1));
        QCOMPARE(wait(m_agents->access(one.id)).error().code, ErrorCode::PermissionDenied);
        m_clock->wall -= std::chrono::milliseconds(1);
        QCOMPARE(wait(m_agents->access(one.id)).error().code, ErrorCode::PermissionDenied);
    }

    void refusesOrdersItCannotKeep_data()
    {
        QTest::addColumn<int>("uses");
        QTest::addColumn<int>("hours");
        QTest::newRow("no use") << 0 << 72;
        QTest::newRow("too long") << 1 << 31 * 24;
        QTest::newRow("over before it begins") << 1 << 0;
    }
    void refusesOrdersItCannotKeep()
    {
        QFETCH(int, uses);
        QFETCH(int, hours);
        QCOMPARE(wait(m_pins->create({.group = {}, .uses = uses, .life = std::chrono::hours(hours)})).error().code,
            ErrorCode::InvalidInput);
    }
};

PLATEN_TEST(PinStoreTest)
#include "PinStoreTest.moc"
