// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Signing.h"

#include "Crypto.h"
#include "Libraries.h"

#include <sodium.h>

namespace platen::crypto {

SigningKey SigningKey::generate() { return fromSeed(randomSecret(crypto_sign_SEEDBYTES)); }

SigningKey SigningKey::fromSeed(const Secret& seed)
{
    if (seed.size() != crypto_sign_SEEDBYTES)
        qFatal("platen.crypto: a signing seed of the wrong size");
    QByteArray publicKey(crypto_sign_PUBLICKEYBYTES, Qt::Uninitialized),
        expanded(crypto_sign_SECRETKEYBYTES, Qt::Uninitialized);
    crypto_sign_seed_keypair(raw(publicKey), raw(expanded), raw(seed.reveal()));
    const Secret wiped(std::move(expanded));
    return {seed, publicKey};
}

QByteArray SigningKey::sign(QByteArrayView message) const
{
    QByteArray again(crypto_sign_PUBLICKEYBYTES, Qt::Uninitialized),
        expanded(crypto_sign_SECRETKEYBYTES, Qt::Uninitialized);
    crypto_sign_seed_keypair(raw(again), raw(expanded), raw(secret.reveal()));
    const Secret key(std::move(expanded));
    QByteArray signature(crypto_sign_BYTES, Qt::Uninitialized);
    crypto_sign_detached(raw(signature), nullptr, raw(message), sizeOf(message), raw(key.reveal()));
    return signature;
}

bool verifySignature(QByteArrayView publicKey, QByteArrayView message, QByteArrayView signature)
{
    return publicKey.size() == crypto_sign_PUBLICKEYBYTES && signature.size() == crypto_sign_BYTES
        && crypto_sign_verify_detached(raw(signature), raw(message), sizeOf(message), raw(publicKey)) == 0;
}

} // namespace platen::crypto
