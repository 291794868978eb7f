// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "PrivateFile.h"

#include <base/File.h>

#include <QFile>
#include <QFileInfo>

#include <unistd.h>

using namespace Qt::StringLiterals;

namespace platen::crypto {
namespace {

constexpr qint64 secretSize = 32;
constexpr QFileDevice::Permissions group = QFileDevice::ReadGroup | QFileDevice::WriteGroup | QFileDevice::ExeGroup;
constexpr QFileDevice::Permissions others = QFileDevice::ReadOther | QFileDevice::WriteOther | QFileDevice::ExeOther;

/// systemd gives the service its credentials by an access list, whose mask stands where the group's rights would be.
bool isCredential(const QString& path)
{
    const QString folder = credentialPath(QString());
    return !folder.isEmpty() && path.startsWith(folder);
}

} // namespace

Result<Secret> readKey(const QString& path)
{
    const QFileInfo info(path);
    if (info.exists() && (info.permissions() & (isCredential(path) ? others : group | others)))
        return fail(ErrorCode::PermissionDenied,
            u"%1 may be touched by others than its owner: run \"chmod 0400 %1\", and renew the key if somebody may have read it."_s
                .arg(path));
    if (info.exists() && info.ownerId() != ::geteuid() && info.ownerId() != 0)
        return fail(ErrorCode::PermissionDenied,
            u"%1 belongs to another user, %2, who may read it: run \"chown\" to give it to the user of this program."_s.arg(
                path, info.owner()));
    Result<QByteArray> bytes = readFile(path, secretSize);
    if (!bytes && bytes.error().code != ErrorCode::LimitExceeded)
        return fail(bytes.error());
    if (!bytes || bytes->size() != secretSize)
        return fail(ErrorCode::InvalidInput, u"%1 is not a key of 32 bytes: put the right file there."_s.arg(path));
    return Secret(*std::move(bytes));
}

QString credentialPath(const QString& name)
{
    const QString folder = qEnvironmentVariable("CREDENTIALS_DIRECTORY");
    return folder.isEmpty() ? QString() : folder + u'/' + name;
}

} // namespace platen::crypto
