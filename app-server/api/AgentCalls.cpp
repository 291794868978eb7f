// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "AgentCalls.h"

#include "Log.h"
#include "Notices.h"

using namespace Qt::StringLiterals;

namespace platen::api {

namespace {

QByteArray agentOf(const QJsonObject& parameters)
{
    return QByteArray::fromHex(parameters.value(u"id"_s).toString().toLatin1());
}

Field agentField() { return {u"id"_s, Schema::text(32, u"The agent, as agents.list names it"_s)}; }

} // namespace

AgentCalls::AgentCalls(Notices& notices, store::AgentStore& agents, ingest::Events& events)
    : m_notices(notices)
    , m_agents(agents)
    , m_events(events)
{
}

QCoro::Task<Answer> AgentCalls::list(Context, QJsonObject)
{
    const Result<QJsonObject> agents = co_await m_notices.agentList();
    if (!agents)
        co_return std::unexpected(agents.error());
    co_return *agents;
}

QCoro::Task<Answer> AgentCalls::expire(Context context, QJsonObject parameters)
{
    const QByteArray id = agentOf(parameters);
    const std::optional<Instant> at = instantFrom(parameters.value(u"at"_s));
    if (const Status done = co_await m_agents.setExpiry(id, at); !done)
        co_return std::unexpected(done.error());
    qCInfo(lcApi).noquote() << "user" << context.session.user.name << "set the expiry of agent" << id.toHex() << "to"
                            << (at ? toJson(*at).toString() : u"never"_s);
    emit m_events.agentChanged(id);
    co_return QJsonObject();
}

QCoro::Task<Answer> AgentCalls::deactivate(Context context, QJsonObject parameters)
{
    const QByteArray id = agentOf(parameters);
    if (const Status done = co_await m_agents.deactivate(id); !done)
        co_return std::unexpected(done.error());
    qCInfo(lcApi).noquote() << "user" << context.session.user.name << "deactivated agent" << id.toHex();
    emit m_events.agentChanged(id);
    co_return QJsonObject();
}

Schema AgentCalls::listResult() { return Schema::object({{u"agents"_s, Schema::list(agentRowSchema(), 10'000)}}); }

Schema AgentCalls::expireParameters()
{
    return Schema::object({agentField(),
        {u"at"_s, Schema::instant(u"From when on nothing of it is taken; null: never. A day later its key is destroyed"_s).orNull()}});
}

Schema AgentCalls::deactivateParameters() { return Schema::object({agentField()}); }

} // namespace platen::api
