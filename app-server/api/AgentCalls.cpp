// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "AgentCalls.h"

#include "Notices.h"

using namespace Qt::StringLiterals;

namespace platen::api {

AgentCalls::AgentCalls(Notices& notices)
    : m_notices(notices)
{
}

QCoro::Task<Answer> AgentCalls::list(Context, QJsonObject)
{
    const Result<QJsonObject> agents = co_await m_notices.agentList();
    if (!agents)
        co_return std::unexpected(agents.error());
    co_return *agents;
}

Schema AgentCalls::listResult() { return Schema::object({{u"agents"_s, Schema::list(agentRowSchema(), 10'000)}}); }

} // namespace platen::api
