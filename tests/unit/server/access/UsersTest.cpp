// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "TestDatabase.h"

#include <crypto/Password.h>
#include <server/access/Users.h>
#include <testkit/FakeClock.h>
#include <testkit/Program.h>

#include <QTest>

using namespace platen;
using namespace platen::access;
using namespace Qt::StringLiterals;

class UsersTest : public QObject {
    Q_OBJECT

private slots:
    void makesAnAdministratorWithAnArgon2idHash()
    {
        test::TestDatabase server;
        Users users(server.database, m_clock);
        QVERIFY(test::wait(users.createAdministrator(u"Anna"_s, Secret("correct horse"))));
        const QString hash = server.ask(u"SELECT password_hash FROM console_user WHERE name = 'anna'"_s).toString();
        QVERIFY2(hash.startsWith(u"$argon2id$v=19$m=65536,t=3,p=1$"_s), qPrintable(hash));
        QVERIFY(crypto::verifyPassword(hash, Secret("correct horse")));
        QCOMPARE(server.ask(u"SELECT group_concat(role) FROM user_role"_s).toString(), u"administrator"_s);
    }

    void refusesATakenNameInOneSentence()
    {
        test::TestDatabase server;
        Users users(server.database, m_clock);
        QVERIFY(test::wait(users.createAdministrator(u"anna"_s, Secret("correct horse"))));
        const Status again = test::wait(users.createAdministrator(u"ANNA"_s, Secret("battery staple")));
        QVERIFY(!again);
        QCOMPARE(again.error().code, ErrorCode::Conflict);
        QCOMPARE(again.error().detail, u"there is already a user named anna; choose another name"_s);
        const QString hash = server.ask(u"SELECT password_hash FROM console_user"_s).toString();
        QVERIFY(crypto::verifyPassword(hash, Secret("correct horse")));
    }

    void leavesNothingOfARefusedUser()
    {
        test::TestDatabase server;
        Users users(server.database, m_clock);
        QCOMPARE(test::wait(users.createAdministrator(u"an na"_s, Secret("correct horse"))).error().code,
            ErrorCode::InvalidInput);
        QCOMPARE(
            test::wait(users.createAdministrator(u"anna"_s, Secret("short"))).error().code, ErrorCode::InvalidInput);
        QCOMPARE(server.ask(u"SELECT count(*) FROM console_user"_s).toInt(), 0);
    }

private:
    test::FakeClock m_clock;
};

PLATEN_TEST(UsersTest)
#include "UsersTest.moc"
