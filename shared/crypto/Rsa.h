// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>
#include <base/Secret.h>

#include <QByteArray>
#include <QByteArrayView>

#include <memory>

/// RSA-3072 with OAEP (SHA-1 and MGF1-SHA-1, which is what QCA has; OAEP does not rest on their collision resistance).
namespace platen::crypto {

/// A temporary private key: lives as long as one activation, is never written. Copies are the same key, which goes with the last.
class RsaKey {
public:

    /// SubjectPublicKeyInfo, 422 bytes of DER.
    QByteArray publicKey() const;

    /// Fails with CryptoFailed when the bytes were not made for this key.
    Result<Secret> decrypt(QByteArrayView ciphertext) const;

private:
    friend RsaKey generateRsa();
    struct Private;
    explicit RsaKey(std::shared_ptr<Private> key);
    std::shared_ptr<Private> m_key;
};

/// A new key. Takes 0.2 to 0.9 s: never on an event loop's thread, but QtConcurrent::run(generateRsa).
RsaKey generateRsa();

/// Is this the DER form of a 3072-bit RSA key with exponent 65537, and nothing else?
bool isRsaPublicKey(QByteArrayView der);

/// 384 bytes for the owner of the key. Fails with Malformed when `publicKey` is none of ours.
Result<QByteArray> rsaEncrypt(QByteArrayView publicKey, const Secret& secret);

} // namespace platen::crypto
