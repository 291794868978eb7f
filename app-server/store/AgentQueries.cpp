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
            u"SELECT a.id, a.name, a.group_name, a.status, a.expires_at, a.last_seen_at, a.version, a.os, a.transport,"
            " (SELECT count(*) FROM device d WHERE d.agent_id = a.id), a.forks, a.fork_state = 'FORKED', a.forked_at,"
            " (SELECT COALESCE(sum(g.to_seq - g.from_seq + 1), 0) FROM gap g WHERE g.agent_id = a.id), a.epoch, a.transport_note FROM agent a ORDER BY lower(a.name), a.id LIMIT 10000"_s);
        if (!found)
            return fail(found.error());
        QList<AgentRow> rows;
        while (found->next())
            rows.append({found->value(0).toByteArray(), found->value(1).toString().left(128),
                found->value(2).toString().left(128), found->value(3).toString(), storage::instantOf(found->value(4)),
                storage::instantOf(found->value(5)), found->value(6).toString().left(64),
                found->value(7).toString().left(64), found->value(8).toString().left(32), found->value(9).toLongLong(),
                found->value(10).toLongLong(), found->value(11).toBool(), storage::instantOf(found->value(12)),
                found->value(13).toLongLong(), found->value(14).toLongLong(), found->value(15).toString().left(1024)});
        return rows;
    });
}

QCoro::Task<Result<AgentRow>> AgentQueries::find(QString idOrName)
{
    const auto rows = co_await list();
    if (!rows)
        co_return fail(rows.error());
    const QString wanted = idOrName.trimmed();
    const bool mayBeId = wanted.size() >= 8;
    QList<AgentRow> meant;
    for (const AgentRow& row : *rows) {
        const QString id = QString::fromLatin1(row.id.toHex());
        if (row.name.compare(wanted, Qt::CaseInsensitive) == 0 || (mayBeId && id.startsWith(wanted, Qt::CaseInsensitive)))
            meant.append(row);
    }
    if (meant.size() == 1)
        co_return meant.first();
    if (meant.isEmpty())
        co_return fail(ErrorCode::NotFound,
            u"There is no agent '%1': platen-server agent list shows those there are."_s.arg(wanted));
    QStringList ids;
    for (const AgentRow& row : std::as_const(meant))
        ids.append(QString::fromLatin1(row.id.toHex()));
    co_return fail(ErrorCode::Conflict,
        u"%1 agents are called '%2': give the id of one (%3)."_s.arg(meant.size()).arg(wanted, ids.join(u", "_s)));
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
