// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <crypto/Crypto.h>
#include <server/access/PasswordWorkers.h>
#include <testkit/Program.h>
#include <testkit/Wait.h>

#include <QTest>

using namespace platen;
using namespace platen::access;
using namespace Qt::StringLiterals;

class PasswordWorkersTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QVERIFY(crypto::start()); }

    void knowsAPasswordByItsHash()
    {
        PasswordWorkers workers;
        const auto hash = test::wait(workers.hash(Secret("correct horse")));
        QVERIFY(hash);
        QCOMPARE(test::wait(workers.verify(*hash, Secret("correct horse"))), Result<bool>(true));
        QCOMPARE(test::wait(workers.verify(*hash, Secret("correct house"))), Result<bool>(false));
    }

    void isNeverRightWithoutAHash()
    {
        PasswordWorkers workers;
        QCOMPARE(test::wait(workers.verify(QString(), Secret())), Result<bool>(false));
        QCOMPARE(test::wait(workers.verify(u"$argon2id$nonsense"_s, Secret("x"))), Result<bool>(false));
    }

    void refusesMoreThanCanWait()
    {
        PasswordWorkers workers(2); // and 4 at work
        std::vector<QCoro::Task<Result<bool>>> tasks;
        for (int i = 0; i < 9; ++i)
            tasks.push_back(workers.verify(QString(), Secret("x")));
        int refused = 0;
        for (auto& task : tasks) {
            const Result<bool> outcome = test::wait(std::move(task));
            refused += !outcome && outcome.error().code == ErrorCode::TooManyAttempts;
        }
        QCOMPARE(refused, 3);
        QVERIFY(test::wait(workers.verify(QString(), Secret("x")))); // and there is room again
    }
};

PLATEN_TEST(PasswordWorkersTest)
#include "PasswordWorkersTest.moc"
