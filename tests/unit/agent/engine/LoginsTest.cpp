// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <agent/engine/Logins.h>
#include <crypto/Crypto.h>
#include <testkit/Program.h>

#include <QTest>

using namespace platen;
using namespace Qt::StringLiterals;
using agent::Logins;

class LoginsTest : public QObject {
    Q_OBJECT

    agent::Settings m_settings;

private slots:
    void initTestCase() { QVERIFY(crypto::start()); }

    void init()
    {
        m_settings = {};
        snmp::Credentials user{.version = snmp::Version::V3, .community = {}, .user = u"monitor"_s, .authProtocol = u"SHA-256"_s,
            .authPassphrase = Secret("long enough"), .privProtocol = {}, .privPassphrase = {}, .privExtension = {}, .contextName = {}};
        m_settings.credentials = {{u"office"_s, user}};
        m_settings.communities = {Secret("public"), Secret("second")};
    }

    void triesCredentialsBeforeCommunities()
    {
        const Logins logins(m_settings, Secret("salt"));
        QCOMPARE(logins.count(), 3);
        QCOMPARE(logins.at(0).name, u"office"_s);
        QVERIFY(!logins.at(0).alsoV1);
        QCOMPARE(logins.at(1).name, u"community 1"_s);
        QVERIFY(logins.at(1).alsoV1);
        QCOMPARE(logins.at(1).credentials.version, snmp::Version::V2c);
        QCOMPARE(logins.at(1).asV1().version, snmp::Version::V1);
    }

    void knowsALoginWhereverItStands()
    {
        const Logins before(m_settings, Secret("salt"));
        std::ranges::reverse(m_settings.communities);
        m_settings.credentials.first().name = u"renamed"_s;
        const Logins after(m_settings, Secret("salt"));
        QCOMPARE(after.indexOf(before.at(0).key), 0);
        QCOMPARE(after.indexOf(before.at(1).key), 2);
        QCOMPARE(after.indexOf(before.at(2).key), 1);
    }

    void missesALoginThatChanged()
    {
        const Logins before(m_settings, Secret("salt"));
        m_settings.credentials.first().credentials.authPassphrase = Secret("quite another");
        QCOMPARE(Logins(m_settings, Secret("salt")).indexOf(before.at(0).key), -1);
        QCOMPARE(before.indexOf({}), -1);
    }

    void tellsNothingOfASecretWithoutTheSalt()
    {
        QVERIFY(Logins(m_settings, Secret("one")).at(1).key != Logins(m_settings, Secret("other")).at(1).key);
    }
};

PLATEN_TEST(LoginsTest)
#include "LoginsTest.moc"
