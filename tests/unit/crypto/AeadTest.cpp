// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <crypto/Aead.h>
#include <crypto/Crypto.h>
#include <testkit/Program.h>
#include <testkit/ProtocolVectors.h>

#include <QTest>

using namespace platen;
using namespace Qt::StringLiterals;

class AeadTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QVERIFY(crypto::start()); }

    void sealsTheDraftsSunscreen() // draft-irtf-cfrg-xchacha-03, A.3.1
    {
        const QByteArray sealed = crypto::sealWithNonce(Secret(test::fill(32, 0x80)), test::fill(24, 0x40),
            "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen "
            "would be it.",
            QByteArray::fromHex("50515253c0c1c2c3c4c5c6c7"));
        QCOMPARE(sealed.sliced(24).toHex(),
            "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39"
            "ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
            "21f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49");
    }

    void opensWhatItSealed()
    {
        const Secret key = crypto::randomSecret(32);
        for (const QByteArray& plain : {QByteArray(), "x"_ba, QByteArray(100'000, 'y')}) {
            const QByteArray sealed = crypto::seal(key, plain, "about");
            QCOMPARE(sealed.size(), 24 + plain.size() + 16);
            QCOMPARE(crypto::open(key, sealed, "about"), plain);
        }
    }

    void takesANewNonceEachTime()
    {
        const Secret key = crypto::randomSecret(32);
        QVERIFY(crypto::seal(key, "x", {}).first(24) != crypto::seal(key, "x", {}).first(24));
    }

    void refusesEverythingAltered()
    {
        const Secret key = crypto::randomSecret(32);
        const QByteArray sealed = crypto::seal(key, "secret", "about");
        for (qsizetype i = 0; i < sealed.size(); ++i) {
            QByteArray altered = sealed;
            altered[i] = static_cast<char>(altered[i] ^ 1);
            QVERIFY(!crypto::open(key, altered, "about"));
            QVERIFY(!crypto::open(key, sealed.first(i), "about"));
        }
        QVERIFY(!crypto::open(key, sealed + 'x', "about"));
        QVERIFY(!crypto::open(key, sealed, "abouT"));
        QVERIFY(!crypto::open(crypto::randomSecret(32), sealed, "about"));
        QVERIFY(!crypto::open(Secret("short"_ba), sealed, "about"));
        QCOMPARE(crypto::open(Secret(), {}, {}).error().code, ErrorCode::CryptoFailed);
    }
};

PLATEN_TEST(AeadTest)
#include "AeadTest.moc"
