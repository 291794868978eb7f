// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <crypto/Crypto.h>
#include <server/store/Endings.h>
#include <server/store/Installation.h>
#include <server/store/PinStore.h>
#include <storage/Query.h>
#include <testkit/FakeClock.h>
#include <testkit/Program.h>
#include <testkit/Wait.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace platen;
using platen::test::wait;

/// PINs and agents that ended stay ended: over a database put back from a backup, and over clocks that go wrong.
class EndingsTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<test::FakeClock> m_clock;
    std::shared_ptr<const store::Endings> m_endings;
    std::unique_ptr<storage::Database> m_database;
    std::unique_ptr<store::PinStore> m_pins;
    std::unique_ptr<store::AgentStore> m_agents;

    QString path(const QString& name) const { return m_folder->filePath(name); }

    void open()
    {
        m_database = std::make_unique<storage::Database>(storage::Database::Settings{.name = path(u"t.sqlite"_s)});
        QVERIFY(wait(m_database->open()));
        QVERIFY(wait(store::migrate(*m_database)));
        const auto kek = *crypto::KeyEncryptionKey::loadOrCreate(path(u"kek"_s));
        m_pins = std::make_unique<store::PinStore>(*m_database, kek, *m_clock, m_endings);
        m_agents = std::make_unique<store::AgentStore>(*m_database, kek, *m_clock, m_endings);
    }

    void close()
    {
        m_pins.reset();
        m_agents.reset();
        m_database.reset();
    }

    void backUp()
    {
        close();
        QFile::remove(path(u"backup"_s));
        QVERIFY(QFile::copy(path(u"t.sqlite"_s), path(u"backup"_s)));
        open();
    }

    store::Endings::Revived restore()
    {
        close();
        for (const QString& suffix : {u""_s, u"-wal"_s, u"-shm"_s})
            QFile::remove(path(u"t.sqlite"_s) + suffix);
        if (!QFile::copy(path(u"backup"_s), path(u"t.sqlite"_s)))
            qFatal("no backup");
        open();
        return *wait(m_database->write([endings = m_endings](QSqlDatabase db) { return endings->endAgain(db); }));
    }

    bool canStart(const crypto::Pin& pin) { return wait(m_pins->start(pin.locator, crypto::randomBytes(16)))->has_value(); }

    /// An agent that proved `pin`; ACTIVE when it said HELLO.
    QByteArray agent(const crypto::Pin& pin, bool saysHello = true)
    {
        store::NewAgent made;
        made.id = crypto::randomBytes(16);
        made.name = u"Agent"_s;
        made.root = crypto::randomSecret(32);
        made.pinLocator = pin.locator;
        if (!*wait(m_pins->charge(pin.locator)) || !wait(m_pins->passed(made)))
            qFatal("no agent");
        if (saysHello && !wait(m_agents->activate(made.id)))
            qFatal("not activated");
        return made.id;
    }

    int count(const QString& sql)
    {
        return *wait(m_database->read([sql](QSqlDatabase db) -> Result<int> {
            auto row = storage::query(db, sql);
            return row && row->next() ? Result<int>(row->value(0).toInt()) : fail(ErrorCode::NotFound, sql);
        }));
    }
    int keys() { return count(u"SELECT count(*) FROM agent WHERE root_key IS NOT NULL"_s); }

