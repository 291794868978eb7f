// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Deactivation.h"

#include "KeyRing.h"

#include <base/File.h>
#include <channel/HttpPoster.h>
#include <channel/Leave.h>
#include <crypto/Crypto.h>

#include <QDir>

using namespace Qt::StringLiterals;

namespace platen::agent {

Deactivation::Deactivation(DataFolder folder, const Settings& settings, const Clock& clock)
    : m_folder(std::move(folder))
    , m_serverUrl(settings.serverUrl)
    , m_allowPlainHttp(settings.allowPlainHttp)
    , m_proxy(settings.wayOut())
    , m_clock(clock)
{
}

qsizetype Deactivation::unsent() const { return QDir(m_folder.spool()).entryList({u"*.ple"_s}, QDir::Files).size(); }

QCoro::Task<Result<Deactivation::Farewell>> Deactivation::tell(Enrolment enrolment)
{
    const QUrl server = m_serverUrl.isEmpty() ? enrolment.server : m_serverUrl;
    channel::HttpPoster poster(enrolment.trust(m_allowPlainHttp), {}, m_proxy);
    const KeyRing keys(enrolment, m_folder.keyFile(), m_folder.sessionFile());
    for (const channel::AgentIdentity& identity : keys.candidates()) { // the key may have been changed and nobody settled it
        const QByteArray leave = channel::sealLeave(identity, m_clock.now());
        const auto answer = co_await poster.post(endpoint(server, u"/a/v2/leave"_s), "application/octet-stream", leave);
        if (!answer)
            co_return fail(answer.error());
        if (answer->status == 403)
            continue;
        if (answer->status != 200)
            co_return fail(ErrorCode::NetworkFailed,
                u"%1 answered with HTTP status %2 instead of deactivating the agent"_s.arg(server.toString()).arg(answer->status));
        if (!crypto::equal(answer->body, channel::leaveProof(leave, identity.keys)))
            co_return fail(ErrorCode::CryptoFailed,
                u"what answers at %1 could not prove that it is the server: nothing was changed"_s.arg(server.toString()));
        co_return Farewell::Destroyed;
    }
    co_return Farewell::Unknown;
}

Status Deactivation::forget()
{
    if (const Status destroyed = m_folder.keyFile().destroy(); !destroyed)
        return destroyed;
    for (const QString& suffix : {QString(), u"-wal"_s, u"-shm"_s})
        if (const Status removed = removeDurably(m_folder.state() + suffix); !removed)
            return removed;
    for (const QString& file : {m_folder.statusFile(), m_folder.sessionFile()})
        if (const Status removed = removeDurably(file); !removed)
            return removed;
    if (!QDir(m_folder.spool()).removeRecursively())
        return fail(ErrorCode::StorageFailed, u"cannot remove %1: remove it by hand, nobody can read it any more"_s.arg(m_folder.spool()));
    return {};
}

} // namespace platen::agent
