// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "KnownDevices.h"

#include <protocol/Messages.h>
#include <storage/Database.h>

#include <QCoro/QCoroTask>
#include <QJsonObject>

#include <optional>

namespace platen::agent {

/// A line of the transparency journal: what left the site, in plain words.
struct JournalEntry {
    quint64 seq = 0;
    Instant createdAt{};
    protocol::EnvelopeType type = protocol::EnvelopeType::Data;
    QJsonObject summary;
    qint64 size = 0;
    std::optional<Instant> acknowledgedAt;

    bool operator==(const JournalEntry&) const = default;
};

/// Something that happened and must be remembered; what is not set stays as it is.
struct StateChange {
    QList<KnownDevice> devices; ///< whole rows
    std::optional<JournalEntry> journal; ///< its seq becomes the last spooled one
    std::optional<JournalEntry> greeting; ///< only a line in the journal: HELLO and READY have no number (seq 0)
    std::optional<std::pair<quint64, quint64>> withdrawn; ///< from, to: these did not leave as the journal has them
    std::optional<quint64> acknowledged;
    std::optional<Instant> at; ///< when it was acknowledged
    std::optional<Instant> discoveredAt;
    std::optional<Instant> metersReadAt;
};

/// The agent's memory: state.db in the data folder. Owns its database; must outlive its tasks.
class State {
public:
    explicit State(const QString& path);

    /// Opens and migrates; a new one belongs to the agent `agentId` from then on. Fails with Conflict when it belongs to another agent, or
    /// as the Migrator and the database do.
    QCoro::Task<Status> open(QByteArray agentId);

    struct Loaded {
        quint64 spooledSeq = 0;
        quint64 acknowledgedSeq = 0;
        Instant discoveredAt{};
        Instant metersReadAt{};
        QList<KnownDevice> devices;
    };
    QCoro::Task<Result<Loaded>> load();

    /// All of them, in order, in one transaction.
    QCoro::Task<Status> save(QList<StateChange> changes);

    /// The journal from `since` on, oldest first, at most `limit` lines.
    QCoro::Task<Result<QList<JournalEntry>>> journal(Instant since, int limit = 1000);

    /// Forgets journal lines from before `until`.
    QCoro::Task<Status> pruneJournal(Instant until);

private:
    storage::Database m_database;
};

} // namespace platen::agent
