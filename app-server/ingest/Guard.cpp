// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Guard.h"

#include <server/store/Receptions.h>
#include <storage/Query.h>

#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace platen::ingest {

using storage::execute;
using storage::query;

namespace {

qint64 stored(quint64 seq) { return static_cast<qint64>(seq); } // < 2^63 by the envelope's header

Status remember(QSqlDatabase db, const Arrival& arrival)
{
    const auto added = execute(db, u"INSERT INTO agent_envelope (agent_id, seq, sha256) VALUES (?, ?, ?)"_s,
        {arrival.agentId, stored(arrival.to), arrival.sha256});
    if (!added)
        return fail(added.error());
    if (arrival.to <= rememberedEnvelopes)
        return {};
    const auto forgotten = execute(db, u"DELETE FROM agent_envelope WHERE agent_id = ? AND seq <= ?"_s,
        {arrival.agentId, stored(arrival.to - rememberedEnvelopes)});
    if (!forgotten)
        return fail(forgotten.error());
    return {};
}

Result<bool> isRepetition(QSqlDatabase db, const Arrival& arrival, quint64 hwm)
{
    if (arrival.isGap)
        return true; // what it says is lost has come meanwhile: nothing to store, nothing to alarm
    if (arrival.to + rememberedEnvelopes <= hwm)
        return true; // no agent sends this after its HELLO said nextSeq > hwm: somebody replays, and shall not make a fork of it
    auto row = query(db, u"SELECT 1 FROM agent_envelope WHERE agent_id = ? AND seq = ? AND sha256 = ?"_s,
        {arrival.agentId, stored(arrival.to), arrival.sha256});
    if (!row)
        return fail(row.error());
    return row->next();
}

/// Why the UPDATE touched no row.
Result<Verdict> lookAgain(QSqlDatabase db, const Arrival& arrival, Instant now)
{
    auto row = query(db,
        u"SELECT hwm, fork_state FROM agent WHERE id = ? AND status = 'ACTIVE' AND epoch = ? AND (expires_at IS NULL OR expires_at > ?)"_s,
        {arrival.agentId, arrival.epoch, toMs(now)});
    if (!row)
        return fail(row.error());
    if (!row->next())
        return Verdict{};
    const quint64 hwm = row->value(0).toULongLong();
    const QString forkState = row->value(1).toString();
    row->finish();
    if (!forkState.isEmpty()) // in state REKEY it was told to change its key first, and has sent this before it heard of it
        return Verdict{forkState == u"REKEY" ? Verdict::Kind::Nak : Verdict::Kind::Fork, hwm};
    if (arrival.to > hwm)
        return Verdict{Verdict::Kind::Nak, hwm};

    const auto again = isRepetition(db, arrival, hwm);
    if (!again)
        return fail(again.error());
    if (*again)
        return Verdict{Verdict::Kind::Again, hwm};
    if (const Status noted = store::noteFork(
            db, arrival.agentId, {{u"hwm"_s, stored(hwm)}, {u"seq"_s, stored(arrival.to)}}, now);
        !noted)
        return fail(noted.error());
    return Verdict{Verdict::Kind::Fork, hwm, 0, true};
}

/// What a GAP may say is lost begins above this.
Result<quint64> hwmOf(QSqlDatabase db, const QByteArray& agentId)
{
    auto row = query(db, u"SELECT hwm FROM agent WHERE id = ?"_s, {agentId});
    if (!row)
        return fail(row.error());
    return row->next() ? row->value(0).toULongLong() : 0;
}

} // namespace

Result<Verdict> passGuard(QSqlDatabase db, const Arrival& arrival, Instant now)
{
    if (arrival.from == 0 || arrival.to < arrival.from)
        return fail(ErrorCode::Malformed, u"an envelope without a number"_s);
    const auto before = arrival.isGap ? hwmOf(db, arrival.agentId) : Result<quint64>(arrival.from - 1);
    if (!before)
        return fail(before.error());
    const auto passed = execute(db,
        u"UPDATE agent SET hwm = ?, last_seen_at = ? WHERE id = ? AND status = 'ACTIVE' AND epoch = ?"
        " AND (expires_at IS NULL OR expires_at > ?) AND fork_state IS NULL AND hwm >= ? AND hwm < ?"_s,
        {stored(arrival.to), toMs(now), arrival.agentId, arrival.epoch, toMs(now), stored(arrival.from - 1),
            stored(arrival.to)});
    if (!passed)
        return fail(passed.error());
    if (*passed != 1)
        return lookAgain(db, arrival, now);
    if (const Status remembered = remember(db, arrival); !remembered)
        return fail(remembered.error());
    return Verdict{Verdict::Kind::Fresh, arrival.to, *before};
}

protocol::AckCode ackCodeOf(Verdict::Kind kind)
{
    switch (kind) {
    case Verdict::Kind::Fresh:
    case Verdict::Kind::Again:
        return protocol::AckCode::Ok;
    case Verdict::Kind::Nak:
        return protocol::AckCode::Nak;
    case Verdict::Kind::Refused:
        return protocol::AckCode::Refused;
    case Verdict::Kind::Fork:
        return protocol::AckCode::Fork;
    }
    return protocol::AckCode::Refused;
}

} // namespace platen::ingest
