// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "KekFile.h"

#include <base/File.h>
#include <crypto/PrivateFile.h>

#include <QFile>

using namespace Qt::StringLiterals;

namespace platen::cli {

KekFile::KekFile(QString path, bool isCredential)
    : m_path(std::move(path))
    , m_isCredential(isCredential)
{
}

KekFile KekFile::of(const QString& dataFolder)
{
    if (const QString named = qEnvironmentVariable("PLATEN_KEK"); !named.isEmpty())
        return {named, false};
    const QString credential = crypto::credentialPath(u"platen-server.kek"_s);
    if (!credential.isEmpty() && QFile::exists(credential))
        return {credential, true};
    return {dataFolder + u"/kek"_s, false};
}

Result<crypto::KeyEncryptionKey> KekFile::load(bool isNew) const
{
    if (isNew && !m_isCredential)
        return crypto::KeyEncryptionKey::loadOrCreate(m_path);
    auto key = crypto::KeyEncryptionKey::load(m_path);
    if (!key && key.error().code == ErrorCode::NotFound)
        return fail(ErrorCode::NotFound,
            u"The key-encryption key %1 is missing: without it the database cannot be read; put it back from a backup, or say where it is by PLATEN_KEK."_s
                .arg(m_path));
    return key;
}

Result<std::optional<crypto::KeyEncryptionKey>> KekFile::next() const
{
    const QString path = m_path + u".next"_s;
    if (!QFile::exists(path))
        return std::nullopt;
    return crypto::KeyEncryptionKey::load(path).transform([](auto key) { return std::optional(std::move(key)); });
}

Result<crypto::KeyEncryptionKey> KekFile::makeNext() const
{
    return crypto::KeyEncryptionKey::loadOrCreate(m_path + u".next"_s);
}

Status KekFile::replace() const
{
    const QString next = m_path + u".next"_s;
    if (!QFile::exists(next)) // somebody who opened the folder meanwhile did it
        return {};
    return renameDurably(next, m_path);
}

} // namespace platen::cli
