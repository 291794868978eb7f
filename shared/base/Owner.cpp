// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Owner.h"

#include <QFile>

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace platen {

Status becomeOwnerOf(const QString& folder)
{
    struct stat found = {};
    if (::geteuid() != 0 || ::stat(QFile::encodeName(folder).constData(), &found) != 0 || found.st_uid == 0)
        return {};
    const passwd* owner = ::getpwuid(found.st_uid);
    const gid_t group = owner ? owner->pw_gid : found.st_gid;
    const bool hasGroups = owner ? ::initgroups(owner->pw_name, group) == 0 : ::setgroups(0, nullptr) == 0;
    if (!hasGroups || ::setgid(group) != 0 || ::setuid(found.st_uid) != 0)
        return fail(ErrorCode::PermissionDenied,
            u"The folder %1 belongs to user %2, and root may not become that user here: run the command as that user."_s.arg(
                folder, owner ? QString::fromLocal8Bit(owner->pw_name) : QString::number(found.st_uid)));
    return {};
}

} // namespace platen
