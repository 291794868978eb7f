// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Clock.h>
#include <base/Result.h>

#include <QJsonObject>
#include <QString>

namespace platen::agent {

/// How an agent is doing: what `platen-agent status` shows. The running agent writes it to status.json in its data folder; nothing in it is
/// secret. Instants of 0 mean never.
struct Report {
    QString agentId; ///< hexadecimal
    QString name;
    QString version;
    QString server; ///< its address
    QString connection; ///< "connected", "connecting", "waiting", "refused", "stopped"
    QString reason; ///< why it is not connected; empty when all is well
    QString transport; ///< "WebSocket"; empty before the first connection
    Instant startedAt{};
    Instant connectedAt{}; ///< when the state connected began last
    Instant searchedAt{};
    Instant readAt{}; ///< end of the last round
    Instant nextRoundAt{};
    QString problem; ///< why the last search or round failed; empty
    qint64 devices = 0;
    qint64 offlineDevices = 0;
    qint64 waitingEnvelopes = 0; ///< in the spool
    qint64 waitingBytes = 0;
    qint64 spooledSeq = 0;
    qint64 acknowledgedSeq = 0;
    qint64 refusedEnvelopes = 0; ///< that the spool could not take since the start
    bool isRunning = false; ///< not in the file: whoever reads it looks

    QJsonObject toJson() const;
    static Report fromJson(const QJsonObject& json);

    /// Replaces the file; needs no fsync, it is only of use while the agent runs.
    Status write(const QString& path) const;
    /// NotFound when the agent never ran.
    static Result<Report> read(const QString& path);

    /// For people: some lines, times in local time.
    QString toText() const;
};

} // namespace platen::agent
