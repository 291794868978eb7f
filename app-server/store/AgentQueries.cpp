// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "AgentQueries.h"

#include <storage/Query.h>

using namespace Qt::StringLiterals;

namespace platen::store {

AgentQueries::AgentQueries(storage::Database& database)
    : m_database(database)
{
}

QCoro::Task<Result<QList<AgentRow>>> AgentQueries::list()
{
    return m_database.read([](QSqlDatabase db) -> Result<QList<AgentRow>> {
        auto found = storage::query(db,
            u"SELECT a.id, a.name, a.status, a.expires_at, a.last_seen_at, a.version, a.os, a.transport,"
            " (SELECT count(*) FROM device d WHERE d.agent_id = a.id) FROM agent a ORDER BY lower(a.name), a.id LIMIT 10000"_s);
        if (!found)
            return fail(found.error());
        QList<AgentRow> rows;
        while (found->next())
            rows.append({found->value(0).toByteArray(), found->value(1).toString().left(128),
                found->value(2).toString(), storage::instantOf(found->value(3)), storage::instantOf(found->value(4)),
                found->value(5).toString().left(64), found->value(6).toString().left(64),
                found->value(7).toString().left(32), found->value(8).toLongLong()});
        return rows;
    });
}

QCoro::Task<Result<QSet<QByteArray>>> AgentQueries::silentSince(Instant since)
{
    return m_database.read([since](QSqlDatabase db) -> Result<QSet<QByteArray>> {
        auto found = storage::query(db,
            u"SELECT id FROM agent WHERE status = 'ACTIVE' AND (last_seen_at IS NULL OR last_seen_at < ?)"_s,
            {toMs(since)});
        if (!found)
            return fail(found.error());
        QSet<QByteArray> silent;
        while (found->next())
            silent.insert(found->value(0).toByteArray());
        return silent;
    });
}

} // namespace platen::store
