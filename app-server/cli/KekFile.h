// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <crypto/SealedField.h>

#include <optional>

namespace platen::cli {

/// Where the key-encryption key of a data folder is: the file that PLATEN_KEK names, else the systemd credential platen-server.kek,
/// else the file kek in the folder. While it is changed the next one lies beside it, as FILE.next; which of the two a database
/// belongs to says the database (store::kekIdOf), so that a change may be killed at any moment.
class KekFile {
public:
    static KekFile of(const QString& dataFolder);

    const QString& path() const { return m_path; }

    /// Given by systemd: cannot be changed from here.
    bool isCredential() const { return m_isCredential; }

    /// Of a new installation it is made when there is none. Fails with NotFound, PermissionDenied (others may read it),
    /// InvalidInput, StorageFailed; the sentence names the file.
    Result<crypto::KeyEncryptionKey> load(bool isNew) const;

    /// The next one, when a change was begun.
    Result<std::optional<crypto::KeyEncryptionKey>> next() const;

    /// The same, made when there is none.
    Result<crypto::KeyEncryptionKey> makeNext() const;

    /// The next one takes the place of the old, which is gone then.
    Status replace() const;

private:
    KekFile(QString path, bool isCredential);

    QString m_path;
    bool m_isCredential = false;
};

} // namespace platen::cli
