// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <crypto/SealedField.h>
#include <http/Certificate.h>
#include <server/store/Endings.h>
#include <server/store/Installation.h>
#include <storage/Database.h>

#include <memory>

namespace platen::cli {

/// Everything a server owns on disk: kek, platen.sqlite, endings, tls.crt, tls.key, lock. Several processes may have it open at once.
class DataFolder {
public:
    /// What a server made there. Makes nothing: NotFound when no server has ever run on this folder. Root becomes the user whom
    /// it belongs to. Every failure is one sentence that names the file.
    static QCoro::Task<Result<std::shared_ptr<DataFolder>>> open(QString path);

    /// Also makes the folder (0700), the key-encryption key and the database when they are not there: for `run` alone, so that a
    /// mistyped folder never becomes a second server.
    static QCoro::Task<Result<std::shared_ptr<DataFolder>>> openOrCreate(QString path);

    const QString& path() const { return m_path; }
    const crypto::KeyEncryptionKey& kek() const { return m_kek; }
    storage::Database& database() const { return *m_database; }
    std::shared_ptr<const store::Endings> endings() const { return m_endings; }
    const store::Installation& installation() const { return *m_installation; }

    /// tls.crt and tls.key, made by ourselves at the first start. Fails with CertificateRefused (broken, expired, not a pair, or
    /// only one of them there), StorageFailed.
    QCoro::Task<Result<http::CertificatePair>> certificate();

private:
    DataFolder(QString path, crypto::KeyEncryptionKey kek);
    static QCoro::Task<Result<std::shared_ptr<DataFolder>>> load(QString path, bool isNew);
    QCoro::Task<Status> chooseKek();
    QCoro::Task<Status> endAgain();
    Result<http::CertificatePair> makeCertificate() const;

    QString m_path;
    crypto::KeyEncryptionKey m_kek;
    std::shared_ptr<const store::Endings> m_endings;
    std::unique_ptr<storage::Database> m_database;
    std::optional<store::Installation> m_installation;
};

/// One fact in table meta, such as where agents find the server: "url".
QCoro::Task<Status> noteFact(storage::Database& database, QString name, QString value);
QCoro::Task<Result<QString>> fact(storage::Database& database, QString name); ///< empty when there is none

} // namespace platen::cli
