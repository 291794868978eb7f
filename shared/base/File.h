// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Result.h"

#include <QByteArray>
#include <QFileDevice>

namespace platen {

/// Who may read what we write.
inline constexpr QFileDevice::Permissions ownerOnly = QFileDevice::ReadOwner | QFileDevice::WriteOwner;

/// Puts `bytes` at `path` so that after a power cut there is the old file or the new one, whole: temporary file, fsync, rename,
/// fsync of the folder. Fails with StorageFailed (the sentence names the path and the cause); the old file is untouched then.
Status writeDurably(const QString& path, const QByteArray& bytes, QFileDevice::Permissions permissions = ownerOnly);

/// Gives the file another name in the same folder, in place of what has it. Fails with StorageFailed.
Status renameDurably(const QString& from, const QString& to);

/// Removes the file and makes that durable. A file that is not there is fine. Fails with StorageFailed.
Status removeDurably(const QString& path);

/// The whole file. Fails with NotFound, StorageFailed (not readable) or LimitExceeded (more than `limit` bytes).
Result<QByteArray> readFile(const QString& path, qint64 limit);

/// Makes the folder with mode 0700 and everything above it; an existing one is fine. Fails with StorageFailed.
Status makePrivateFolder(const QString& path);

} // namespace platen
