// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Aead.h"

#include "Crypto.h"
#include "Libraries.h"

#include <sodium.h>

using namespace Qt::StringLiterals;

namespace platen::crypto {

static_assert(aeadKeySize == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
static_assert(aeadNonceSize == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
static_assert(aeadTagSize == crypto_aead_xchacha20poly1305_ietf_ABYTES);

QByteArray seal(const Secret& key, QByteArrayView plain, QByteArrayView aad)
{
    return sealWithNonce(key, randomBytes(aeadNonceSize), plain, aad);
}

QByteArray sealWithNonce(const Secret& key, QByteArrayView nonce, QByteArrayView plain, QByteArrayView aad)
{
    // A key of another size would be read past its end: our mistake, and no build may go on with it.
    if (key.size() != aeadKeySize || nonce.size() != aeadNonceSize)
        qFatal("platen.crypto: a key or nonce of the wrong size");
    QByteArray sealed(aeadNonceSize + plain.size() + aeadTagSize, Qt::Uninitialized);
    std::memcpy(sealed.data(), nonce.data(), aeadNonceSize);
    crypto_aead_xchacha20poly1305_ietf_encrypt(raw(sealed) + aeadNonceSize, nullptr, raw(plain), sizeOf(plain),
        raw(aad), sizeOf(aad), nullptr, raw(nonce), raw(key.reveal()));
    return sealed;
}

Result<QByteArray> open(const Secret& key, QByteArrayView sealed, QByteArrayView aad)
{
    const auto refused = [] {
        return fail(ErrorCode::CryptoFailed, u"The seal does not open: another key, or the bytes were altered."_s);
    };
    if (key.size() != aeadKeySize || sealed.size() < aeadNonceSize + aeadTagSize)
        return refused();
    const QByteArrayView nonce = sealed.first(aeadNonceSize), ciphertext = sealed.sliced(aeadNonceSize);
    QByteArray plain(ciphertext.size() - aeadTagSize, Qt::Uninitialized);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(raw(plain), nullptr, nullptr, raw(ciphertext), sizeOf(ciphertext),
            raw(aad), sizeOf(aad), raw(nonce), raw(key.reveal()))
        != 0)
        return refused();
    return plain;
}

} // namespace platen::crypto
