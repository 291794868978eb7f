// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "KeyFile.h"

#include "Aead.h"
#include "Crypto.h"
#include "PrivateFile.h"

#include <base/File.h>

#include <QFile>
#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace platen::crypto {
namespace {

constexpr QByteArrayView magic("PLKF\x01", 5);
constexpr qint64 largest = 64 * 1024;

Secret sealingKey(const Secret& wrapping, const QString& machineIdPath)
{
    const QByteArray machine = readFile(machineIdPath, 4096).value_or(QByteArray()).trimmed();
    return hkdf(wrapping, machine, QByteArray("PLT2 key file"), aeadKeySize);
}

} // namespace

KeyFile::KeyFile(Places places)
    : m_places(std::move(places))
{
}

bool KeyFile::exists() const { return QFile::exists(m_places.file); }

Status KeyFile::save(const Secret& content) const
{
    if (content.size() > largest)
        return fail(ErrorCode::LimitExceeded, u"%1 would hold more than 64 KiB."_s.arg(m_places.file));
    Result<Secret> wrapping = readKey(m_places.wrappingKey);
    if (!wrapping && wrapping.error().code == ErrorCode::NotFound) {
        if (const Status made = makePrivateFolder(QFileInfo(m_places.wrappingKey).absolutePath()); !made)
            return made;
        wrapping = randomSecret(aeadKeySize);
        if (const Status written = writeDurably(m_places.wrappingKey, wrapping->reveal()); !written)
            return written;
    }
    if (!wrapping)
        return fail(wrapping.error());
    const Secret key = sealingKey(*wrapping, m_places.machineId);
    return writeDurably(m_places.file, magic.toByteArray() + seal(key, content.reveal(), magic));
}

Result<Secret> KeyFile::load() const
{
    const Result<QByteArray> bytes = readFile(m_places.file, largest + 1024);
    if (!bytes)
        return fail(bytes.error());
    const Result<Secret> wrapping = readKey(m_places.wrappingKey);
    if (!wrapping)
        return fail(wrapping.error());
    const bool isOurs = bytes->startsWith(magic);
    Result<QByteArray> content = isOurs
        ? open(sealingKey(*wrapping, m_places.machineId), QByteArrayView(*bytes).sliced(magic.size()), magic)
        : Result<QByteArray>(fail(ErrorCode::CryptoFailed, {}));
    if (!content)
        return fail(ErrorCode::CryptoFailed,
            u"%1 does not open: it is damaged or comes from another machine; activate this agent again."_s.arg(
                m_places.file));
    return Secret(*std::move(content));
}

Status KeyFile::destroy() const
{
    const Status file = removeDurably(m_places.file), key = removeDurably(m_places.wrappingKey);
    return file ? key : file;
}

} // namespace platen::crypto
