// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <crypto/Password.h>
#include <testkit/Program.h>

#include <QTest>

using namespace platen;
using namespace Qt::StringLiterals;

class PasswordTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { m_hash = crypto::hashPassword(Secret("correct horse"_ba)); }

    void hashesWithTheProtocolsCosts()
    {
        QVERIFY2(m_hash.startsWith("$argon2id$v=19$m=65536,t=3,p=1$"_L1), qPrintable(m_hash));
        QVERIFY(!crypto::isOutdatedHash(m_hash));
    }

    void saltsEveryHash() { QVERIFY(crypto::hashPassword(Secret("correct horse"_ba)) != m_hash); }

    void knowsTheRightPassword()
    {
        QVERIFY(crypto::verifyPassword(m_hash, Secret("correct horse"_ba)));
        QVERIFY(!crypto::verifyPassword(m_hash, Secret("correct horsE"_ba)));
        QVERIFY(!crypto::verifyPassword(m_hash, Secret()));
    }

    void refusesWhatIsNoHash_data()
    {
        QTest::addColumn<QString>("hash");
        QTest::newRow("empty") << QString();
        QTest::newRow("the password") << u"correct horse"_s;
        QTest::newRow("argon2i") << u"$argon2i$v=19$m=65536,t=3,p=1$c29tZXNhbHQ$aGFzaA"_s;
        QTest::newRow("cut") << m_hash.first(40);
        QTest::newRow("endless") << m_hash + QString(10'000, u'A');
        QTest::newRow("not ASCII") << u"$argon2id$ü"_s;
    }
    void refusesWhatIsNoHash()
    {
        QFETCH(QString, hash);
        QVERIFY(!crypto::verifyPassword(hash, Secret("correct horse"_ba)));
        QVERIFY(crypto::isOutdatedHash(hash));
    }

    void noticesHashesOfOlderCosts()
    {
        QVERIFY(crypto::isOutdatedHash(
            u"$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzb21lc2E$Sn2rDzXcYcJxJWVZTYmZZWyWJV2bYwBVgQZb1cJ9kjk"_s));
    }

private:
    QString m_hash;
};

PLATEN_TEST(PasswordTest)
#include "PasswordTest.moc"
