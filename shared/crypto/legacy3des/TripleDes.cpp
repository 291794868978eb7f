// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "TripleDes.h"

#include <crypto/Crypto.h>

#include <QtCrypto>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace platen::legacy3des {

namespace {

/// Padding is ours, by hand, and so are the three keys: QCA has no context for "tripledes" with padding, and a key of 16 bytes
/// it takes and encrypts wrongly with.
Result<QByteArray> run(QCA::Direction direction, const Secret& key, QByteArrayView iv, const QByteArray& blocks)
{
    if (const Status awake = crypto::start(); !awake)
        return fail(awake.error());
    if (!QCA::isSupported("tripledes-cbc"))
        return fail(ErrorCode::Unsupported,
            u"QCA has no 3DES here, which the obsolete legacy-3des needs: install its OpenSSL plugin (Debian package libqca-qt6-plugins)."_s);
    Q_ASSERT(key.size() == keySize && iv.size() == blockSize && blocks.size() % blockSize == 0);
    const QCA::SecureArray three(key.reveal() + key.reveal().first(blockSize));
    QCA::Cipher cipher(u"tripledes"_s, QCA::Cipher::CBC, QCA::Cipher::NoPadding, direction, QCA::SymmetricKey(three),
        QCA::InitializationVector(iv.toByteArray()));
    QByteArray out = cipher.update(QCA::MemoryRegion(blocks)).toByteArray();
    out += cipher.final().toByteArray();
    if (!cipher.ok() || out.size() != blocks.size())
        return fail(ErrorCode::CryptoFailed, u"QCA's 3DES failed."_s);
    return out;
}

} // namespace

Result<QByteArray> encrypt(const Secret& key, QByteArrayView iv, QByteArrayView plain)
{
    const qsizetype padding = blockSize - plain.size() % blockSize;
    return run(QCA::Encode, key, iv, plain.toByteArray() + QByteArray(padding, char(padding)));
}

Result<QByteArray> decrypt(const Secret& key, QByteArrayView iv, QByteArrayView cipher)
{
    if (cipher.isEmpty() || cipher.size() % blockSize != 0)
        return fail(ErrorCode::CryptoFailed, u"A legacy-3des text is not made of whole blocks."_s);
    Result<QByteArray> padded = run(QCA::Decode, key, iv, cipher.toByteArray());
    if (!padded)
        return padded;
    const auto padding = static_cast<quint8>(padded->back());
    const bool isPadding = padding >= 1 && padding <= blockSize
        && std::ranges::all_of(QByteArrayView(*padded).last(padding), [padding](char c) { return quint8(c) == padding; });
    if (!isPadding)
        return fail(ErrorCode::CryptoFailed, u"The padding of a legacy-3des text is none."_s);
    padded->chop(padding);
    return padded;
}

} // namespace platen::legacy3des
