// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Rsa.h"

#include "Libraries.h"

#include <QtCrypto>

#include <openssl/crypto.h>

using namespace Qt::StringLiterals;

namespace platen::crypto {
namespace {

constexpr int bits = 3072;
constexpr qsizetype modulusSize = bits / 8;

// All of a SubjectPublicKeyInfo around the modulus, when it has 3072 bits and the exponent is 65537 (RFC 8017 A.1).
const QByteArray& before()
{
    static const QByteArray bytes =
        QByteArray::fromHex("308201a2300d06092a864886f70d01010105000382018f003082018a0282018100");
    return bytes;
}
const QByteArray& after()
{
    static const QByteArray bytes = QByteArray::fromHex("0203010001");
    return bytes;
}

} // namespace

struct RsaKey::Private {
    QCA::PrivateKey key;
};

RsaKey::RsaKey(std::shared_ptr<Private> key)
    : m_key(std::move(key))
{
}

QByteArray RsaKey::publicKey() const { return m_key->key.toPublicKey().toDER(); }

Result<Secret> RsaKey::decrypt(QByteArrayView ciphertext) const
{
    QCA::SecureArray plain;
    if (ciphertext.size() != modulusSize
        || !m_key->key.decrypt(QCA::SecureArray(ciphertext.toByteArray()), &plain, QCA::EME_PKCS1_OAEP))
        return fail(ErrorCode::CryptoFailed, u"Activation: what the server encrypted was not made for this key."_s);
    return Secret(plain.toByteArray());
}

/// QCA's provider is OpenSSL, which keeps the secret numbers of keys in a heap of its own, locked and left out of core dumps, when
/// there is one. Agents hold one RSA key for a minute, and TLS keys.
void keepKeysLocked()
{
    constexpr size_t heap = 256 * 1024, smallest = 32;
    static const int made = CRYPTO_secure_malloc_init(heap, smallest);
    Q_UNUSED(made) // 0: none, or 2: beyond the limit for locked memory; the keys are wiped all the same
}

RsaKey generateRsa()
{
    requireStarted();
    keepKeysLocked();
    auto key = std::make_shared<RsaKey::Private>(QCA::KeyGenerator().createRSA(bits));
    if (!isRsaPublicKey(key->key.toPublicKey().toDER()))
        qFatal("platen.crypto: QCA made an RSA key of another kind than asked for");
    return RsaKey(std::move(key));
}

bool isRsaPublicKey(QByteArrayView der)
{
    if (der.size() != before().size() + modulusSize + after().size() || !der.startsWith(before())
        || !der.endsWith(after()))
        return false;
    const QByteArrayView modulus = der.sliced(before().size(), modulusSize);
    return (static_cast<quint8>(modulus.front()) & 0x80) != 0 && (static_cast<quint8>(modulus.back()) & 1) != 0;
}

Result<QByteArray> rsaEncrypt(QByteArrayView publicKey, const Secret& secret)
{
    requireStarted();
    QCA::ConvertResult converted = QCA::ErrorDecode;
    if (!isRsaPublicKey(publicKey))
        return fail(ErrorCode::Malformed, u"Activation: the agent's key is not an RSA key of 3072 bits."_s);
    QCA::PublicKey key = QCA::PublicKey::fromDER(publicKey.toByteArray(), &converted);
    if (converted != QCA::ConvertGood || !key.isRSA())
        return fail(ErrorCode::Malformed, u"Activation: the agent's RSA key does not decode."_s);
    QByteArray ciphertext = key.encrypt(QCA::SecureArray(secret.reveal()), QCA::EME_PKCS1_OAEP).toByteArray();
    if (ciphertext.size() != modulusSize)
        return fail(ErrorCode::CryptoFailed, u"Activation: the agent's RSA key does not encrypt."_s);
    return ciphertext;
}

} // namespace platen::crypto
