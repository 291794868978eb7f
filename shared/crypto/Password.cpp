// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Password.h"

#include "Libraries.h"

#include <sodium.h>

namespace platen::crypto {
namespace {

constexpr unsigned long long passes = 3;
constexpr size_t memory = 64 * 1024 * 1024;

bool isHash(const QByteArray& hash)
{
    return hash.startsWith("$argon2id$") && hash.size() < qsizetype(crypto_pwhash_STRBYTES);
}

} // namespace

QString hashPassword(const Secret& password)
{
    requireStarted();
    char hash[crypto_pwhash_STRBYTES];
    if (crypto_pwhash_str_alg(hash, password.reveal().constData(), sizeOf(password.reveal()), passes, memory,
            crypto_pwhash_ALG_ARGON2ID13)
        != 0)
        return {};
    return QString::fromLatin1(hash);
}

bool verifyPassword(const QString& hash, const Secret& password)
{
    requireStarted();
    const QByteArray stored = hash.toLatin1(); // ends with a zero, as libsodium wants it
    return isHash(stored)
        && crypto_pwhash_str_verify(stored.constData(), password.reveal().constData(), sizeOf(password.reveal())) == 0;
}

bool isOutdatedHash(const QString& hash)
{
    const QByteArray stored = hash.toLatin1();
    return !isHash(stored) || crypto_pwhash_str_needs_rehash(stored.constData(), passes, memory) != 0;
}

} // namespace platen::crypto
