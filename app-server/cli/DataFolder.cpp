// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "DataFolder.h"

#include "KekFile.h"
#include "CertificateFiles.h"
#include "Log.h"

#include <base/File.h>
#include <base/Owner.h>
#include <server/store/KekRotation.h>
#include <storage/Query.h>

#include <QDir>
#include <QFileInfo>
#include <QHostAddress>
#include <QNetworkInterface>
#include <QSysInfo>

using namespace Qt::StringLiterals;

namespace platen::cli {

namespace {

/// Names by which the server may be called: for people who look at the certificate; agents and consoles pin its key.
QStringList certificateNames()
{
    QStringList names{u"localhost"_s};
    for (const QHostAddress& address : QNetworkInterface::allAddresses()) {
        if (address.scopeId().isEmpty() && names.size() < 20)
            names.append(address.toString());
    }
    return names;
}

QString databaseOf(const QString& folder) { return folder + u"/platen.sqlite"_s; }

Status checkInstalled(const QString& path)
{
    const QFileInfo folder(path);
    if (folder.isDir() && !(folder.isReadable() && folder.isExecutable()))
        return fail(ErrorCode::PermissionDenied,
            u"The folder %1 cannot be read: run the command as root or as the user the server runs as."_s.arg(path));
    if (!QFile::exists(databaseOf(path)))
        return fail(ErrorCode::NotFound,
            u"There is no Platen server in %1: check --data, or make one there first with 'platen-server run --data %1'."_s
                .arg(path));
    return {};
}

} // namespace

DataFolder::DataFolder(QString path, crypto::KeyEncryptionKey kek)
    : m_path(std::move(path))
    , m_kek(std::move(kek))
    , m_endings(std::make_shared<store::Endings>(m_path + u"/endings"_s))
{
}

QCoro::Task<Result<std::shared_ptr<DataFolder>>> DataFolder::open(QString path)
{
    path = QDir(path).absolutePath();
    if (const Status owner = becomeOwnerOf(path); !owner)
        co_return fail(owner.error());
    if (const Status there = checkInstalled(path); !there)
        co_return fail(there.error());
    co_return co_await load(path, false);
}

QCoro::Task<Result<std::shared_ptr<DataFolder>>> DataFolder::openOrCreate(QString path)
{
    path = QDir(path).absolutePath();
    if (const Status made = makePrivateFolder(path); !made)
        co_return fail(made.error());
    auto folder = co_await load(path, !QFile::exists(databaseOf(path)));
    if (!folder)
        co_return folder;
    if (const Status ended = co_await (*folder)->endAgain(); !ended)
        co_return fail(ended.error());
    co_return folder;
}

/// The server starts: what a database from a backup brought back is ended again.
QCoro::Task<Status> DataFolder::endAgain()
{
    const auto revived =
        co_await m_database->write([endings = m_endings](QSqlDatabase db) { return endings->endAgain(db); });
    if (!revived)
        co_return fail(revived.error());
    if (revived->pins + revived->agents > 0)
        qCWarning(lcServer) << "the database is older than its folder: ended again" << revived->pins << "used PINs and"
                            << revived->agents << "deactivated agents";
    co_return Status();
}

QCoro::Task<Result<std::shared_ptr<DataFolder>>> DataFolder::load(QString path, bool isNew)
{
    auto kek = KekFile::of(path).load(isNew);
    if (!kek)
        co_return fail(kek.error());

    const std::shared_ptr<DataFolder> folder(new DataFolder(path, *std::move(kek)));
    folder->m_database = std::make_unique<storage::Database>(storage::Database::Settings{.name = databaseOf(path)});
    if (const Status opened = co_await folder->m_database->open(); !opened)
        co_return fail(opened.error());
    if (const Status migrated = co_await store::migrate(*folder->m_database); !migrated)
        co_return fail(migrated.error());
    if (const Status chosen = co_await folder->chooseKek(); !chosen)
        co_return fail(chosen.error());
    auto installation = co_await store::Installation::loadOrCreate(*folder->m_database, folder->m_kek);
    if (!installation)
        co_return fail(installation.error());
    folder->m_installation = *std::move(installation);
    co_return folder;
}

/// A change of the key that was cut short is ended when the database has it already.
QCoro::Task<Status> DataFolder::chooseKek()
{
    const KekFile file = KekFile::of(m_path);
    const auto next = file.next();
    if (!next)
        co_return fail(next.error());
    const auto id = co_await m_database->read([](QSqlDatabase db) { return store::kekIdOf(db); });
    if (!id)
        co_return fail(id.error());
    if (id->isEmpty() || *id == m_kek.id())
        co_return Status();
    if (!*next || (*next)->id() != *id)
        co_return fail(ErrorCode::CryptoFailed,
            u"The key-encryption key %1 is not the one that this database belongs to: put that back (it was changed by 'platen-server kek rotate')."_s
                .arg(file.path()));
    m_kek = **next;
    co_return file.replace();
}

Result<http::CertificatePair> DataFolder::makeCertificate() const
{
    QStringList names = certificateNames();
    auto pair = http::selfSigned(QStringList{QSysInfo::machineHostName()} + names);
    if (!pair)
        pair = http::selfSigned(names); // a host name that is none in DNS
    if (!pair)
        return pair;
    if (const Status written = writeDurably(m_path + u"/tls.crt"_s, pair->certificatePem); !written)
        return fail(written.error());
    if (const Status written = writeDurably(m_path + u"/tls.key"_s, pair->keyPem.reveal()); !written)
        return fail(written.error());
    qCInfo(lcServer).noquote() << "made a certificate:" << m_path + u"/tls.crt"_s;
    return pair;
}

QCoro::Task<Result<http::CertificatePair>> DataFolder::certificate()
{
    const QString certificatePath = m_path + u"/tls.crt"_s;
    const QString keyPath = m_path + u"/tls.key"_s;
    const bool hasCertificate = QFile::exists(certificatePath);
    const bool hasKey = QFile::exists(keyPath);
    if (!hasKey) {
        // A certificate without its key: a first start that was cut short, unless agents have pinned that key already.
        auto agents = co_await m_database->read([](QSqlDatabase db) {
            return storage::query(db, u"SELECT 1 FROM agent LIMIT 1"_s).transform([](QSqlQuery rows) {
                return rows.next();
            });
        });
        if (!agents)
            co_return fail(agents.error());
        if (!hasCertificate || !*agents)
            co_return makeCertificate();
        co_return fail(ErrorCode::CertificateRefused,
            u"The key %1 of the certificate is missing: put it back, agents trust no other."_s.arg(keyPath));
    }
    co_return CertificatePaths{certificatePath, keyPath}.load();
}

QCoro::Task<Status> noteFact(storage::Database& database, QString name, QString value)
{
    return database.write([name, value](QSqlDatabase db) -> Status {
        const auto done = storage::execute(db,
            u"INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"_s,
            {name, value});
        if (!done)
            return fail(done.error());
        return {};
    });
}

QCoro::Task<Result<QString>> fact(storage::Database& database, QString name)
{
    return database.read([name](QSqlDatabase db) -> Result<QString> {
        auto row = storage::query(db, u"SELECT value FROM meta WHERE name = ?"_s, {name});
        if (!row)
            return fail(row.error());
        return row->next() ? row->value(0).toString() : QString();
    });
}

} // namespace platen::cli
