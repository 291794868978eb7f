// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "State.h"

#include <storage/Migrator.h>
#include <storage/Query.h>

#include <QJsonDocument>

using namespace Qt::StringLiterals;

static void initResources() { Q_INIT_RESOURCE(agent_migrations); } // the macro wants to stand outside namespaces

namespace platen::agent {

namespace {

using storage::execute;
using storage::orNull;
using storage::query;

Status done(const Result<int>& touched)
{
    if (!touched)
        return fail(touched.error());
    return {};
}

/// A new state belongs to `agentId`, an old one must.
Status claim(QSqlDatabase db, const QByteArray& agentId)
{
    if (const auto made = execute(db,
            u"INSERT INTO progress (id, agent_id, spooled_seq, acknowledged_seq, discovered_at, meters_read_at) "
            "VALUES (1, ?, 0, 0, 0, 0) ON CONFLICT (id) DO NOTHING"_s,
            {agentId});
        !made)
        return fail(made.error());
    Result<QSqlQuery> row = query(db, u"SELECT agent_id FROM progress WHERE id = 1"_s);
    if (!row)
        return fail(row.error());
    if (!row->next() || row->value(0).toByteArray() != agentId)
        return fail(ErrorCode::Conflict,
            u"%1 belongs to another activation: move it and the folder spool away to begin anew"_s.arg(
                db.databaseName()));
    return {};
}

Result<State::Loaded> loaded(QSqlDatabase db)
{
    State::Loaded state;
    Result<QSqlQuery> progress =
        query(db, u"SELECT spooled_seq, acknowledged_seq, discovered_at, meters_read_at FROM progress WHERE id = 1"_s);
    if (!progress)
        return fail(progress.error());
    if (progress->next()) {
        state.spooledSeq = progress->value(0).toULongLong();
        state.acknowledgedSeq = progress->value(1).toULongLong();
        state.discoveredAt = fromMs(progress->value(2).toLongLong());
        state.metersReadAt = fromMs(progress->value(3).toLongLong());
    }
    Result<QSqlQuery> rows = query(db,
        u"SELECT id, address, port, login, is_v1, serial, mac, model, reading, full_at, seen_at, misses, wants_full, "
        "memory, supplement, is_ipp, ipp_path FROM device ORDER BY id"_s);
    if (!rows)
        return fail(rows.error());
    while (rows->next()) {
        KnownDevice device;
        device.id = rows->value(0).toUInt();
        device.place = {QHostAddress(rows->value(1).toString()), quint16(rows->value(2).toUInt()),
            rows->value(3).toByteArray(), rows->value(4).toBool(), rows->value(15).toBool(), rows->value(16).toString()};
        device.serial = rows->value(5).toString();
        device.mac = rows->value(6).toString();
        device.model = rows->value(7).toString();
        device.spooled = SpooledReading::fromBytes(rows->value(8).toByteArray());
        device.fullAt = fromMs(rows->value(9).toLongLong());
        device.seenAt = fromMs(rows->value(10).toLongLong());
        device.misses = rows->value(11).toInt();
        device.wantsFull = rows->value(12).toBool();
        device.memory = rows->value(13).toByteArray();
        device.supplement = rows->value(14).toByteArray();
        state.devices.append(device);
    }
    return state;
}

Status saveDevice(QSqlDatabase db, const KnownDevice& device)
{
    return done(execute(db,
        u"INSERT INTO device (id, address, port, login, is_v1, serial, mac, model, reading, full_at, seen_at, misses, "
        "wants_full, memory, supplement, is_ipp, ipp_path) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
        "address = excluded.address, port = excluded.port, login = excluded.login, is_v1 = excluded.is_v1, serial = "
        "excluded.serial, mac = excluded.mac, model = excluded.model, reading = excluded.reading, full_at = "
        "excluded.full_at, seen_at = excluded.seen_at, misses = excluded.misses, wants_full = excluded.wants_full, "
        "memory = excluded.memory, supplement = excluded.supplement, is_ipp = excluded.is_ipp, ipp_path = excluded.ipp_path"_s,
        {device.id, device.place.address.isNull() ? u""_s : device.place.address.toString(), int(device.place.port),
            orNull(device.place.login), device.place.isV1, orNull(device.serial), orNull(device.mac),
            orNull(device.model), orNull(device.spooled.toBytes()), toMs(device.fullAt), toMs(device.seenAt), device.misses,
            device.wantsFull, orNull(device.memory), orNull(device.supplement), device.place.isIpp,
            orNull(device.place.ippPath)}));
}

Status addLine(QSqlDatabase db, const JournalEntry& entry)
{
    return done(execute(db, u"INSERT INTO journal (seq, created_at, type, summary, size) VALUES (?, ?, ?, ?, ?)"_s,
        {qint64(entry.seq), toMs(entry.createdAt), int(entry.type),
            QString::fromUtf8(QJsonDocument(entry.summary).toJson(QJsonDocument::Compact)), entry.size}));
}

Status saveJournal(QSqlDatabase db, const JournalEntry& entry)
{
    if (const Status added = addLine(db, entry); !added)
        return added;
    return done(
        execute(db, u"UPDATE progress SET spooled_seq = MAX(spooled_seq, ?) WHERE id = 1"_s, {qint64(entry.seq)}));
}

Status saveAcknowledged(QSqlDatabase db, quint64 hwm, Instant at)
{
    const auto journal =
        execute(db, u"UPDATE journal SET acknowledged_at = ? WHERE seq <= ? AND acknowledged_at IS NULL"_s,
            {toMs(at), qint64(hwm)});
    if (!journal)
        return fail(journal.error());
    return done(
        execute(db, u"UPDATE progress SET acknowledged_seq = MAX(acknowledged_seq, ?) WHERE id = 1"_s, {qint64(hwm)}));
}

Status saveChange(QSqlDatabase db, const StateChange& change)
{
    for (const KnownDevice& device : change.devices)
        if (const Status saved = saveDevice(db, device); !saved)
            return saved;
    if (change.withdrawn)
        if (const auto removed = execute(db,
                u"DELETE FROM journal WHERE seq BETWEEN ? AND ? AND acknowledged_at IS NULL"_s,
                {qint64(change.withdrawn->first), qint64(change.withdrawn->second)});
            !removed)
            return fail(removed.error());
    if (change.journal)
        if (const Status saved = saveJournal(db, *change.journal); !saved)
            return saved;
    if (change.greeting)
        if (const Status saved = addLine(db, *change.greeting); !saved)
            return saved;
    if (change.acknowledged)
        if (const Status saved = saveAcknowledged(db, *change.acknowledged, change.at.value_or(Instant{})); !saved)
            return saved;
    if (change.discoveredAt)
        if (const auto saved =
                execute(db, u"UPDATE progress SET discovered_at = ? WHERE id = 1"_s, {toMs(*change.discoveredAt)});
            !saved)
            return fail(saved.error());
    if (change.metersReadAt)
        return done(
            execute(db, u"UPDATE progress SET meters_read_at = ? WHERE id = 1"_s, {toMs(*change.metersReadAt)}));
    return {};
}

Result<QList<JournalEntry>> journalLines(QSqlDatabase db, Instant since, int limit)
{
    Result<QSqlQuery> rows = query(db,
        u"SELECT seq, created_at, type, summary, size, acknowledged_at FROM journal WHERE created_at >= ? "
        "ORDER BY id LIMIT ?"_s,
        {toMs(since), limit});
    if (!rows)
        return fail(rows.error());
    QList<JournalEntry> lines;
    while (rows->next()) {
        JournalEntry entry{rows->value(0).toULongLong(), fromMs(rows->value(1).toLongLong()),
            protocol::EnvelopeType(rows->value(2).toInt()),
            QJsonDocument::fromJson(rows->value(3).toString().toUtf8()).object(), rows->value(4).toLongLong(),
            std::nullopt};
        if (!rows->isNull(5))
            entry.acknowledgedAt = fromMs(rows->value(5).toLongLong());
        lines.append(entry);
    }
    return lines;
}

} // namespace

State::State(const QString& path)
    : m_database({.name = path, .cacheKb = 1000}) // small, and read as a whole only when the agent starts
{
    initResources();
}

QCoro::Task<Status> State::open(QByteArray agentId)
{
    if (const Status opened = co_await m_database.open(); !opened)
        co_return opened;
    const Result<int> migrated =
        co_await m_database.run([](QSqlDatabase db) { return storage::migrate(db, u":/agent/migrations"_s); });
    if (!migrated)
        co_return fail(migrated.error());
    co_return co_await m_database.write([agentId](QSqlDatabase db) { return claim(db, agentId); });
}

QCoro::Task<Result<State::Loaded>> State::load()
{
    return m_database.read([](QSqlDatabase db) { return loaded(db); });
}

QCoro::Task<Status> State::save(QList<StateChange> changes)
{
    return m_database.write([changes = std::move(changes)](QSqlDatabase db) -> Status {
        for (const StateChange& change : changes)
            if (const Status saved = saveChange(db, change); !saved)
                return saved;
        return {};
    });
}

QCoro::Task<Result<QList<JournalEntry>>> State::journal(Instant since, int limit)
{
    return m_database.read([since, limit](QSqlDatabase db) { return journalLines(db, since, limit); });
}

QCoro::Task<Status> State::pruneJournal(Instant until)
{
    return m_database.write([until](QSqlDatabase db) {
        return done(
            execute(db, u"DELETE FROM journal WHERE created_at < ? AND acknowledged_at IS NOT NULL"_s, {toMs(until)}));
    });
}

} // namespace platen::agent
