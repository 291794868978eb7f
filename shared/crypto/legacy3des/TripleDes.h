// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>
#include <base/Secret.h>

#include <QByteArray>
#include <QByteArrayView>

/// Two-key 3DES in CBC mode, PKCS7 padded (NIST SP 800-67; keying option 2). Obsolete: for the data format of 4.x and nothing else.
namespace platen::legacy3des {

inline constexpr qsizetype keySize = 16;
inline constexpr qsizetype blockSize = 8;

/// The key must have 16 bytes, `iv` 8. Fails with Unsupported when QCA has no such cipher.
Result<QByteArray> encrypt(const Secret& key, QByteArrayView iv, QByteArrayView plain);

/// Only of bytes whose HMAC was right. Fails with Unsupported as above, and with CryptoFailed when the padding is none.
Result<QByteArray> decrypt(const Secret& key, QByteArrayView iv, QByteArrayView cipher);

} // namespace platen::legacy3des
