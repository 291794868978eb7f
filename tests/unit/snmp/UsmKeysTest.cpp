// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <snmp/UsmKeys.h>
#include <testkit/Program.h>

#include <QTest>

using namespace Qt::StringLiterals;
using namespace platen;
using namespace platen::snmp;

namespace {

const Secret passphrase("maplesyrup");
const QByteArray engineId = QByteArray::fromHex("000000000000000000000002");

} // namespace

/// RFC 3414 §A.3 (MD5, SHA-1) and draft-reeder §B (MD5) print these; the others were computed from the RFCs' text with another
/// program (Python's hashlib).
class UsmKeysTest : public QObject {
    Q_OBJECT

private slots:
    void makesAndLocalizesKeys_data()
    {
        QTest::addColumn<int>("protocol");
        QTest::addColumn<QByteArray>("master");
        QTest::addColumn<QByteArray>("localized");
        const auto row = [](const char* name, AuthProtocol protocol, const char* master, const char* localized) {
            QTest::newRow(name) << static_cast<int>(protocol) << QByteArray(master) << QByteArray(localized);
        };
        row("MD5", AuthProtocol::Md5, "9faf3283884e92834ebc9847d8edd963", "526f5eed9fcce26f8964c2930787d82b");
        row("SHA-1", AuthProtocol::Sha1, "9fb5cc0381497b3793528939ff788d5d79145211",
            "6695febc9288e36282235fc7151f128497b38f3f");
        row("SHA-224", AuthProtocol::Sha224, "282a5867ee9aac639ad59df9572c7d3ac0fbc13a905b6df07dbbf00b",
            "0bd8827c6e29f8065e08e09237f177e410f69b90e1782be682075674");
        row("SHA-256", AuthProtocol::Sha256, "ab51014d1e077f6017df2b12bee5f5aa72993177e9bb569c4dff5a4ca0b4afac",
            "8982e0e549e866db361a6b625d84cccc11162d453ee8ce3a6445c2d6776f0f8b");
        row("SHA-384", AuthProtocol::Sha384,
            "e06eccdf2c68a06ed034723c9c26e0db3b669e1e2efed49150b55377a2e98f383c86fb836857444654b287c93f51ff64",
            "3b298f16164a11184279d5432bf169e2d2a48307de02b3d3f7e2b4f36eb6f0455a53689a3937eea07319a633d2ccba78");
        row("SHA-512", AuthProtocol::Sha512,
            "7e4396de5aadc77be853819b98c9406265b3a9c37cc3176569847a4e4f6fba63dd3a73d04924d31a63f95a601f9385af6be4ed1b37"
            "f87d040f7c6ed6f8d38a91",
            "22a5a36cedfcc085807a128d7bc6c2382167ad6c0dbc5fdff856740f3d84c099ad1ea87a8db096714d9788bd544047c9021e4229ce"
            "27e4c0a69250adfcffbb0b");
    }
    void makesAndLocalizesKeys()
    {
        QFETCH(int, protocol);
        const auto auth = static_cast<AuthProtocol>(protocol);
        const Secret master = masterKey(auth, passphrase);
        QTEST(master.reveal().toHex(), "master");
        QTEST(localizedKey(auth, master, engineId).reveal().toHex(), "localized");
    }

    void lengthensShortKeys_data()
    {
        QTest::addColumn<int>("auth");
        QTest::addColumn<int>("priv");
        QTest::addColumn<int>("extension");
        QTest::addColumn<QByteArray>("key");
        const auto row = [](const char* name, AuthProtocol auth, PrivProtocol priv, KeyExtension extension,
                             const char* key) {
            QTest::newRow(name) << static_cast<int>(auth) << static_cast<int>(priv) << static_cast<int>(extension)
                                << QByteArray(key);
        };
        using enum KeyExtension;
        row("DES takes 16 bytes", AuthProtocol::Sha1, PrivProtocol::Des, Blumenthal,
            "6695febc9288e36282235fc7151f1284");
        row("AES-128 takes 16 bytes", AuthProtocol::Sha512, PrivProtocol::Aes128, Reeder,
            "22a5a36cedfcc085807a128d7bc6c238");
        row("MD5 for AES-192, Blumenthal", AuthProtocol::Md5, PrivProtocol::Aes192, Blumenthal,
            "526f5eed9fcce26f8964c2930787d82bfa24a92467426c2f");
        row("MD5 for AES-256, Blumenthal", AuthProtocol::Md5, PrivProtocol::Aes256, Blumenthal,
            "526f5eed9fcce26f8964c2930787d82bfa24a92467426c2f4b09192be10dfaec");
        row("MD5 for AES-192, Reeder", AuthProtocol::Md5, PrivProtocol::Aes192, Reeder,
            "526f5eed9fcce26f8964c2930787d82b79eff44a90650ee0");
        row("MD5 for AES-256, Reeder", AuthProtocol::Md5, PrivProtocol::Aes256, Reeder,
            "526f5eed9fcce26f8964c2930787d82b79eff44a90650ee0a3a40abfac5acc12");
        row("SHA-1 for AES-256, Blumenthal", AuthProtocol::Sha1, PrivProtocol::Aes256, Blumenthal,
            "6695febc9288e36282235fc7151f128497b38f3f505e07eb9af25568fa1f5dbe");
        row("SHA-1 for AES-256, Reeder", AuthProtocol::Sha1, PrivProtocol::Aes256, Reeder,
            "6695febc9288e36282235fc7151f128497b38f3f9b8b6d78936ba6e7d19dfd9c");
        row("SHA-224 for AES-256, Blumenthal", AuthProtocol::Sha224, PrivProtocol::Aes256, Blumenthal,
            "0bd8827c6e29f8065e08e09237f177e410f69b90e1782be682075674e82d9bf0");
        row("SHA-224 for AES-256, Reeder", AuthProtocol::Sha224, PrivProtocol::Aes256, Reeder,
            "0bd8827c6e29f8065e08e09237f177e410f69b90e1782be68207567422c34be4");
        row("SHA-256 is long enough", AuthProtocol::Sha256, PrivProtocol::Aes256, Reeder,
            "8982e0e549e866db361a6b625d84cccc11162d453ee8ce3a6445c2d6776f0f8b");
    }
    void lengthensShortKeys()
    {
        QFETCH(int, auth);
        QFETCH(int, priv);
        QFETCH(int, extension);
        const auto hash = static_cast<AuthProtocol>(auth);
        const Secret localized = localizedKey(hash, masterKey(hash, passphrase), engineId);
        QTEST(
            privacyKey(static_cast<PrivProtocol>(priv), static_cast<KeyExtension>(extension), hash, localized, engineId)
                .reveal()
                .toHex(),
            "key");
    }

    void remembersABoundedNumberOfMasterKeys()
    {
        UsmKeyMaker maker;
        Credentials credentials;
        credentials.version = Version::V3;
        credentials.user = u"reader"_s;
        credentials.authProtocol = u"MD5"_s;
        for (int i = 0; i < UsmKeyMaker::mostRemembered + 10; ++i) {
            credentials.authPassphrase = Secret("passphrase" + QByteArray::number(i));
            QCOMPARE(maker.keysFor(credentials, engineId).authKey.size(), 16);
            QCOMPARE(maker.keysFor(credentials, engineId + "2").authKey.size(), 16);
        }
        QCOMPARE(maker.remembered(), UsmKeyMaker::mostRemembered);
    }
};

PLATEN_TEST(UsmKeysTest)
#include "UsmKeysTest.moc"
