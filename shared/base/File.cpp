// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "File.h"

#include <QDir>
#include <QFileInfo>
#include <QSaveFile>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace platen {

namespace {

std::unexpected<Error> cannot(const QString& verb, const QString& path, const QString& why)
{
    return fail(ErrorCode::StorageFailed, u"cannot %1 %2: %3"_s.arg(verb, path, why));
}

QString lastSystemError() { return QString::fromLocal8Bit(std::strerror(errno)); }

/// A rename or a removal survives a power cut only once its folder is on disk.
Status syncFolder(const QString& folder)
{
    const int fd = ::open(QFile::encodeName(folder).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return cannot(u"open"_s, folder, lastSystemError());
    const int synced = ::fsync(fd);
    const QString why = lastSystemError();
    ::close(fd);
    if (synced != 0)
        return cannot(u"sync"_s, folder, why);
    return {};
}

} // namespace

Status writeDurably(const QString& path, const QByteArray& bytes, QFileDevice::Permissions permissions)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return cannot(u"write"_s, path, file.errorString());
    if (!file.setPermissions(permissions) || file.write(bytes) != bytes.size() || !file.flush())
        return cannot(u"write"_s, path, file.errorString());
    if (::fsync(file.handle()) != 0)
        return cannot(u"write"_s, path, lastSystemError());
    if (!file.commit())
        return cannot(u"write"_s, path, file.errorString());
    return syncFolder(QFileInfo(path).absolutePath());
}

Status renameDurably(const QString& from, const QString& to)
{
    if (::rename(QFile::encodeName(from).constData(), QFile::encodeName(to).constData()) != 0)
        return cannot(u"rename"_s, from, lastSystemError());
    return syncFolder(QFileInfo(to).absolutePath());
}

Status removeDurably(const QString& path)
{
    if (::unlink(QFile::encodeName(path).constData()) != 0) {
        if (errno == ENOENT)
            return {};
        return cannot(u"remove"_s, path, lastSystemError());
    }
    return syncFolder(QFileInfo(path).absolutePath());
}

Result<QByteArray> readFile(const QString& path, qint64 limit)
{
    QFile file(path);
    if (!file.exists())
        return fail(ErrorCode::NotFound, u"there is no file %1"_s.arg(path));
    if (!file.open(QIODevice::ReadOnly))
        return cannot(u"read"_s, path, file.errorString());
    QByteArray bytes = file.read(limit + 1);
    if (file.error() != QFileDevice::NoError)
        return cannot(u"read"_s, path, file.errorString());
    if (bytes.size() > limit)
        return fail(ErrorCode::LimitExceeded, u"%1 is larger than %2 bytes"_s.arg(path).arg(limit));
    return bytes;
}

Status makePrivateFolder(const QString& path)
{
    if (QFileInfo(path).isDir())
        return {};
    if (QFileInfo::exists(path))
        return cannot(u"make the folder"_s, path, u"a file of this name is there already"_s);
    const QDir above(QFileInfo(path).absolutePath());
    if (!above.exists())
        if (const Status made = makePrivateFolder(above.path()); !made)
            return made;
    if (!above.mkdir(QFileInfo(path).fileName(), QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner))
        return cannot(u"make the folder"_s, path, lastSystemError());
    return {};
}

} // namespace platen
