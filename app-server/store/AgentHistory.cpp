// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "AgentHistory.h"

#include <storage/Query.h>

#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace platen::store {

namespace {

constexpr int eventsKept = 100;
constexpr int gapsShown = 1000;

} // namespace

AgentHistory::AgentHistory(storage::Database& database)
    : m_database(database)
{
}

QCoro::Task<Result<QList<AgentEvent>>> AgentHistory::events(QByteArray agentId)
{
    return m_database.read([agentId](QSqlDatabase db) -> Result<QList<AgentEvent>> {
        auto found = storage::query(db,
            u"SELECT kind, facts, at FROM agent_event WHERE agent_id = ? ORDER BY id DESC LIMIT ?"_s,
            {agentId, eventsKept});
        if (!found)
            return fail(found.error());
        QList<AgentEvent> events;
        while (found->next())
            events.append({agentId, found->value(0).toString(),
                QJsonDocument::fromJson(found->value(1).toString().toUtf8()).object(),
                fromMs(found->value(2).toLongLong())});
        return events;
    });
}

QCoro::Task<Result<QList<AgentGap>>> AgentHistory::gaps(QByteArray agentId)
{
    return m_database.read([agentId](QSqlDatabase db) -> Result<QList<AgentGap>> {
        auto found = storage::query(db,
            u"SELECT from_seq, to_seq, reason, at FROM gap WHERE agent_id = ? ORDER BY id DESC LIMIT ?"_s,
            {agentId, gapsShown});
        if (!found)
            return fail(found.error());
        QList<AgentGap> gaps;
        while (found->next())
            gaps.append({found->value(0).toULongLong(), found->value(1).toULongLong(), found->value(2).toString(),
                fromMs(found->value(3).toLongLong())});
        return gaps;
    });
}

Status AgentHistory::add(QSqlDatabase db, const AgentEvent& event)
{
    const auto added =
        storage::execute(db, u"INSERT INTO agent_event (agent_id, kind, facts, at) VALUES (?, ?, ?, ?)"_s,
            {event.agentId, event.kind,
                QString::fromUtf8(QJsonDocument(event.facts).toJson(QJsonDocument::Compact)), toMs(event.at)});
    if (!added)
        return fail(added.error());
    const auto forgotten = storage::execute(db,
        u"DELETE FROM agent_event WHERE agent_id = ? AND id <="
        " (SELECT id FROM agent_event WHERE agent_id = ? ORDER BY id DESC LIMIT 1 OFFSET ?)"_s,
        {event.agentId, event.agentId, eventsKept});
    if (!forgotten)
        return fail(forgotten.error());
    return {};
}

} // namespace platen::store
