// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <snmp/Credentials.h>
#include <testkit/Program.h>

#include <QTest>

using namespace Qt::StringLiterals;
using namespace platen;
using namespace platen::snmp;

class CredentialsTest : public QObject {
    Q_OBJECT

private slots:
    void knowsTheNamesInUse_data()
    {
        QTest::addColumn<QString>("auth");
        QTest::addColumn<QString>("priv");
        QTest::addColumn<QString>("extension");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* auth, const char* priv, const char* extension, const QString& expected) {
            QTest::addRow("%s %s %s", auth, priv, extension)
                << QString::fromLatin1(auth) << QString::fromLatin1(priv) << QString::fromLatin1(extension) << expected;
        };
        row("MD5", "DES", "", u"MD5 DES "_s);
        row("md5", "aes", "", u"MD5 AES-128 "_s);
        row("SHA", "AES128", "", u"SHA-1 AES-128 "_s);
        row("sha1", "AES-128", "", u"SHA-1 AES-128 "_s);
        row("SHA-224", "aes192", "", u"SHA-224 AES-192 "_s);
        row("sha256", "aes_256", "reeder", u"SHA-256 AES-256 Reeder"_s);
        row("HMAC-SHA-384", "AES256", "BLUMENTHAL", u"SHA-384 AES-256 Blumenthal"_s);
        row("SHA512", "AES-256-C", "", u"SHA-512 AES-256 Reeder"_s);
        row("SHA512", "AES192Cisco", "", u"SHA-512 AES-192 Reeder"_s);
        row("SHA512", "AES192", "Cisco", u"SHA-512 AES-192 Reeder"_s);
    }
    void knowsTheNamesInUse()
    {
        QFETCH(QString, auth);
        QFETCH(QString, priv);
        QFETCH(QString, extension);
        Credentials given = user();
        given.authProtocol = auth;
        given.privProtocol = priv;
        given.privExtension = extension;
        const auto checked = checkedCredentials(given);
        QVERIFY2(checked, checked ? "" : qPrintable(checked.error().detail));
        QTEST(QStringList({checked->authProtocol, checked->privProtocol, checked->privExtension}).join(' '_L1),
            "expected");
        QCOMPARE(*checkedCredentials(*checked), *checked);
    }

    void saysWhatToChange_data()
    {
        QTest::addColumn<Credentials>("given");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const QString& says, auto change) {
            Credentials credentials = user();
            change(credentials);
            QTest::newRow(name) << credentials << says;
        };
        row("an unknown digest", u"\"SHA-3\" is no authentication protocol; give one of MD5, SHA-1"_s,
            [](Credentials& c) { c.authProtocol = u"SHA-3"_s; });
        row("an unknown cipher", u"\"3DES\" is no privacy protocol; give one of DES, AES-128"_s,
            [](Credentials& c) { c.privProtocol = u"3DES"_s; });
        row("an unknown extension", u"\"mine\" is no key extension; give one of Blumenthal, Reeder"_s,
            [](Credentials& c) { c.privExtension = u"mine"_s; });
        row("a short authentication passphrase", u"authentication passphrase has fewer than 8"_s,
            [](Credentials& c) { c.authPassphrase = Secret("1234567"); });
        row("a short privacy passphrase", u"privacy passphrase has fewer than 8"_s,
            [](Credentials& c) { c.privPassphrase = Secret("1234567"); });
        row("an endless passphrase", u"longer than 1024"_s,
            [](Credentials& c) { c.authPassphrase = Secret(QByteArray(1025, 'x')); });
        row("privacy without authentication", u"privacy needs authentication"_s,
            [](Credentials& c) { c.authProtocol.clear(), c.authPassphrase = {}; });
        row("a passphrase for nothing", u"no privacy protocol"_s, [](Credentials& c) { c.privProtocol.clear(); });
        row("nobody", u"needs a user name"_s, [](Credentials& c) { c.user.clear(); });
        row("a long name", u"longer than 32"_s, [](Credentials& c) { c.user = QString(33, 'u'_L1); });
        row("an empty community", u"1 to 255"_s, [](Credentials& c) { c.version = Version::V2c, c.community = {}; });
    }
    void saysWhatToChange()
    {
        QFETCH(Credentials, given);
        QFETCH(QString, says);
        const auto checked = checkedCredentials(given);
        QVERIFY(!checked);
        QCOMPARE(checked.error().code, ErrorCode::InvalidInput);
        QVERIFY2(checked.error().detail.contains(says), qPrintable(checked.error().detail));
        QVERIFY(!checked.error().detail.contains("123456"_L1));
    }

    void leavesCommunitiesAlone()
    {
        QVERIFY(checkedCredentials({}));
        QCOMPARE(checkedCredentials({})->community, Secret("public"));
    }

private:
    static Credentials user()
    {
        Credentials credentials;
        credentials.version = Version::V3;
        credentials.user = u"reader"_s;
        credentials.authProtocol = u"SHA"_s;
        credentials.authPassphrase = Secret("12345678");
        credentials.privProtocol = u"AES"_s;
        credentials.privPassphrase = Secret("12345678");
        return credentials;
    }
};

PLATEN_TEST(CredentialsTest)
#include "CredentialsTest.moc"
