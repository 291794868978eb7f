// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Call.h"

#include <server/ingest/Events.h>
#include <server/store/AgentStore.h>

namespace platen::api {

class Notices;

/// agents.list, agents.expire, agents.deactivate.
class AgentCalls {
public:
    AgentCalls(Notices& notices, store::AgentStore& agents, ingest::Events& events);

    QCoro::Task<Answer> list(Context context, QJsonObject parameters);
    QCoro::Task<Answer> expire(Context context, QJsonObject parameters);
    QCoro::Task<Answer> deactivate(Context context, QJsonObject parameters);

    static Schema listResult();
    static Schema expireParameters();
    static Schema deactivateParameters();

private:
    Notices& m_notices;
    store::AgentStore& m_agents;
    ingest::Events& m_events;
};

} // namespace platen::api