private slots:
    void initTestCase() { QVERIFY(crypto::start()); }

    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_clock = std::make_unique<test::FakeClock>();
        m_endings = std::make_shared<store::Endings>(path(u"endings"_s));
        open();
    }
    void cleanup() { close(); }

    void endsAgainWhatABackupRevives()
    {
        const crypto::Pin used = *wait(m_pins->create({})), burnt = *wait(m_pins->create({})),
                          revoked = *wait(m_pins->create({})), left = *wait(m_pins->create({}));
        const QByteArray ended = agent(*wait(m_pins->create({}))), stays = agent(*wait(m_pins->create({})));
        const QByteArray never = agent(revoked, false);
        backUp();
        agent(used);
        for (int i = 0; i < store::pinLimit::burntAt; ++i) {
            QVERIFY(*wait(m_pins->charge(burnt.locator)));
            (void)wait(m_pins->failed(burnt.locator));
            m_clock->advance(std::chrono::minutes(10));
        }
        QVERIFY(wait(m_pins->revoke(revoked.locator)));
        QVERIFY(wait(m_agents->deactivate(ended)));

        const auto revived = restore();
        QCOMPARE(revived.pins, 3);
        QCOMPARE(revived.agents, 1);
        QVERIFY(!canStart(used) && !canStart(burnt) && !canStart(revoked));
        QVERIFY(canStart(left));
        QCOMPARE(wait(m_agents->access(ended)).error().code, ErrorCode::PermissionDenied);
        QCOMPARE(wait(m_agents->access(never)).error().code, ErrorCode::NotFound);
        QVERIFY(wait(m_agents->access(stays)));
        QCOMPARE(restore().pins, 3); // every time
    }

    void givesBackNoUseOfAPinForMany()
    {
        const crypto::Pin pin = *wait(m_pins->create({.uses = 3}));
        backUp();
        agent(pin);
        agent(pin);
        restore();
        QCOMPARE(wait(m_pins->list())->first().usesLeft, 1);
        agent(pin);
        restore();
        QVERIFY(!canStart(pin));
    }

    void leavesANewPinUnderAnOldLocatorAlone()
    {
        const crypto::Pin old = *wait(m_pins->create({}));
        QVERIFY(m_endings->pin(old.locator, m_clock->now() - std::chrono::hours(1), 0));
        QCOMPARE(wait(m_database->write([endings = m_endings](QSqlDatabase db) { return endings->endAgain(db); }))->pins, 0);
        QVERIFY(canStart(old));
    }

    void survivesAFileThatIsTorn()
    {
        const QByteArray id = agent(*wait(m_pins->create({})));
        QFile file(path(u"endings"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("pin ABCD 17640000\nnonsense\npin X Y Z\nagent zz\n" + QByteArray(1000, 'x') + "\nagent " + id.toHex().first(9));
        file.close();
        QVERIFY(m_endings->agent(id));
        const auto revived = wait(m_database->write([endings = m_endings](QSqlDatabase db) { return endings->endAgain(db); }));
        QCOMPARE(revived->agents, 1);
    }

    void destroysTheKeyOfAnExpiredAgentADayLater()
    {
        const QByteArray id = agent(*wait(m_pins->create({})));
        QVERIFY(wait(m_agents->setExpiry(id, m_clock->now() + std::chrono::hours(1))));
        m_clock->advance(std::chrono::hours(2));
        QVERIFY(!wait(m_agents->access(id))); // refused at once
        for (int hour = 0; hour < 24; ++hour) {
            QVERIFY(wait(m_agents->endExpired())->isEmpty());
            QCOMPARE(keys(), 1);
            m_clock->advance(std::chrono::hours(1));
        }
        QCOMPARE(*wait(m_agents->endExpired()), QList<QByteArray>{id});
        QCOMPARE(keys(), 0);
        QCOMPARE(wait(m_agents->access(id)).error().code, ErrorCode::PermissionDenied);
        QCOMPARE(wait(m_agents->setExpiry(id, std::nullopt)).error().code, ErrorCode::PermissionDenied);
        QVERIFY(wait(m_agents->endExpired())->isEmpty());
    }

    void keepsTheKeyWhenTheExpiryIsMovedInTime()
    {
        const QByteArray id = agent(*wait(m_pins->create({})));
        QVERIFY(wait(m_agents->setExpiry(id, m_clock->now())));
        QVERIFY(wait(m_agents->endExpired())->isEmpty());
        m_clock->advance(std::chrono::hours(20));
        QVERIFY(wait(m_agents->setExpiry(id, std::nullopt)));
        QVERIFY(wait(m_agents->endExpired())->isEmpty());
        QVERIFY(wait(m_agents->setExpiry(id, m_clock->now())));
        m_clock->advance(std::chrono::hours(20));
        QVERIFY(wait(m_agents->endExpired())->isEmpty()); // the day counts from the second time
        QCOMPARE(keys(), 1);
    }

    void destroysNothingByAClockThatIsWrong_data()
    {
        QTest::addColumn<qint64>("hours");
        QTest::newRow("ten years ahead") << 87'600LL;
        QTest::newRow("two days ahead") << 48LL;
        QTest::newRow("23 hours ahead") << 23LL;
        QTest::newRow("ten years back") << -87'600LL;
    }
    void destroysNothingByAClockThatIsWrong()
    {
        QFETCH(const qint64, hours);
        const QByteArray id = agent(*wait(m_pins->create({})));
        QVERIFY(wait(m_agents->setExpiry(id, m_clock->now() + std::chrono::hours(20))));
        m_clock->wall += std::chrono::hours(hours);
        for (int minute = 0; minute < 12 * 60; ++minute) { // half a day goes by until somebody notices
            QVERIFY(wait(m_agents->endExpired())->isEmpty());
            m_clock->advance(std::chrono::minutes(1));
        }
        m_clock->wall -= std::chrono::hours(hours);
        QVERIFY(wait(m_agents->endExpired())->isEmpty());
        QCOMPARE(keys(), 1);
        QVERIFY(wait(m_agents->setExpiry(id, std::nullopt)));
        QVERIFY(wait(m_agents->access(id)));
    }

    /// What SQLite leaves behind on disk of a key that is destroyed: nothing.
    void leavesNoTraceOfADestroyedKey()
    {
        const QByteArray id = agent(*wait(m_pins->create({})));
        const QByteArray sealed = *wait(m_database->read([](QSqlDatabase db) -> Result<QByteArray> {
            auto row = storage::query(db, u"SELECT root_key FROM agent"_s);
            return row && row->next() ? Result<QByteArray>(row->value(0).toByteArray()) : fail(ErrorCode::NotFound, {});
        }));
        const auto isOnDisk = [&] {
            QByteArray all;
            for (const QString& suffix : {u""_s, u"-wal"_s}) {
                QFile file(path(u"t.sqlite"_s) + suffix);
                if (file.open(QIODevice::ReadOnly))
                    all += file.readAll();
            }
            return all.contains(sealed.last(40));
        };
        QVERIFY(isOnDisk());
        QVERIFY(wait(m_agents->deactivate(id)));
        QVERIFY(!isOnDisk());
    }
};

PLATEN_TEST(EndingsTest)
#include "EndingsTest.moc"
