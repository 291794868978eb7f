// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Commands.h"

#include "KekFile.h"
#include "Terminal.h"

#include <base/Owner.h>
#include <server/store/KekRotation.h>
#include <storage/FolderLock.h>

#include <QDir>

using namespace Qt::StringLiterals;

namespace platen::cli {

/// Next key on disk, everything sealed anew in one transaction, then the file replaced: whenever it is killed, opening the folder
/// finds the key that its database belongs to, and a second call does the rest.
QCoro::Task<Status> carryOut(KekRotateCommand command)
{
    const QString path = QDir(command.data).absolutePath();
    if (const Status owner = becomeOwnerOf(path); !owner)
        co_return owner;
    const auto lock = storage::FolderLock::take(path);
    if (!lock && lock.error().code == ErrorCode::Conflict)
        co_return fail(ErrorCode::Conflict,
            u"The server runs on %1: stop it, change the key, start it again. Agents keep what they have meanwhile."_s.arg(path));
    if (!lock)
        co_return fail(lock.error());
    const auto folder = co_await DataFolder::open(path);
    if (!folder)
        co_return fail(folder.error());
    const KekFile file = KekFile::of(path);
    if (file.isCredential())
        co_return fail(ErrorCode::InvalidInput,
            u"The key-encryption key comes from systemd: decrypt it to a file, change it with PLATEN_KEK=FILE, and encrypt that again (docs/security.md)."_s);

    const auto next = file.makeNext();
    if (!next)
        co_return fail(next.error());
    const auto count = co_await (*folder)->database().write(
        [old = (*folder)->kek(), next = *next](QSqlDatabase db) { return store::sealAnew(db, old, next); });
    if (!count)
        co_return fail(count.error());
    if (const Status replaced = file.replace(); !replaced)
        co_return replaced;
    say(u"%1 secrets are sealed under a new key, in %2. Back it up now; backups of the database made before need the old key, "
        "which is no longer here.\n"_s.arg(*count)
            .arg(file.path()));
    co_return {};
}

} // namespace platen::cli
