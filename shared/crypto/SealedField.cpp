// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "SealedField.h"

#include "Aead.h"
#include "Crypto.h"
#include "PrivateFile.h"

#include <base/File.h>

using namespace Qt::StringLiterals;

namespace platen::crypto {
namespace {

constexpr qsizetype idSize = 4;

/// Each part with its length, so that no table and column can be read as another pair.
QByteArray place(QByteArrayView table, QByteArrayView column, QByteArrayView rowId)
{
    return lv(table) + lv(column) + lv(rowId);
}

} // namespace

KeyEncryptionKey::KeyEncryptionKey(Secret key)
    : m_key(std::move(key))
    , m_id(hkdf(m_key, {}, QByteArray("PLT2 kek id"), idSize).reveal())
{
}

Result<KeyEncryptionKey> KeyEncryptionKey::load(const QString& path)
{
    return readKey(path).transform([](Secret key) { return KeyEncryptionKey(std::move(key)); });
}

Result<KeyEncryptionKey> KeyEncryptionKey::loadOrCreate(const QString& path)
{
    Result<KeyEncryptionKey> loaded = load(path);
    if (loaded || loaded.error().code != ErrorCode::NotFound)
        return loaded;
    const Secret key = randomSecret(aeadKeySize);
    if (const Status written = writeDurably(path, key.reveal(), QFileDevice::ReadOwner); !written)
        return fail(written.error());
    return KeyEncryptionKey(key);
}

QByteArray KeyEncryptionKey::seal(
    QByteArrayView plain, QByteArrayView table, QByteArrayView column, QByteArrayView rowId) const
{
    return m_id + crypto::seal(m_key, plain, place(table, column, rowId));
}

QByteArray KeyEncryptionKey::seal(QByteArrayView plain, QByteArrayView table, QByteArrayView column, qint64 rowId) const
{
    return seal(plain, table, column, QByteArray::number(rowId));
}

Result<QByteArray> KeyEncryptionKey::open(
    QByteArrayView sealed, QByteArrayView table, QByteArrayView column, QByteArrayView rowId) const
{
    if (sealed.size() >= idSize && !equal(sealed.first(idSize), m_id))
        return fail(ErrorCode::CryptoFailed,
            u"%1.%2 was sealed under another key file: bring back the key file that belongs to this database."_s.arg(
                QString::fromUtf8(table), QString::fromUtf8(column)));
    return crypto::open(m_key, sealed.sliced(std::min(idSize, sealed.size())), place(table, column, rowId));
}

Result<QByteArray> KeyEncryptionKey::open(
    QByteArrayView sealed, QByteArrayView table, QByteArrayView column, qint64 rowId) const
{
    return open(sealed, table, column, QByteArray::number(rowId));
}

} // namespace platen::crypto
