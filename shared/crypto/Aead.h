// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>
#include <base/Secret.h>

#include <QByteArray>
#include <QByteArrayView>

/// XChaCha20-Poly1305 (libsodium's IETF construction).
namespace platen::crypto {

inline constexpr qsizetype aeadKeySize = 32;
inline constexpr qsizetype aeadNonceSize = 24;
inline constexpr qsizetype aeadTagSize = 16;

/// nonce(24, random) ‖ ciphertext ‖ tag(16). The key must have 32 bytes.
QByteArray seal(const Secret& key, QByteArrayView plain, QByteArrayView aad);

/// The same with a nonce given: for test vectors only; a nonce used twice gives the plaintexts away.
QByteArray sealWithNonce(const Secret& key, QByteArrayView nonce, QByteArrayView plain, QByteArrayView aad);

/// The plaintext of `seal`'s bytes. Fails with CryptoFailed: wrong key, altered, or too short, which nobody can tell
/// apart.
Result<QByteArray> open(const Secret& key, QByteArrayView sealed, QByteArrayView aad);

} // namespace platen::crypto
