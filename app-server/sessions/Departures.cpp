// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Departures.h"

#include "Log.h"

#include <channel/Leave.h>

using namespace Qt::StringLiterals;

namespace platen::sessions {

namespace {

constexpr int leavesPerMinute = 30; // of one address; each is a look into the database
constexpr std::chrono::minutes expiriesEvery{1};

http::Response nothing(int status) { return {status, "application/octet-stream", {}, {{"Cache-Control", "no-store"}}}; }

bool isRefusal(const Error& error) { return error.code == ErrorCode::NotFound || error.code == ErrorCode::PermissionDenied; }

} // namespace

Departures::Departures(store::AgentStore& agents, ingest::Events& events, const Clock& clock)
    : m_agents(agents)
    , m_events(events)
    , m_sources(clock, leavesPerMinute, std::chrono::minutes(1))
    , m_told(clock)
{
    connect(&m_expiries, &QTimer::timeout, this, &Departures::endExpired);
    m_expiries.start(expiriesEvery);
}

void Departures::attach(http::Edge& edge)
{
    edge.route("POST", "/a/v2/leave",
        [this](http::Request request, http::Reply reply) { leave(std::move(request)).then(std::move(reply)); });
}

QCoro::Task<http::Response> Departures::leave(http::Request request)
{
    if (!m_sources.allow(request.peer))
        co_return nothing(429);
    const auto header = channel::leaveHeader(request.body);
    if (!header)
        co_return nothing(400);
    const auto access = co_await m_agents.access(header->agentId);
    if (!access)
        co_return nothing(isRefusal(access.error()) ? 403 : 503);
    const auto keys = crypto::AgentKeys::derive(access->root, header->agentId);
    if (access->epoch != header->epoch || !channel::openLeave(request.body, keys)) {
        if (const auto silent = m_told.now(request.peer.toString()))
            qCWarning(lcSessions).noquote() << "a forged farewell from" << request.peer.toString() + andMore(*silent);
        co_return nothing(403);
    }
    if (const Status done = co_await m_agents.deactivate(header->agentId); !done)
        co_return nothing(503);
    qCInfo(lcSessions).noquote() << "agent" << header->agentId.toHex() << "was deactivated at its site";
    emit m_events.agentChanged(header->agentId);
    http::Response left = nothing(200);
    left.body = channel::leaveProof(request.body, keys);
    co_return left;
}

QCoro::Task<void> Departures::endExpired()
{
    const auto ended = co_await m_agents.endExpired();
    if (!ended)
        co_return; // told by the storage; again in a minute
    for (const QByteArray& id : *ended) {
        qCInfo(lcSessions).noquote() << "agent" << id.toHex() << "expired a day ago: its key is destroyed";
        emit m_events.agentChanged(id);
    }
}

} // namespace platen::sessions
