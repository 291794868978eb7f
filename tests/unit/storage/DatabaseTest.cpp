// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <storage/Database.h>
#include <storage/FolderLock.h>
#include <storage/Query.h>
#include <testkit/Program.h>
#include <testkit/Wait.h>

#include <QSemaphore>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace platen;
using platen::storage::Database;
using platen::test::eventually;
using platen::test::wait;

namespace {

Result<int> insert(QSqlDatabase db, int value)
{
    return storage::execute(db, u"INSERT INTO t (v) VALUES (?)"_s, {value});
}

Result<int> count(QSqlDatabase db)
{
    auto rows = storage::query(db, u"SELECT count(*) FROM t"_s);
    if (!rows)
        return fail(rows.error());
    rows->next();
    return rows->value(0).toInt();
}

} // namespace

class DatabaseTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    QString path() const { return m_folder.filePath(QString::fromLatin1(QTest::currentTestFunction()) + u".sqlite"_s); }

    std::unique_ptr<Database> opened(Database::Settings settings = {})
    {
        settings.name = path();
        auto database = std::make_unique<Database>(settings);
        const Status status = wait(database->open());
        if (!status)
            qFatal("%s", qPrintable(status.error().detail));
        (void)wait(database->write([](QSqlDatabase db) {
            return storage::execute(db, u"CREATE TABLE IF NOT EXISTS t (v INTEGER NOT NULL UNIQUE)"_s);
        }));
        return database;
    }

    /// The writer stands still until the semaphore is released, so that everything after it waits together.
    static void hold(Database& database, const std::shared_ptr<QSemaphore>& gate)
    {
        database.run([gate](QSqlDatabase) -> Status {
            gate->acquire();
            return {};
        });
    }

