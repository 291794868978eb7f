// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "DataFolder.h"

#include <base/File.h>
#include <base/Owner.h>
#include <crypto/PrivateFile.h>

#include <QCryptographicHash>
#include <QFileInfo>
#include <QStandardPaths>

#include <unistd.h>

using namespace Qt::StringLiterals;

namespace platen::agent {

namespace {

const QString systemPath = u"/var/lib/platen-agent"_s;

/// Where the wrapping key of the folder `path` lies: never beside what it protects.
QString wrappingKeyOf(const QString& path)
{
    const QString name =
        QString::fromLatin1(QCryptographicHash::hash(path.toUtf8(), QCryptographicHash::Sha256).first(8).toHex());
    const QString folder =
        path == systemPath ? u"/etc"_s : QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation);
    return u"%1/platen-agent/%2.key"_s.arg(folder, name);
}

} // namespace

QString DataFolder::defaultPath()
{
    if (::geteuid() == 0)
        return systemPath;
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + u"/platen-agent"_s;
}

Result<DataFolder> DataFolder::make(const QString& path)
{
    const QString absolute = QFileInfo(path).absoluteFilePath();
    if (const Status owner = becomeOwnerOf(absolute); !owner)
        return fail(owner.error());
    if (const Status made = makePrivateFolder(absolute); !made)
        return fail(made.error());
    return DataFolder{QFileInfo(absolute).canonicalFilePath()};
}

QString DataFolder::settings() const { return path + u"/agent.json"_s; }
QString DataFolder::state() const { return path + u"/state.db"_s; }
QString DataFolder::spool() const { return path + u"/spool"_s; }
QString DataFolder::sessionFile() const { return path + u"/session"_s; }
QString DataFolder::statusFile() const { return path + u"/status.json"_s; }

crypto::KeyFile DataFolder::keyFile() const
{
    return crypto::KeyFile({.file = path + u"/agent.key"_s,
        .wrappingKey = wrappingKeyOf(path),
        .credential = crypto::credentialPath(u"platen-agent.key"_s)});
}

QString DataFolder::keyProtection() const
{
    const auto protection = keyFile().protection();
    if (!protection)
        return {};
    return *protection == crypto::KeyFile::Protection::Credential
        ? u"sealed under a systemd credential; root on this machine can still use it"_s
        : u"sealed under %1 and this machine's id: protects copies and backups of the data folder, not against root on this machine"_s
              .arg(wrappingKeyOf(path));
}

} // namespace platen::agent
