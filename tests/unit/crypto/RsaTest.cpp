// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <crypto/Crypto.h>
#include <crypto/Rsa.h>
#include <testkit/Program.h>
#include <testkit/ProtocolVectors.h>

#include <QTest>

using namespace platen;
using namespace Qt::StringLiterals;

class RsaTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QVERIFY(crypto::start());
        m_key = crypto::generateRsa();
    }

    void makesKeysOfTheProtocolsForm()
    {
        QCOMPARE(m_key->publicKey().size(), 422);
        QVERIFY(crypto::isRsaPublicKey(m_key->publicKey()));
    }

    void decryptsWhatWasEncryptedForIt()
    {
        const Secret random = crypto::randomSecret(32);
        const auto ct = crypto::rsaEncrypt(m_key->publicKey(), random);
        QVERIFY(ct);
        QCOMPARE(ct->size(), 384);
        const auto plain = m_key->decrypt(*ct);
        QVERIFY(plain);
        QCOMPARE(*plain, random);
    }

    void refusesCiphertextsOfOthers()
    {
        auto ct = crypto::rsaEncrypt(m_key->publicKey(), crypto::randomSecret(32));
        QVERIFY(ct);
        QVERIFY(!m_key->decrypt(ct->first(383)));
        QVERIFY(!m_key->decrypt({}));
        (*ct)[100] = static_cast<char>((*ct)[100] ^ 1);
        QCOMPARE(m_key->decrypt(*ct).error().code, ErrorCode::CryptoFailed);
    }

    void refusesKeysOfAnotherKind()
    {
        const QByteArray good = m_key->publicKey();
        for (const qsizetype at : {qsizetype(0), qsizetype(3), qsizetype(20), good.size() - 1}) {
            QByteArray altered = good;
            altered[at] = static_cast<char>(altered[at] ^ 2);
            QVERIFY(!crypto::isRsaPublicKey(altered));
            QCOMPARE(crypto::rsaEncrypt(altered, Secret("x"_ba)).error().code, ErrorCode::Malformed);
        }
        QVERIFY(!crypto::isRsaPublicKey(good.first(421)));
        QVERIFY(!crypto::isRsaPublicKey(good + 'x'));
        QVERIFY(!crypto::isRsaPublicKey({}));
        QByteArray even = good;
        even[good.size() - 6] = static_cast<char>(even[good.size() - 6] & ~1);
        QVERIFY2(!crypto::isRsaPublicKey(even), "an even modulus is no product of two large primes");
    }

private:
    std::optional<crypto::RsaKey> m_key;
};

PLATEN_TEST(RsaTest)
#include "RsaTest.moc"
