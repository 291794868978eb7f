// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>

#include <memory>

namespace platen::storage {

/// Keeps a second process of the same kind out of a data folder. The kernel holds the lock and lets go of it when the process
/// ends, however it ends: there is no stale lock, also not in a container where every process has the same number.
class FolderLock {
public:
    /// Locks `folder` by the file "lock" in it. Fails with Conflict (another process has it; the sentence says which) or StorageFailed.
    static Result<FolderLock> take(const QString& folder);

    FolderLock(FolderLock&&) noexcept;
    FolderLock& operator=(FolderLock&&) noexcept;
    ~FolderLock();

private:
    explicit FolderLock(int descriptor);

    struct Descriptor;
    std::unique_ptr<Descriptor> m_descriptor;
};

} // namespace platen::storage
