// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "TestDatabase.h"

#include <crypto/Password.h>
#include <server/access/Authorizer.h>
#include <server/access/Sessions.h>
#include <testkit/FakeClock.h>
#include <testkit/Program.h>

#include <QSignalSpy>
#include <QTest>

using namespace platen;
using namespace platen::access;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

class SessionsTest : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_clock = {};
        m_server = std::make_unique<test::TestDatabase>();
        static const QString hash = crypto::hashPassword(Secret("correct horse"));
        QVERIFY(test::wait(UserStore(m_server->database).add(u"anna"_s, hash, {u"administrator"_s}, m_clock.now())));
        m_sessions = std::make_unique<Sessions>(m_server->database, m_clock);
    }

    void cleanup()
    {
        m_sessions.reset();
        m_server.reset();
    }

    void signsInWhoKnowsThePassword()
    {
        const auto signedIn = login(u"Anna"_s, "correct horse");
        QVERIFY(signedIn);
        QCOMPARE(signedIn->session.user.name, u"anna"_s);
        QCOMPARE(signedIn->token.size(), 43);
        const auto session = use(signedIn->token);
        QVERIFY(session);
        QCOMPARE(session->user, signedIn->session.user);
        QVERIFY(session->permissions.contains(model::Permission::DeviceRead));
    }

    void keepsOnlyTheHashOfAToken()
    {
        const auto signedIn = login(u"anna"_s, "correct horse");
        QCOMPARE(m_server->ask(u"SELECT token_hash FROM session_token"_s).toByteArray(),
            crypto::sha256(signedIn->token.reveal()));
    }

    void givesTheSameAnswerWhetherNameOrPasswordIsWrong()
    {
        const auto wrongPassword = login(u"anna"_s, "correct house");
        const auto wrongName = login(u"otto"_s, "correct horse");
        QVERIFY(!wrongPassword && !wrongName);
        QCOMPARE(wrongPassword.error().error, wrongName.error().error);
        QCOMPARE(wrongName.error().error.code, ErrorCode::NotAuthenticated);
        m_server->execute(u"UPDATE console_user SET enabled = FALSE"_s);
        QCOMPARE(login(u"anna"_s, "correct horse").error().error, wrongName.error().error);
    }

    void takesAsLongForAnUnknownName()
    {
        const auto timeOf = [this](const QString& name) {
            QElapsedTimer timer;
            timer.start();
            login(name, "wrong password");
            return timer.nsecsElapsed();
        };
        timeOf(u"warm up"_s);
        const auto known = std::min(timeOf(u"anna"_s), timeOf(u"anna"_s));
        const auto unknown = std::min(timeOf(u"otto"_s), timeOf(u"otto"_s));
        QVERIFY2(unknown > known / 3 && unknown < known * 3, qPrintable(u"%1 ns and %2 ns"_s.arg(known).arg(unknown)));
    }

    void saysWhenToTryAgain()
    {
        for (int i = 0; i < 5; ++i)
            QCOMPARE(login(u"anna"_s, "wrong").error().error.code, ErrorCode::NotAuthenticated);
        const auto refused = login(u"anna"_s, "correct horse");
        QCOMPARE(refused.error().error.code, ErrorCode::TooManyAttempts);
        QCOMPARE(refused.error().retryAfter, std::optional(1s));
        m_clock.advance(1s);
        QVERIFY(login(u"anna"_s, "correct horse"));
    }

    void throttlesNamesThatDoNotExistTheSameWay()
    {
        for (int i = 0; i < 5; ++i)
            QCOMPARE(login(u"otto"_s, "wrong").error().error.code, ErrorCode::NotAuthenticated);
        QCOMPARE(login(u"OTTO"_s, "wrong").error().error.code, ErrorCode::TooManyAttempts);
    }

    void endsAnIdleSessionAfterHalfAnHour()
    {
        const Secret token = login(u"anna"_s, "correct horse")->token;
        for (int i = 0; i < 5; ++i) {
            m_clock.advance(29min);
            QVERIFY(use(token)); // each use counts anew
        }
        m_clock.advance(30min);
        QCOMPARE(use(token).error().code, ErrorCode::NotAuthenticated);
        QCOMPARE(m_server->ask(u"SELECT count(*) FROM session_token"_s).toInt(), 0);
    }

    void doesNotCountALookAsUse()
    {
        const auto signedIn = login(u"anna"_s, "correct horse");
        m_clock.advance(29min);
        QVERIFY(test::wait(m_sessions->look(signedIn->session.tokenHash)));
        m_clock.advance(1min);
        QVERIFY(!test::wait(m_sessions->look(signedIn->session.tokenHash)));
    }

    void endsEverySessionAfterTwelveHours()
    {
        const Secret token = login(u"anna"_s, "correct horse")->token;
        for (int i = 0; i < 12 * 60 - 20; i += 20) {
            m_clock.advance(20min);
            QVERIFY(use(token));
        }
        m_clock.advance(20min);
        QVERIFY(!use(token));
    }

    void revivesNobodyWhenTheClockIsSetBack()
    {
        const Secret old = login(u"anna"_s, "correct horse")->token;
        m_clock.advance(25min);
        QVERIFY(login(u"anna"_s, "correct horse"));
        m_clock.wall -= 10h;
        m_clock.advance(5min);
        QVERIFY(!use(old)); // 30 minutes have passed, whatever the wall says
    }

    void remembersTheTimeOverARestart()
    {
        const Secret old = login(u"anna"_s, "correct horse")->token;
        m_clock.advance(29min);
        QVERIFY(login(u"anna"_s, "correct horse")); // stored: it is at least this late
        m_clock.wall -= 10h;
        m_sessions = std::make_unique<Sessions>(m_server->database, m_clock);
        QVERIFY(use(old)); // it asks the database for the time now
        m_clock.advance(1min);
        QVERIFY(!use(Secret(QByteArray(43, 'x'))));
        m_clock.advance(29min);
        QVERIFY(!use(old));
    }

    void heedsTheTimeThatOthersHaveStored()
    {
        const Secret token = login(u"anna"_s, "correct horse")->token;
        m_server->execute(
            u"INSERT INTO meta (name, value) VALUES ('clock', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"_s,
            {QString::number(toMs(m_clock.wall + 1h))});
        m_sessions = std::make_unique<Sessions>(m_server->database, m_clock);
        QVERIFY(!use(token));
    }

    void endsASessionAtLogout()
    {
        const auto signedIn = login(u"anna"_s, "correct horse");
        QSignalSpy ended(m_sessions.get(), &Sessions::ended);
        QVERIFY(test::wait(m_sessions->logout(signedIn->session)));
        QCOMPARE(ended.size(), 1);
        QVERIFY(!use(signedIn->token));
    }

    void takesRolesAwayAtOnce()
    {
        const Secret token = login(u"anna"_s, "correct horse")->token;
        m_server->execute(u"DELETE FROM user_role"_s);
        const auto session = use(token);
        QVERIFY(session);
        QCOMPARE(Authorizer::check(*session, model::Permission::DeviceRead).error().code, ErrorCode::PermissionDenied);
        m_server->execute(u"UPDATE console_user SET enabled = FALSE"_s);
        QCOMPARE(use(token).error().code, ErrorCode::NotAuthenticated);
    }

    void opensNothingWithWhatIsNoToken_data()
    {
        QTest::addColumn<QByteArray>("token");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("of the right length") << QByteArray(43, 'A');
        QTest::newRow("very long") << QByteArray(1'000'000, 'A');
        QTest::newRow("SQL") << "' OR 1=1 --"_ba;
    }
    void opensNothingWithWhatIsNoToken()
    {
        QFETCH(QByteArray, token);
        login(u"anna"_s, "correct horse");
        QCOMPARE(use(Secret(token)).error().code, ErrorCode::NotAuthenticated);
    }

    void pushesOutTheOldestOfTooManySessions()
    {
        m_sessions = std::make_unique<Sessions>(m_server->database, m_clock, TokenStore::Limits{.perUser = 2});
        const Secret first = login(u"anna"_s, "correct horse")->token;
        m_clock.advance(1s);
        const Secret second = login(u"anna"_s, "correct horse")->token;
        m_clock.advance(1s);
        const Secret third = login(u"anna"_s, "correct horse")->token;
        QVERIFY(!use(first));
        QVERIFY(use(second));
        QVERIFY(use(third));
    }

private:
    std::expected<SignedIn, Refusal> login(const QString& name, const char* password)
    {
        return test::wait(m_sessions->login(name, Secret(password), QHostAddress(u"192.0.2.7"_s)));
    }
    Result<Session> use(const Secret& token) { return test::wait(m_sessions->use(Sessions::hashOf(token))); }

    test::FakeClock m_clock;
    std::unique_ptr<test::TestDatabase> m_server;
    std::unique_ptr<Sessions> m_sessions;
};

PLATEN_TEST(SessionsTest)
#include "SessionsTest.moc"
