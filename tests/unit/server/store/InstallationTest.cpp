// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <crypto/Crypto.h>
#include <server/store/Installation.h>
#include <testkit/FakeClock.h>
#include <testkit/Program.h>
#include <testkit/Wait.h>

#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace platen;
using platen::test::wait;

class InstallationTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    std::unique_ptr<storage::Database> opened()
    {
        auto database = std::make_unique<storage::Database>(
            storage::Database::Settings{.name = m_folder.filePath(QString::fromLatin1(QTest::currentTestFunction()))});
        if (!wait(database->open()) || !wait(store::migrate(*database)))
            qFatal("no database");
        return database;
    }

    Instant reached(storage::Database& database, Instant wall, bool exactly = false)
    {
        return *wait(
            database.write([wall, exactly](QSqlDatabase db) { return store::timeReached(db, wall, exactly); }));
    }

private slots:
    void initTestCase() { QVERIFY(crypto::start()); }

    void isTheSameServerAfterARestart()
    {
        const auto kek = *crypto::KeyEncryptionKey::loadOrCreate(m_folder.filePath(u"kek"_s));
        const auto first = *wait(store::Installation::loadOrCreate(*opened(), kek));
        const auto second = *wait(store::Installation::loadOrCreate(*opened(), kek));
        QCOMPARE(first.serverId.size(), 16);
        QCOMPARE(second.serverId, first.serverId);
        QCOMPARE(second.commandKey.publicKey, first.commandKey.publicKey);
    }

    void refusesAnotherKeyEncryptionKey()
    {
        const auto kek = *crypto::KeyEncryptionKey::loadOrCreate(m_folder.filePath(u"kek"_s));
        const auto other = *crypto::KeyEncryptionKey::loadOrCreate(m_folder.filePath(u"other"_s));
        QVERIFY(wait(store::Installation::loadOrCreate(*opened(), kek)));
        const auto refused = wait(store::Installation::loadOrCreate(*opened(), other));
        QCOMPARE(refused.error().code, ErrorCode::CryptoFailed);
        QVERIFY(refused.error().detail.contains(u"kek"_s));
    }

    void neverGoesBackInTime()
    {
        const auto database = opened();
        const test::FakeClock clock;
        const Instant now = clock.now();
        QCOMPARE(reached(*database, now), now);
        QCOMPARE(reached(*database, now + std::chrono::hours(1)), now + std::chrono::hours(1));
        QCOMPARE(reached(*database, now), now + std::chrono::hours(1));
        QCOMPARE(reached(*opened(), now), now + std::chrono::hours(1));
    }

    void forgetsAClockThatWasWrongForAMoment()
    {
        const auto database = opened();
        const Instant now = test::FakeClock().now();
        const Instant wrong = now + std::chrono::years(10);
        QCOMPARE(reached(*database, now), now);
        for (const auto later : {std::chrono::minutes(0), std::chrono::minutes(30), std::chrono::minutes(59)})
            QCOMPARE(reached(*database, wrong + later, true), wrong + later); // counts while it lasts
        QCOMPARE(reached(*database, now + std::chrono::hours(2)), now + std::chrono::hours(2));
        QCOMPARE(reached(*database, now), now + std::chrono::hours(2));
    }

    void believesAClockThatRunsOnFarAhead()
    {
        const auto database = opened();
        const Instant before = test::FakeClock().now();
        const Instant back = before + std::chrono::months(6); // the server was off
        (void)reached(*database, before);
        (void)reached(*database, back);
        (void)reached(*database, back + std::chrono::minutes(61));
        QCOMPARE(reached(*database, before), back + std::chrono::minutes(61));
        QCOMPARE(reached(*opened(), back), back + std::chrono::minutes(61));
    }

    void startsToCountAgainWhenTheClockJumpsAgain()
    {
        const auto database = opened();
        const Instant now = test::FakeClock().now();
        (void)reached(*database, now);
        (void)reached(*database, now + std::chrono::years(10));
        (void)reached(*database, now + std::chrono::years(20));
        (void)reached(*database, now + std::chrono::years(20) + std::chrono::minutes(30));
        QCOMPARE(reached(*database, now), now);
    }

    void notesAnInstantExactlyWhenAsked()
    {
        const auto database = opened();
        const Instant now = test::FakeClock().now();
        (void)reached(*database, now);
        (void)reached(*database, now + std::chrono::seconds(5), true);
        QCOMPARE(reached(*database, now), now + std::chrono::seconds(5));
    }
};

PLATEN_TEST(InstallationTest)
#include "InstallationTest.moc"
