// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <crypto/Crypto.h>
#include <server/store/AgentStore.h>
#include <server/store/Installation.h>
#include <server/store/KekRotation.h>
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

class KekRotationTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<storage::Database> m_database;
    test::FakeClock m_clock;

    crypto::KeyEncryptionKey kek(const QString& name) const
    {
        return *crypto::KeyEncryptionKey::loadOrCreate(m_folder->filePath(name));
    }

    Result<qint64> sealAnew(const crypto::KeyEncryptionKey& old, const crypto::KeyEncryptionKey& next)
    {
        return wait(m_database->write([=](QSqlDatabase db) { return store::sealAnew(db, old, next); }), std::chrono::minutes(5));
    }

    Status add(const crypto::KeyEncryptionKey& key, int agents)
    {
        return wait(m_database->write([=, this](QSqlDatabase db) -> Status {
            for (int i = 0; i < agents; ++i) {
                store::NewAgent made;
                made.id = crypto::randomBytes(16);
                made.name = u"Agent"_s;
                made.root = Secret(made.id + made.id);
                made.pinLocator = u"ABCD"_s;
                if (const Status added = store::AgentStore::addPending(db, key, made, m_clock.now()); !added)
                    return added;
                if (i % 3 == 0)
                    if (const auto next = storage::execute(db, u"UPDATE agent SET next_root_key = ? WHERE id = ?"_s,
                            {key.seal(made.root.reveal(), "agent", "next_root_key", made.id), made.id});
                        !next)
                        return fail(next.error());
            }
            return {};
        }),
            std::chrono::minutes(5));
    }

private slots:
    void initTestCase() { QVERIFY(crypto::start()); }

    void init()
    {
        m_database.reset();
        m_folder = std::make_unique<QTemporaryDir>();
        m_database = std::make_unique<storage::Database>(storage::Database::Settings{.name = m_folder->filePath(u"t.sqlite"_s)});
        QVERIFY(wait(m_database->open()));
        QVERIFY(wait(store::migrate(*m_database)));
    }

    void sealsEverythingAnew()
    {
        const auto old = kek(u"old"_s), next = kek(u"next"_s);
        const auto before = wait(store::Installation::loadOrCreate(*m_database, old));
        QVERIFY(add(old, 2'500)); // more than are taken at a time
        const crypto::Pin pin = *wait(store::PinStore(*m_database, old, m_clock).create({}));
        QCOMPARE(sealAnew(old, next), Result<qint64>(2'500 + 834 + 1 + 1));
        QCOMPARE(*wait(m_database->read([](QSqlDatabase db) { return store::kekIdOf(db); })), next.id());

        const auto after = wait(store::Installation::loadOrCreate(*m_database, next));
        QCOMPARE(after->commandKey.secret, before->commandKey.secret);
        QCOMPARE(**wait(store::PinStore(*m_database, next, m_clock).start(pin.locator, QByteArray(16, 's'))), pin.characters);
        const Status all = wait(m_database->read([next](QSqlDatabase db) -> Status {
            auto rows = storage::query(db, u"SELECT id, root_key FROM agent"_s);
            while (rows && rows->next()) {
                const QByteArray id = rows->value(0).toByteArray();
                if (next.open(rows->value(1).toByteArray(), "agent", "root_key", id) != Result<QByteArray>(id + id))
                    return fail(ErrorCode::CryptoFailed, QString::fromLatin1(id.toHex()));
            }
            return {};
        }));
        QVERIFY(all);
    }

    /// A sealed field begins with the id of its key: whoever adds one and forgets it here finds it by this.
    void leavesNoFieldUnderTheOldKey()
    {
        const auto old = kek(u"old"_s), next = kek(u"next"_s);
        QVERIFY(wait(store::Installation::loadOrCreate(*m_database, old)));
        QVERIFY(add(old, 10));
        QVERIFY(wait(store::PinStore(*m_database, old, m_clock).create({})));
        QVERIFY(sealAnew(old, next));
        const auto left = wait(m_database->read([id = old.id()](QSqlDatabase db) -> Result<QStringList> {
            QStringList found;
            for (const QString& table : db.tables()) {
                auto rows = storage::query(db, u"SELECT * FROM "_s + table);
                while (rows && rows->next())
                    for (int i = 0; rows->value(i).isValid(); ++i)
                        if (rows->value(i).toByteArray().startsWith(id) || rows->value(i).toByteArray().startsWith(id.toHex()))
                            found.append(table);
            }
            return found;
        }));
        QCOMPARE(*left, QStringList());
    }

    void changesNothingWhenOneFieldDoesNotOpen()
    {
        const auto old = kek(u"old"_s), next = kek(u"next"_s);
        QVERIFY(wait(store::Installation::loadOrCreate(*m_database, old)));
        QVERIFY(add(old, 10));
        QVERIFY(wait(m_database->write([](QSqlDatabase db) {
            return storage::execute(db, u"UPDATE agent SET root_key = ? WHERE id IN (SELECT id FROM agent LIMIT 1)"_s, {QByteArray(80, 'x')});
        })));
        QCOMPARE(sealAnew(old, next).error().code, ErrorCode::CryptoFailed);
        QVERIFY(wait(store::Installation::loadOrCreate(*m_database, old)));
        QVERIFY(wait(m_database->read([](QSqlDatabase db) { return store::kekIdOf(db); }))->isEmpty());
    }

    void refusesToSealUnderAKeyThatWasChanged()
    {
        const auto old = kek(u"old"_s), next = kek(u"next"_s);
        QVERIFY(wait(store::Installation::loadOrCreate(*m_database, old)));
        QVERIFY(sealAnew(old, next));
        QCOMPARE(wait(store::PinStore(*m_database, old, m_clock).create({})).error().code, ErrorCode::Conflict);
        QCOMPARE(add(old, 1).error().code, ErrorCode::Conflict);
        QVERIFY(wait(store::PinStore(*m_database, next, m_clock).create({})));
    }
};

PLATEN_TEST(KekRotationTest)
#include "KekRotationTest.moc"
