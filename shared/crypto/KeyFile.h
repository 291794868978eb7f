// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>
#include <base/Secret.h>

#include <QString>

#include <optional>

namespace platen::crypto {

/// A file of secrets on an agent (PROTOCOL.md §4). Sealed under a systemd credential where the service has one; else under a random
/// file elsewhere and the machine's id, which protects copies and backups of the file, but not against root of the same machine.
class KeyFile {
public:
    struct Places {
        QString file; ///< the sealed file
        QString wrappingKey; ///< 32 random bytes, owner only, in another folder; made by save() when there is none
        QString machineId = QStringLiteral("/etc/machine-id"); ///< an absent one counts as empty
        QString credential = {}; ///< at least 16 bytes, from systemd; empty or not there: none
    };

    /// What the file is sealed under.
    enum class Protection { Machine, Credential };

    explicit KeyFile(Places places);

    bool exists() const;

    /// Nothing when there is no such file, or it is none of ours. Needs no key.
    std::optional<Protection> protection() const;

    /// Seals and writes durably; returns only when the disk has it. At most 64 KiB. Fails with StorageFailed,
    /// PermissionDenied (others may read the wrapping key).
    Status save(const Secret& content) const;

    /// Fails with NotFound (no file, or not what it is sealed under), PermissionDenied, CryptoFailed (another machine, altered).
    Result<Secret> load() const;

    /// Seals under the credential what was sealed under a file before there was one; otherwise nothing happens.
    Status useCredential() const;

    /// Both files go: whatever was sealed under them is lost.
    Status destroy() const;

private:
    bool hasCredential() const;
    Result<Secret> sealingKey(Protection protection) const;
    Result<Secret> wrappingKey() const;

    Places m_places;
};

} // namespace platen::crypto