private slots:
    void bringsManyWritesToTheDiskByOneCommit()
    {
        const auto database = opened();
        const auto before = database->counts();
        const auto gate = std::make_shared<QSemaphore>();
        hold(*database, gate);
        int answered = 0;
        for (int i = 0; i < 200; ++i)
            database->write([i](QSqlDatabase db) { return insert(db, i); }).then([&](Result<int> done) {
                answered += done ? 1 : 0;
            });
        gate->release();

        QVERIFY(eventually([&] { return answered == 200; }));
        QCOMPARE(database->counts().writes - before.writes, 200u);
        QVERIFY(database->counts().commits - before.commits <= 2); // the writer may be through with the gate before the last are queued
        QCOMPARE(wait(database->read(&count)), Result<int>(200));
    }

    void splitsWhatIsMoreThanOneGroup()
    {
        const auto database = opened({.name = {}, .groupLimit = 10});
        const auto before = database->counts();
        const auto gate = std::make_shared<QSemaphore>();
        hold(*database, gate);
        int answered = 0;
        for (int i = 0; i < 25; ++i)
            database->write([i](QSqlDatabase db) { return insert(db, i); }).then([&](Result<int>) { ++answered; });
        gate->release();
        QVERIFY(eventually([&] { return answered == 25; }));
        QCOMPARE(database->counts().commits - before.commits, 3u);
    }

    void keepsTheOthersWhenOneOfAGroupFails()
    {
        const auto database = opened();
        const auto gate = std::make_shared<QSemaphore>();
        hold(*database, gate);
        QList<bool> outcomes;
        for (const int value : {1, 2, 2, 3})
            database->write([value](QSqlDatabase db) { return insert(db, value); }).then([&](Result<int> done) {
                outcomes.append(done.has_value());
            });
        gate->release();
        QVERIFY(eventually([&] { return outcomes.size() == 4; }));
        QCOMPARE(outcomes, (QList<bool>{true, true, false, true}));
        QCOMPARE(wait(database->read(&count)), Result<int>(3));
    }

    void undoesAllOfAWorkThatFailsLate()
    {
        const auto database = opened();
        const auto outcome = wait(database->write([](QSqlDatabase db) -> Status {
            (void)insert(db, 1);
            (void)insert(db, 2);
            return fail(ErrorCode::Conflict, u"changed my mind"_s);
        }));
        QCOMPARE(outcome.error().code, ErrorCode::Conflict);
        QCOMPARE(wait(database->read(&count)), Result<int>(0));
    }

    void answersOnlyAfterOthersCanReadIt()
    {
        const auto database = opened();
        Database other({.name = path()});
        QVERIFY(wait(other.open()));
        for (int i = 1; i <= 20; ++i) {
            QVERIFY(wait(database->write([i](QSqlDatabase db) { return insert(db, i); })));
            QCOMPARE(wait(other.read(&count)), Result<int>(i));
        }
    }

    void losesNothingWhenItIsDestroyed()
    {
        auto database = opened();
        for (int i = 0; i < 50; ++i)
            database->write([i](QSqlDatabase db) { return insert(db, i); });
        database.reset();
        database = opened();
        QCOMPARE(wait(database->read(&count)), Result<int>(50));
    }

    void answersNobodyOnceItIsGone()
    {
        auto database = opened();
        bool answered = false;
        database->read(&count).then([&](Result<int>) { answered = true; });
        database->write([](QSqlDatabase db) { return insert(db, 1); }).then([&](Result<int>) { answered = true; });
        database.reset();
        QCoreApplication::processEvents();
        QVERIFY(!answered);
    }

    void failsTheWholeGroupWhenTheDiskIsFull()
    {
        const auto database = opened();
        (void)wait(database->run([](QSqlDatabase db) { return storage::execute(db, u"CREATE TABLE big (v BLOB)"_s); }));
        auto pages = wait(database->run([](QSqlDatabase db) -> Status { // as if the disk ended here
            auto now = storage::query(db, u"PRAGMA page_count"_s);
            now->next();
            const int limit = now->value(0).toInt() + 2;
            now->finish();
            (void)storage::query(db, u"PRAGMA max_page_count = %1"_s.arg(limit));
            return {};
        }));
        QVERIFY(pages);

        const auto gate = std::make_shared<QSemaphore>();
        hold(*database, gate);
        std::optional<Result<int>> small, large;
        database->write([](QSqlDatabase db) { return insert(db, 1); }).then([&](Result<int> done) { small = done; });
        database
            ->write([](QSqlDatabase db) {
                return storage::execute(db, u"INSERT INTO big (v) VALUES (?)"_s, {QByteArray(200000, 'x')});
            })
            .then([&](Result<int> done) { large = done; });
        gate->release();
        QVERIFY(eventually([&] { return small && large; }));
        QCOMPARE(large->error().code, ErrorCode::StorageFailed);
        QVERIFY2(large->error().detail.contains(u"full"_s), qPrintable(large->error().detail));
        // SQLite may end the whole transaction or only the statement: what was answered well must be there, the rest not.
        QCOMPARE(wait(database->read(&count)), Result<int>(small->has_value() ? 1 : 0));
        QVERIFY(wait(database->write([](QSqlDatabase db) { return insert(db, 2); })));
    }

    void refusesToWriteOnTheReadingThread()
    {
        const auto database = opened();
        QVERIFY(!wait(database->read([](QSqlDatabase db) { return insert(db, 1); })));
    }

    void refusesMoreWaitingWritesThanItsLimit()
    {
        const auto database = opened({.name = {}, .queueLimit = 3});
        const auto gate = std::make_shared<QSemaphore>();
        hold(*database, gate);
        QList<ErrorCode> refused;
        int stored = 0;
        for (int i = 0; i < 5; ++i)
            database->write([i](QSqlDatabase db) { return insert(db, i); }).then([&](Result<int> done) {
                done ? void(++stored) : refused.append(done.error().code);
            });
        gate->release();
        QVERIFY(eventually([&] { return stored + refused.size() == 5; }));
        QCOMPARE(refused, (QList<ErrorCode>{ErrorCode::LimitExceeded, ErrorCode::LimitExceeded}));
    }

    void saysThatAFileIsNotADatabase()
    {
        QFile file(path());
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(8192, 'x'));
        file.close();
        Database database({.name = path()});
        const Status status = wait(database.open());
        QVERIFY(!status);
        QCOMPARE(status.error().code, ErrorCode::StorageFailed);
        QVERIFY2(status.error().detail.contains(path()) && status.error().detail.contains(u"not a database"_s),
            qPrintable(status.error().detail));
    }

    void saysThatAFolderIsMissing()
    {
        Database database({.name = m_folder.filePath(u"nowhere/x.sqlite"_s)});
        QCOMPARE(wait(database.open()).error().code, ErrorCode::StorageFailed);
    }

    void letsOnlyOneProcessHaveAFolder()
    {
        {
            const auto first = storage::FolderLock::take(m_folder.path());
            QVERIFY(first);
            const auto second = storage::FolderLock::take(m_folder.path());
            QCOMPARE(second.error().code, ErrorCode::Conflict);
            QVERIFY(second.error().detail.contains(QString::number(QCoreApplication::applicationPid())));
        }
        QVERIFY(storage::FolderLock::take(m_folder.path()));
    }
};

PLATEN_TEST(DatabaseTest)
#include "DatabaseTest.moc"
