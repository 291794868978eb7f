// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>
#include <base/Secret.h>

#include <QString>

namespace platen::crypto {

/// A file of secrets on an agent (PROTOCOL.md §4), sealed under a random file elsewhere and the machine's id. That
/// protects copies and backups of the file; it does not protect against root of the same machine.
class KeyFile {
public:
    struct Places {
        QString file; ///< the sealed file
        QString wrappingKey; ///< 32 random bytes, owner only, in another folder; made by save() when there is none
        QString machineId = QStringLiteral("/etc/machine-id"); ///< an absent one counts as empty
    };

    explicit KeyFile(Places places);

    bool exists() const;

    /// Seals and writes durably; returns only when the disk has it. At most 64 KiB. Fails with StorageFailed,
    /// PermissionDenied (others may read the wrapping key).
    Status save(const Secret& content) const;

    /// Fails with NotFound (no file, or no wrapping key), PermissionDenied, CryptoFailed (another machine, altered).
    Result<Secret> load() const;

    /// Both files go: whatever was sealed under them is lost.
    Status destroy() const;

private:
    Places m_places;
};

} // namespace platen::crypto
