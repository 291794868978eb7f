// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Crypto.h"

#include "Libraries.h"

#include <QtCrypto>

#include <QtEndian>

#include <sodium.h>

#include <memory>

using namespace Qt::StringLiterals;

namespace platen::crypto {
namespace {

Status wake()
{
    if (sodium_init() < 0)
        return fail(ErrorCode::Unsupported, u"libsodium does not start on this machine."_s);
    // Never destroyed: QCA's memory and plugins must outlive every object that uses them, static ones as well.
    static const auto* const library = new QCA::Initializer;
    Q_UNUSED(library)
    // A context of a feature that no plugin has is null, and using it a crash: so ask once, here.
    for (const char* feature : {"sha256", "hmac(sha256)", "hkdf(sha256)", "pkey", "rsa"}) {
        if (!QCA::isSupported(feature))
            return fail(ErrorCode::Unsupported,
                u"QCA has no %1: install its OpenSSL plugin (Debian package libqca-qt6-plugins)."_s.arg(
                    QLatin1StringView(feature)));
    }
    return {};
}

template <typename T>
QByteArray bigEndian(T number)
{
    const T big = qToBigEndian(number);
    return QByteArray(reinterpret_cast<const char*>(&big), sizeof big);
}

} // namespace

Status start()
{
    static const Status awake = wake();
    return awake;
}

void requireStarted()
{
    if (const Status awake = start(); !awake)
        qFatal("%s", qUtf8Printable(awake.error().detail));
}

QByteArray randomBytes(int count)
{
    requireStarted();
    QByteArray bytes(count, Qt::Uninitialized);
    randombytes_buf(bytes.data(), static_cast<size_t>(count));
    return bytes;
}

Secret randomSecret(int count) { return Secret(randomBytes(count)); }

bool equal(QByteArrayView a, QByteArrayView b)
{
    return a.size() == b.size()
        && (a.isEmpty() || sodium_memcmp(a.data(), b.data(), static_cast<size_t>(a.size())) == 0);
}

QByteArray sha256(QByteArrayView bytes)
{
    requireStarted();
    QCA::Hash hash(u"sha256"_s);
    hash.update(bytes.data(), static_cast<int>(bytes.size()));
    return hash.final().toByteArray();
}

QByteArray sha512(QByteArrayView bytes)
{
    QByteArray digest(crypto_hash_sha512_BYTES, Qt::Uninitialized);
    crypto_hash_sha512(raw(digest), raw(bytes), sizeOf(bytes));
    return digest;
}

QByteArray hmacSha256(const Secret& key, QByteArrayView bytes)
{
    requireStarted();
    QCA::MessageAuthenticationCode mac(u"hmac(sha256)"_s, QCA::SymmetricKey(key.reveal()));
    mac.update(QCA::MemoryRegion(bytes.toByteArray()));
    return mac.final().toByteArray();
}

Secret hkdf(const Secret& ikm, const QByteArray& salt, const QByteArray& info, int length)
{
    requireStarted();
    return Secret(QCA::HKDF(u"sha256"_s)
            .makeKey(QCA::SecureArray(ikm.reveal()), QCA::InitializationVector(salt), QCA::InitializationVector(info),
                static_cast<unsigned>(length))
            .toByteArray());
}

QByteArray leb128(quint64 number)
{
    QByteArray out;
    do {
        const auto low = static_cast<char>(number & 0x7f);
        number >>= 7;
        out.append(number == 0 ? low : static_cast<char>(low | '\x80'));
    } while (number != 0);
    return out;
}

QByteArray lv(QByteArrayView bytes) { return leb128(static_cast<quint64>(bytes.size())).append(bytes); }

QByteArray bigEndian32(quint32 number) { return bigEndian(number); }
QByteArray bigEndian64(quint64 number) { return bigEndian(number); }

} // namespace platen::crypto
