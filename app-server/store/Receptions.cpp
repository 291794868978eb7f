// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Receptions.h"

#include "AgentHistory.h"
#include "Installation.h"

#include <crypto/Crypto.h>
#include <storage/Query.h>

#include <QSet>

using namespace Qt::StringLiterals;

namespace platen::store {

using storage::execute;
using storage::query;

namespace {

constexpr qsizetype mostFullWanted = 1000;
constexpr qsizetype mostDue = 50;

/// What of an agent's row decides how it is received.
struct Row {
    quint32 epoch = 0;
    quint64 hwm = 0;
    quint64 session = 0;
    QString forkState;
    QByteArray nextRootKey; ///< sealed
    bool isRekeyDue = false;
    bool isKeyUnused = false; ///< nothing came under the key that counts since it replaced another
};

Status done(const Result<int>& touched)
{
    if (!touched)
        return fail(touched.error());
    return {};
}

const QString isDue = u"(rekey_asked <> 0 OR fork_state = 'REKEY' OR COALESCE(keyed_at, created_at) <= ?"
                      " OR hwm - keyed_hwm >= ?)"_s;
QVariantList dueValues(Instant now) { return {toMs(now - keyLife::time), keyLife::envelopes}; }

Result<std::optional<Row>> welcomeRow(QSqlDatabase db, const QByteArray& id, Instant now)
{
    auto row = query(db,
        u"SELECT epoch, hwm, session, fork_state, next_root_key, epoch > 1 AND hwm = keyed_hwm, "_s + isDue
            + u" FROM agent WHERE id = ? AND status = 'ACTIVE' AND root_key IS NOT NULL AND (expires_at IS NULL OR expires_at > ?)"_s,
        dueValues(now) + QVariantList{id, toMs(now)});
    if (!row)
        return fail(row.error());
    if (!row->next())
        return std::nullopt;
    return Row{row->value(0).toUInt(), row->value(1).toULongLong(), row->value(2).toULongLong(),
        row->value(3).toString(), row->value(4).toByteArray(), row->value(6).toBool(), row->value(5).toBool()};
}

Result<QList<quint64>> fullWanted(QSqlDatabase db, const QByteArray& id)
{
    auto rows =
        query(db, u"SELECT local_id FROM full_wanted WHERE agent_id = ? LIMIT ?"_s, {id, mostFullWanted});
    if (!rows)
        return fail(rows.error());
    QList<quint64> ids;
    while (rows->next())
        ids.append(rows->value(0).toULongLong());
    return ids;
}

/// The agent proved that it has K of the next epoch: from now on no other counts.
Result<bool> promote(QSqlDatabase db, const crypto::KeyEncryptionKey& kek, const Greeting& greeting, const Row& row,
    Instant now)
{
    const auto next = kek.open(row.nextRootKey, "agent", "next_root_key", greeting.agentId);
    if (!next)
        return fail(next.error());
    if (!crypto::equal(*next, greeting.root.reveal())) // it was asked for again meanwhile
        return false;
    const auto changed = execute(db,
        u"UPDATE agent SET epoch = ?, root_key = ?, next_root_key = NULL, fork_state = NULL, rekey_asked = 0, keyed_at = ?,"
        " keyed_hwm = hwm WHERE id = ?"_s,
        {greeting.epoch, kek.seal(*next, "agent", "root_key", greeting.agentId), toMs(now), greeting.agentId});
    if (!changed)
        return fail(changed.error());
    if (const Status told = AgentHistory::add(
            db, {greeting.agentId, AgentEvent::rekeyed, {{u"epoch"_s, qint64(greeting.epoch)}}, now});
        !told)
        return fail(told.error());
    return true;
}

QJsonObject factsOf(const Greeting& greeting, const Row& row)
{
    return {{u"hwm"_s, qint64(row.hwm)}, {u"nextSeq"_s, qint64(greeting.nextSeq)},
        {u"acknowledged"_s, qint64(greeting.acknowledged)}, {u"session"_s, qint64(greeting.session)},
        {u"knownSession"_s, qint64(row.session)}};
}

/// Who would send again what is stored, or has seen fewer sessions than took place, is not the one that was here last.
bool isCopy(const Greeting& greeting)
{
    return greeting.nextSeq <= greeting.hwmThen || greeting.session < greeting.sessionThen;
}

/// Under the key that counts: a copy, or somebody who goes on.
Result<Reception> receiveKnown(QSqlDatabase db, const Greeting& greeting, const Row& row, Instant now)
{
    Reception reception{Reception::Kind::Welcome, row.hwm, false, row.isKeyUnused, row.isRekeyDue, false, {}};
    if (row.forkState.isEmpty() && isCopy(greeting)) {
        if (const Status noted = noteFork(db, greeting.agentId, factsOf(greeting, row), now); !noted)
            return fail(noted.error());
        reception.kind = Reception::Kind::Forked;
        reception.isNews = true;
    } else if (row.forkState == u"FORKED") {
        reception.kind = Reception::Kind::Forked;
    } else if (row.session != greeting.sessionThen) {
        reception.kind = Reception::Kind::Late;
    }
    if (!row.nextRootKey.isEmpty()) { // it has given that one up
        if (const Status forgotten = done(
                execute(db, u"UPDATE agent SET next_root_key = NULL WHERE id = ?"_s, {greeting.agentId}));
            !forgotten)
            return fail(forgotten.error());
    }
    return reception;
}

Status noteRestored(QSqlDatabase db, const Greeting& greeting, quint64 hwm, Instant now)
{
    return AgentHistory::add(db,
        {greeting.agentId, AgentEvent::serverRestored,
            {{u"hwm"_s, qint64(hwm)}, {u"acknowledged"_s, qint64(greeting.acknowledged)}}, now});
}

Result<Reception> receiveInside(
    QSqlDatabase db, const crypto::KeyEncryptionKey& kek, const Greeting& greeting, Instant now)
{
    const auto row = welcomeRow(db, greeting.agentId, now);
    if (!row)
        return fail(row.error());
    if (!*row)
        return Reception{};
    Result<Reception> reception;
    if (greeting.epoch == (*row)->epoch) {
        reception = receiveKnown(db, greeting, **row, now);
    } else if (greeting.epoch == (*row)->epoch + 1 && !(*row)->nextRootKey.isEmpty()) {
        const auto promoted = promote(db, kek, greeting, **row, now);
        if (!promoted)
            return fail(promoted.error());
        if (!*promoted)
            return Reception{};
        reception = Reception{Reception::Kind::Welcome, (*row)->hwm, true, true, false, false, {}};
    } else {
        return Reception{};
    }
    if (!reception || reception->kind != Reception::Kind::Welcome)
        return reception;

    if (const Status counted = done(
            execute(db, u"UPDATE agent SET session = ? WHERE id = ?"_s, {qint64(greeting.counted), greeting.agentId}));
        !counted)
        return fail(counted.error());
    reception->wasRestored = greeting.acknowledged > reception->hwm;
    if (reception->wasRestored)
        if (const Status noted = noteRestored(db, greeting, reception->hwm, now); !noted)
            return fail(noted.error());
    auto full = fullWanted(db, greeting.agentId);
    if (!full)
        return fail(full.error());
    reception->full = *std::move(full);
    return reception;
}

} // namespace

Receptions::Receptions(storage::Database& database, crypto::KeyEncryptionKey kek, const Clock& clock)
    : m_database(database)
    , m_kek(std::move(kek))
    , m_clock(clock)
{
}

QCoro::Task<Result<KnownAgent>> Receptions::look(QByteArray agentId)
{
    return m_database.read([kek = m_kek, agentId](QSqlDatabase db) -> Result<KnownAgent> {
        auto row = query(db, u"SELECT hwm, session, next_root_key FROM agent WHERE id = ?"_s, {agentId});
        if (!row)
            return fail(row.error());
        if (!row->next())
            return fail(ErrorCode::NotFound, u"There is no agent %1."_s.arg(QString::fromLatin1(agentId.toHex())));
        KnownAgent known{row->value(0).toULongLong(), row->value(1).toULongLong(), {}};
        const QByteArray sealed = row->value(2).toByteArray();
        if (sealed.isEmpty())
            return known;
        auto root = kek.open(sealed, "agent", "next_root_key", agentId);
        if (!root)
            return fail(root.error());
        known.nextRoot = Secret(*std::move(root));
        return known;
    });
}

QCoro::Task<Result<Reception>> Receptions::receive(Greeting greeting)
{
    return m_database.write([kek = m_kek, greeting, wall = m_clock.now()](QSqlDatabase db) -> Result<Reception> {
        const auto now = timeReached(db, wall);
        if (!now)
            return fail(now.error());
        return receiveInside(db, kek, greeting, *now);
    });
}

QCoro::Task<Result<bool>> Receptions::propose(QByteArray agentId, quint32 epoch, quint64 hwm, Secret root)
{
    return m_database.write(
        [kek = m_kek, agentId, epoch, hwm, root, wall = m_clock.now()](QSqlDatabase db) -> Result<bool> {
            const auto now = timeReached(db, wall);
            if (!now)
                return fail(now.error());
            const auto kept = execute(db,
                u"UPDATE agent SET next_root_key = ? WHERE id = ? AND status = 'ACTIVE' AND epoch = ? AND hwm = ?"
                " AND (expires_at IS NULL OR expires_at > ?) AND (fork_state IS NULL OR fork_state = 'REKEY')"_s,
                {kek.seal(root.reveal(), "agent", "next_root_key", agentId), agentId, epoch, qint64(hwm), toMs(*now)});
            if (!kept)
                return fail(kept.error());
            return *kept == 1;
        });
}

QCoro::Task<Status> Receptions::askRekey(QByteArray agentId)
{
    return m_database.write([agentId](QSqlDatabase db) -> Status {
        const auto asked = execute(db,
            u"UPDATE agent SET rekey_asked = 1, fork_state = CASE WHEN fork_state IS NULL THEN NULL ELSE 'REKEY' END"
            " WHERE id = ? AND status = 'ACTIVE' AND root_key IS NOT NULL"_s,
            {agentId});
        if (!asked)
            return fail(asked.error());
        if (*asked == 1)
            return {};
        const QString name = QString::fromLatin1(agentId.toHex());
        auto row = query(db, u"SELECT 1 FROM agent WHERE id = ?"_s, {agentId});
        if (row && row->next())
            return fail(ErrorCode::PermissionDenied,
                u"The agent %1 has no key that could be changed: activate it with a new PIN."_s.arg(name));
        return fail(ErrorCode::NotFound, u"There is no agent %1."_s.arg(name));
    });
}

QCoro::Task<Result<QList<QByteArray>>> Receptions::dueAmong(QList<QByteArray> agentIds)
{
    return m_database.read([asked = QSet<QByteArray>(agentIds.begin(), agentIds.end()), now = m_clock.now()](
                               QSqlDatabase db) -> Result<QList<QByteArray>> {
        auto rows = query(db, u"SELECT id FROM agent WHERE status = 'ACTIVE' AND "_s + isDue, dueValues(now));
        if (!rows)
            return fail(rows.error());
        QList<QByteArray> due;
        while (rows->next() && due.size() < mostDue)
            if (const QByteArray id = rows->value(0).toByteArray(); asked.contains(id))
                due.append(id);
        return due;
    });
}

Status noteFork(QSqlDatabase db, const QByteArray& agentId, const QJsonObject& facts, Instant now)
{
    const auto noted = execute(db,
        u"UPDATE agent SET fork_state = 'FORKED', forks = forks + 1, forked_at = ? WHERE id = ? AND fork_state IS NULL"_s,
        {toMs(now), agentId});
    if (!noted)
        return fail(noted.error());
    return *noted == 1 ? AgentHistory::add(db, {agentId, AgentEvent::fork, facts, now}) : Status();
}

QString forkAdvice()
{
    return u"it was copied, or its folder put back to an older state, and nothing is taken from any copy now. If it was put back:"
           " platen-server agent rekey lets it go on. If it was copied: remove the copy, activate that one with a PIN of its own, then"
           " agent rekey. If nobody knows of a copy: agent deactivate, and activate it anew."_s;
}

} // namespace platen::store
