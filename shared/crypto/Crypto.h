// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>
#include <base/Secret.h>

#include <QByteArray>
#include <QByteArrayView>

/// The suite's primitives (PROTOCOL.md §1): the only module that touches QCA and libsodium; no header here shows
/// either. All functions may be called from any thread after start() succeeded.
namespace platen::crypto {

/// Wakes the libraries and asks whether they can do what we need. Call it first thing in main, before or after the
/// application object; again is free. Fails with Unsupported; the sentence names the package that is missing. Every
/// other function of the module ends the program with that sentence when this failed.
Status start();

QByteArray randomBytes(int count);
Secret randomSecret(int count);

/// Same bytes? In a time that depends on the lengths only.
bool equal(QByteArrayView a, QByteArrayView b);

QByteArray sha256(QByteArrayView bytes); ///< 32 bytes
QByteArray sha512(QByteArrayView bytes); ///< 64 bytes

QByteArray hmacSha256(const Secret& key, QByteArrayView bytes); ///< 32 bytes

/// RFC 5869 with SHA-256; `length` ≤ 8,160.
Secret hkdf(const Secret& ikm, const QByteArray& salt, const QByteArray& info, int length);

QByteArray leb128(quint64 number);
QByteArray lv(QByteArrayView bytes); ///< leb128(length) ‖ bytes

QByteArray bigEndian32(quint32 number);
QByteArray bigEndian64(quint64 number);

} // namespace platen::crypto
