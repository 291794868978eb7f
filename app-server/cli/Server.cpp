// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Server.h"

#include "Log.h"

#include <base/File.h>
#include <base/Owner.h>
#include <crypto/Crypto.h>
#include <http/Edge.h>
#include <server/access/Sessions.h>
#include <server/api/Api.h>
#include <server/ingest/Ingest.h>
#include <server/sessions/Activations.h>
#include <server/sessions/AgentSessions.h>
#include <server/sessions/Departures.h>
#include <server/store/AgentStore.h>
#include <server/store/PinStore.h>
#include <storage/FolderLock.h>
#ifdef PLATEN_LEGACY_3DES
#include <server/legacy/LegacySubmissions.h>
#endif

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace platen::cli {

/// In the order they are made; they go in the reverse one, the door first.
struct Server::Parts {
    Parts(storage::FolderLock held, std::shared_ptr<DataFolder> data, const QByteArray& tlsSpki, const Clock& clock)
        : lock(std::move(held))
        , folder(std::move(data))
        , pins(folder->database(), folder->kek(), clock, folder->endings())
        , agents(folder->database(), folder->kek(), clock, folder->endings())
        , ingest(folder->database(), events, clock)
        , receptions(folder->database(), folder->kek(), clock)
        , agentSessions({agents, receptions, ingest, clock}, events)
        , activations(pins, folder->installation(), {tlsSpki}, clock)
        , departures(agents, events, clock)
        , consoleSessions(folder->database(), clock)
        , api({folder->database(), consoleSessions, events, agentSessions.presence(), agents, pins, clock},
              {QString::fromLatin1(folder->installation().serverId.toHex()), QStringLiteral(PLATEN_VERSION)})
    {
        agentSessions.attach(edge);
        activations.attach(edge);
        departures.attach(edge);
        api.attach(edge);
    }

    storage::FolderLock lock;
    std::shared_ptr<DataFolder> folder;
    ingest::Events events;
    store::PinStore pins;
    store::AgentStore agents;
    ingest::Ingest ingest;
    store::Receptions receptions;
    sessions::AgentSessions agentSessions;
    sessions::Activations activations;
    sessions::Departures departures;
    access::Sessions consoleSessions;
    api::Api api;
#ifdef PLATEN_LEGACY_3DES
    std::optional<legacy::LegacySubmissions> legacySubmissions; ///< docs/legacy-3des.md; nothing unless it was asked for
#endif
    http::Edge edge;
};

namespace {

QString coloned(const QByteArray& hash) { return QString::fromLatin1(hash.toHex(':').toUpper()); }

} // namespace

Server::Server(Settings settings)
    : m_settings(std::move(settings))
{
}
Server::~Server() = default;

QCoro::Task<Status> Server::start()
{
    if (const Status owner = becomeOwnerOf(m_settings.data); !owner)
        co_return owner;
    if (const Status made = makePrivateFolder(m_settings.data); !made)
        co_return made;
    auto lock = storage::FolderLock::take(m_settings.data);
    if (!lock)
        co_return fail(lock.error());
    auto folder = co_await DataFolder::openOrCreate(m_settings.data);
    if (!folder)
        co_return fail(folder.error());
    const bool isGiven = !m_settings.certificate.certificate.isEmpty();
    auto pair = isGiven ? m_settings.certificate.load() : co_await (*folder)->certificate();
    if (!pair)
        co_return fail(pair.error());
    const auto spki = http::spkiSha256(pair->certificatePem);
    if (!spki)
        co_return fail(spki.error());

    m_parts = std::make_unique<Parts>(*std::move(lock), *folder, *spki, Clock::system());
#ifdef PLATEN_LEGACY_3DES
    if (m_settings.legacy3des) {
        m_parts->legacySubmissions.emplace(legacy::LegacySubmissions::Services{
            (*folder)->database(), m_parts->agents, m_parts->ingest, Clock::system()});
        m_parts->legacySubmissions->attach(m_parts->edge);
    }
#endif
    const Status listening = co_await listen(*pair);
    if (listening)
        watchCertificate(*std::move(pair));
    else
        m_parts.reset();
    co_return listening;
}

QCoro::Task<Status> Server::listen(http::CertificatePair pair)
{
    const auto fingerprint = http::fingerprintSha256(pair.certificatePem);
    if (!fingerprint)
        co_return fail(fingerprint.error());
    QStringList urls;
    quint16 encryptedPort = 0;
    for (const bool encrypted : {true, false}) {
        for (Endpoint endpoint : encrypted ? m_settings.encrypted : m_settings.plain) {
            http::Edge::Settings settings = edgeSettings(endpoint, encrypted, m_settings.forceHttps ? encryptedPort : quint16(0));
            if (encrypted) {
                settings.certificatePem = pair.certificatePem;
                settings.keyPem = pair.keyPem;
            }
            if (const Status listening = m_parts->edge.listen(settings); !listening)
                co_return listening;
            endpoint.port = m_parts->edge.port();
            if (encrypted && encryptedPort == 0)
                encryptedPort = endpoint.port;
            urls.append(endpoint.url(encrypted));
            m_readyLines.append(encrypted
                    ? u"listening on %1, certificate SHA-256 %2"_s.arg(urls.last(), coloned(*fingerprint))
                    : u"listening on %1, not encrypted%2"_s.arg(
                          urls.last(), m_settings.forceHttps ? u": everything is sent on to https"_s : QString()));
        }
    }
    if (const Status noted = co_await noteFact(m_parts->folder->database(), u"url"_s, urls.value(0)); !noted)
        co_return noted;
    co_return writeReadyFile(urls, coloned(*fingerprint));
}

http::Edge::Settings Server::edgeSettings(const Endpoint& endpoint, bool encrypted, quint16 redirectPort) const
{
    http::Edge::Settings settings;
    settings.address = endpoint.address;
    settings.port = endpoint.port;
    settings.redirectPort = encrypted ? quint16(0) : redirectPort;
    settings.limits.connections = m_settings.connections;
    settings.limits.connectionsPerAddress = m_settings.connectionsPerAddress;
    return settings;
}

/// Agents that activate from a renewal on pin the new key.
void Server::watchCertificate(http::CertificatePair pair)
{
    const QString folder = m_parts->folder->path();
    const bool isGiven = !m_settings.certificate.certificate.isEmpty();
    m_certificateFiles = std::make_unique<CertificateFiles>(
        isGiven ? m_settings.certificate : CertificatePaths{folder + u"/tls.crt"_s, folder + u"/tls.key"_s}, std::move(pair),
        [parts = m_parts.get()](const http::CertificatePair& renewed) -> Status {
            const auto spki = http::spkiSha256(renewed.certificatePem);
            if (!spki)
                return fail(spki.error());
            if (const Status taken = parts->edge.renewCertificate(renewed.certificatePem, renewed.keyPem); !taken)
                return taken;
            parts->activations.showTlsKey(*spki);
            return {};
        });
}

void Server::reload()
{
    if (m_certificateFiles && !m_isStopping)
        m_certificateFiles->reload();
}

Status Server::writeReadyFile(const QStringList& urls, const QString& fingerprint) const
{
    if (m_settings.readyFile.isEmpty())
        return {};
    const QJsonObject ready{{u"urls"_s, QJsonArray::fromStringList(urls)}, {u"certificateSha256"_s, fingerprint},
        {u"pid"_s, QCoreApplication::applicationPid()}};
    return writeDurably(m_settings.readyFile, QJsonDocument(ready).toJson(QJsonDocument::Compact) + '\n');
}

void Server::stop()
{
    if (std::exchange(m_isStopping, true))
        return;
    if (!m_parts) {
        emit stopped();
        return;
    }
    qCInfo(lcServer) << "stopping";
    m_certificateFiles.reset();
    if (!m_settings.readyFile.isEmpty())
        (void)removeDurably(m_settings.readyFile); // whoever waits for it looks at the process as well
    connect(&m_parts->edge, &http::Edge::stopped, this, &Server::stopped);
    connect(&m_parts->agentSessions, &sessions::AgentSessions::drained, &m_parts->edge, &http::Edge::stop);
    m_parts->agentSessions.drain();
}

} // namespace platen::cli
