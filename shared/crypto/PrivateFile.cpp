// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "PrivateFile.h"

#include <base/File.h>

#include <QFile>

using namespace Qt::StringLiterals;

namespace platen::crypto {
namespace {

constexpr qint64 secretSize = 32;
constexpr QFileDevice::Permissions others = QFileDevice::ReadGroup | QFileDevice::WriteGroup | QFileDevice::ExeGroup
    | QFileDevice::ReadOther | QFileDevice::WriteOther | QFileDevice::ExeOther;

} // namespace

Result<Secret> readKey(const QString& path)
{
    if (QFile::exists(path) && (QFile::permissions(path) & others))
        return fail(ErrorCode::PermissionDenied,
            u"%1 may be touched by others than its owner: run \"chmod 400\" on it, and renew it if somebody may have read it."_s
                .arg(path));
    Result<QByteArray> bytes = readFile(path, secretSize);
    if (!bytes && bytes.error().code != ErrorCode::LimitExceeded)
        return fail(bytes.error());
    if (!bytes || bytes->size() != secretSize)
        return fail(ErrorCode::InvalidInput, u"%1 is not a key of 32 bytes: put the right file there."_s.arg(path));
    return Secret(*std::move(bytes));
}

} // namespace platen::crypto
