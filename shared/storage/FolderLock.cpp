// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "FolderLock.h"

#include <QFile>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace platen::storage {

struct FolderLock::Descriptor {
    int number = -1;
    ~Descriptor() { ::close(number); } // also lets go of the lock
};

FolderLock::FolderLock(int descriptor)
    : m_descriptor(new Descriptor{descriptor})
{
}
FolderLock::FolderLock(FolderLock&&) noexcept = default;
FolderLock& FolderLock::operator=(FolderLock&&) noexcept = default;
FolderLock::~FolderLock() = default;

Result<FolderLock> FolderLock::take(const QString& folder)
{
    const QString path = folder + u"/lock"_s;
    const int descriptor = ::open(QFile::encodeName(path).constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return fail(ErrorCode::StorageFailed,
            u"Cannot write %1: %2."_s.arg(path, QString::fromLocal8Bit(std::strerror(errno))));
    FolderLock lock(descriptor);

    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        char holder[32] = {};
        [[maybe_unused]] const auto length = ::read(descriptor, holder, sizeof holder - 1);
        return fail(ErrorCode::Conflict,
            u"The data folder %1 is in use by another process (number %2): stop it first, or use another folder."_s.arg(
                folder, QString::fromLatin1(holder).trimmed()));
    }
    const QByteArray self =
        QByteArray::number(::getpid()) + '\n'; // for the sentence above; a full disk does not matter
    if (::ftruncate(descriptor, 0) == 0) [[maybe_unused]]
        const auto written = ::write(descriptor, self.constData(), static_cast<size_t>(self.size()));
    return lock;
}

} // namespace platen::storage
