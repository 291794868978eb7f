// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Notices.h"

#include <server/access/Authorizer.h>

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace platen::api {

model::Permission permissionFor(Topic topic)
{
    switch (topic) {
    case Topic::Devices:
        return model::Permission::DeviceRead;
    case Topic::Agents:
        return model::Permission::AgentRead;
    }
    Q_UNREACHABLE_RETURN(model::Permission::DeviceRead);
}

Notices::Notices(access::Sessions& sessions, store::DeviceQueries& devices, store::AgentQueries& agents,
    const sessions::Presence& presence, const Clock& clock)
    : m_sessions(sessions)
    , m_devices(devices)
    , m_agents(agents)
    , m_presence(presence)
    , m_clock(clock)
{
}

QCoro::Task<Result<QJsonObject>> Notices::devices(QByteArray tokenHash, QList<qint64> ids)
{
    if (const Status allowed = co_await check(tokenHash, Topic::Devices); !allowed)
        co_return fail(allowed.error());
    const auto rows = co_await m_devices.rows(ids);
    if (!rows)
        co_return fail(rows.error());
    if (rows->size() < ids.size())
        co_return QJsonObject{{u"reload"_s, true}};
    QJsonArray array;
    for (const store::DeviceRow& row : *rows)
        array.append(toJson(row));
    co_return QJsonObject{{u"rows"_s, array}};
}

QCoro::Task<Result<QJsonObject>> Notices::reload(QByteArray tokenHash)
{
    if (const Status allowed = co_await check(tokenHash, Topic::Devices); !allowed)
        co_return fail(allowed.error());
    co_return QJsonObject{{u"reload"_s, true}};
}

QCoro::Task<Result<QJsonObject>> Notices::agents(QByteArray tokenHash)
{
    if (const Status allowed = co_await check(tokenHash, Topic::Agents); !allowed)
        co_return fail(allowed.error());
    co_return co_await agentList();
}

QCoro::Task<Result<QJsonObject>> Notices::agentList()
{
    const auto rows = co_await m_agents.list();
    if (!rows)
        co_return fail(rows.error());
    QJsonArray array;
    for (const store::AgentRow& row : *rows)
        array.append(toJson(row, m_clock.now(), m_presence.isConnected(row.id)));
    co_return QJsonObject{{u"agents"_s, array}};
}

QCoro::Task<Status> Notices::check(QByteArray tokenHash, Topic topic)
{
    const Result<access::Session> session = co_await m_sessions.look(tokenHash);
    if (!session)
        co_return fail(session.error());
    co_return access::Authorizer::check(*session, permissionFor(topic));
}

} // namespace platen::api
