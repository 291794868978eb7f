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

constexpr qsizetype magicSize = 5;
constexpr qint64 largest = 64 * 1024;
constexpr qsizetype shortestCredential = 16;

QByteArrayView magicOf(KeyFile::Protection protection)
{
    return protection == KeyFile::Protection::Machine ? QByteArrayView("PLKF\x01", magicSize)
                                                      : QByteArrayView("PLKF\x02", magicSize);
}

std::optional<KeyFile::Protection> protectionOf(QByteArrayView bytes)
{
    for (const auto protection : {KeyFile::Protection::Machine, KeyFile::Protection::Credential})
        if (bytes.startsWith(magicOf(protection)))
            return protection;
    return std::nullopt;
}

} // namespace

KeyFile::KeyFile(Places places)
    : m_places(std::move(places))
{
}

bool KeyFile::exists() const { return QFile::exists(m_places.file); }

bool KeyFile::hasCredential() const { return !m_places.credential.isEmpty() && QFile::exists(m_places.credential); }

std::optional<KeyFile::Protection> KeyFile::protection() const
{
    const Result<QByteArray> bytes = readFile(m_places.file, largest + 1024);
    return bytes ? protectionOf(*bytes) : std::nullopt;
}

/// Made when there is none.
Result<Secret> KeyFile::wrappingKey() const
{
    Result<Secret> wrapping = readKey(m_places.wrappingKey);
    if (wrapping || wrapping.error().code != ErrorCode::NotFound)
        return wrapping;
    if (const Status made = makePrivateFolder(QFileInfo(m_places.wrappingKey).absolutePath()); !made)
        return fail(made.error());
    wrapping = randomSecret(aeadKeySize);
    if (const Status written = writeDurably(m_places.wrappingKey, wrapping->reveal()); !written)
        return fail(written.error());
    return wrapping;
}

Result<Secret> KeyFile::sealingKey(Protection protection) const
{
    if (protection == Protection::Machine) {
        const QByteArray machine = readFile(m_places.machineId, 4096).value_or(QByteArray()).trimmed();
        return readKey(m_places.wrappingKey).transform([&](const Secret& wrapping) {
            return hkdf(wrapping, machine, QByteArray("PLT2 key file"), aeadKeySize);
        });
    }
    if (!hasCredential())
        return fail(ErrorCode::NotFound,
            u"%1 is sealed under the systemd credential platen-agent.key, which only the service platen-agent gets: run this by it, or by systemd-run with that credential."_s
                .arg(m_places.file));
    Result<QByteArray> bytes = readFile(m_places.credential, 4096);
    if (!bytes)
        return fail(bytes.error());
    const Secret credential(*std::move(bytes));
    if (credential.size() < shortestCredential)
        return fail(ErrorCode::InvalidInput,
            u"The credential %1 has fewer than %2 bytes: make a random one."_s.arg(m_places.credential).arg(shortestCredential));
    return hkdf(credential, {}, QByteArray("PLT2 key file credential"), aeadKeySize);
}

Status KeyFile::save(const Secret& content) const
{
    if (content.size() > largest)
        return fail(ErrorCode::LimitExceeded, u"%1 would hold more than 64 KiB."_s.arg(m_places.file));
    const Protection protection = hasCredential() ? Protection::Credential : Protection::Machine;
    if (protection == Protection::Machine)
        if (const Result<Secret> made = wrappingKey(); !made)
            return fail(made.error());
    const Result<Secret> key = sealingKey(protection);
    if (!key)
        return fail(key.error());
    const QByteArrayView magic = magicOf(protection);
    if (const Status written = writeDurably(m_places.file, magic.toByteArray() + seal(*key, content.reveal(), magic)); !written)
        return written;
    return protection == Protection::Machine ? Status() : removeDurably(m_places.wrappingKey);
}

Result<Secret> KeyFile::load() const
{
    const Result<QByteArray> bytes = readFile(m_places.file, largest + 1024);
    if (!bytes)
        return fail(bytes.error());
    const auto protection = protectionOf(*bytes);
    Result<QByteArray> content = fail(ErrorCode::CryptoFailed, {});
    if (protection) {
        const Result<Secret> key = sealingKey(*protection);
        if (!key)
            return fail(key.error());
        content = open(*key, QByteArrayView(*bytes).sliced(magicSize), magicOf(*protection));
    }
    if (!content)
        return fail(ErrorCode::CryptoFailed,
            u"%1 does not open: it is damaged, comes from another machine or another credential; activate this agent again."_s
                .arg(m_places.file));
    return Secret(*std::move(content));
}

Status KeyFile::useCredential() const
{
    if (!hasCredential() || protection() != Protection::Machine)
        return {};
    const Result<Secret> content = load();
    if (!content)
        return fail(content.error());
    return save(*content);
}

Status KeyFile::destroy() const
{
    const Status file = removeDurably(m_places.file), key = removeDurably(m_places.wrappingKey);
    return file ? key : file;
}

} // namespace platen::crypto
