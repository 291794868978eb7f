// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <crypto/Crypto.h>
#include <crypto/Signing.h>
#include <testkit/Program.h>

#include <QTest>

using namespace platen;
using namespace Qt::StringLiterals;

class SigningTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QVERIFY(crypto::start()); }

    void signsAsRfc8032Does() // §7.1, test 2
    {
        const auto key = crypto::SigningKey::fromSeed(
            Secret(QByteArray::fromHex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")));
        QCOMPARE(key.publicKey.toHex(), "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
        QCOMPARE(key.sign("\x72").toHex(),
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4"
            "302aeeb00d2916"
            "12bb0c00");
    }

    void verifiesOnlyWhatWasSigned()
    {
        const auto key = crypto::SigningKey::generate();
        const QByteArray signature = key.sign("restart");
        QVERIFY(crypto::verifySignature(key.publicKey, "restart", signature));
        QVERIFY(!crypto::verifySignature(key.publicKey, "restarT", signature));
        QVERIFY(!crypto::verifySignature(crypto::SigningKey::generate().publicKey, "restart", signature));
        for (qsizetype i = 0; i < signature.size(); ++i) {
            QByteArray altered = signature;
            altered[i] = static_cast<char>(altered[i] ^ 1);
            QVERIFY(!crypto::verifySignature(key.publicKey, "restart", altered));
        }
        QVERIFY(!crypto::verifySignature({}, "restart", signature));
        QVERIFY(!crypto::verifySignature(key.publicKey, "restart", signature.first(63)));
    }
};

PLATEN_TEST(SigningTest)
#include "SigningTest.moc"
