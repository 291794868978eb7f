// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Seldom.h>
#include <http/Edge.h>
#include <legacy3des/Submission.h>
#include <server/ingest/Ingest.h>
#include <server/sessions/SourceLimit.h>
#include <server/store/AgentStore.h>

#include <QCoro/QCoroTask>

namespace platen::legacy {

/// Takes the obsolete file submission of 4.x: `POST /a/v1/submit` over HTTP or HTTPS, one file a request. Only in builds with
/// PLATEN_LEGACY_3DES, only when `platen-server run --legacy-3des` says so, only from agents that have never spoken the protocol of
/// today, and only 2^20 blocks for each key. What it takes goes the same way as any envelope: exactly once, acknowledged after it
/// is durable. Lives as long as the program.
class LegacySubmissions {
public:
    struct Services {
        storage::Database& database;
        store::AgentStore& agents;
        ingest::Ingest& ingest;
        const Clock& clock;
    };

    explicit LegacySubmissions(Services services);

    /// Declares the route. The Edge must go before this does.
    void attach(http::Edge& edge);

    /// 200 with an answer that proves itself, whatever it says; 400 malformed, 403 not welcome (unknown, forged, deactivated, has
    /// spoken the protocol of today, or its key is used up), 429 too many refusals for this address, 503 trouble of ours.
    QCoro::Task<http::Response> take(http::Request request);

private:
    enum class Account { Open, HasMovedOn, UsedUp };

    QCoro::Task<Result<Account>> charge(legacy3des::Head head, qint64 blocks);
    QCoro::Task<http::Response> store(legacy3des::Submission submission, QByteArray file, legacy3des::Keys keys, store::AgentAccess access);
    http::Response refuse(const QString& key, const QString& why);

    const Services m_services;
    sessions::SourceLimit m_sources; ///< of requests that prove nothing
    Seldom m_told;
};

} // namespace platen::legacy
