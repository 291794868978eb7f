// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "SourceLimit.h"

#include <base/Seldom.h>
#include <http/Edge.h>
#include <server/ingest/Events.h>
#include <server/store/AgentStore.h>

#include <QCoro/QCoroTask>
#include <QTimer>

namespace platen::sessions {

/// How agents end: by themselves, with `POST /a/v2/leave` (channel/Leave.h), or a day after they expired. Lives as long as the
/// program.
class Departures : public QObject {
    Q_OBJECT

public:
    Departures(store::AgentStore& agents, ingest::Events& events, const Clock& clock);

    /// Declares the route. The Edge must go before this does.
    void attach(http::Edge& edge);

    /// 200 with the proof, 400 malformed, 403 no such agent or not its key, 429 too many from this address, 503 trouble of ours.
    QCoro::Task<http::Response> leave(http::Request request);

    /// Destroys the keys of those that expired a day ago; happens by itself once a minute.
    QCoro::Task<void> endExpired();

private:
    store::AgentStore& m_agents;
    ingest::Events& m_events;
    SourceLimit m_sources;
    Seldom m_told;
    QTimer m_expiries;
};

} // namespace platen::sessions
