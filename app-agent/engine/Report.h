// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Clock.h>
#include <base/Result.h>

#include <QJsonObject>
#include <QStringList>

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
    Instant transportSince{}; ///< since when messages go by it
    QStringList notBetter; ///< why no better transport is used, "WebSocket: …", a sentence each
    Instant startedAt{};
    Instant connectedAt{}; ///< when the state connected began last
    Instant searchedAt{};
    Instant readAt{}; ///< end of the last round
    Instant nextRoundAt{};
    QString problem; ///< why the last search or round failed; empty
    qint64 devices = 0;
    qint64 offlineDevices = 0;
    qint64 waitingEnvelopes = 0; ///< in the spool
    qint64 waitingBytes = 0; ///< of disk
    qint64 spoolLimitBytes = 0; ///< the most it may become
    Instant oldestWaitingAt{}; ///< when the first of them was made
    qint64 spooledSeq = 0;
    qint64 acknowledgedSeq = 0;
    qint64 refusedEnvelopes = 0; ///< that the spool could not take since the start
    qint64 lostEnvelopes = 0; ///< declared lost to the server since the start
    qint64 thinnedEnvelopes = 0; ///< of long outages, folded into one reading per device and day since the start
    qint64 quarantinedFiles = 0; ///< damaged ones that lie in spool/quarantine
    QString spoolProblem; ///< why readings or the state cannot be written now; empty
    qint64 freeBytes = -1; ///< of the data folder's disk, not in the file: whoever reads it looks; −1 not known
    QString keyProtection; ///< what the key file is protected against, in words; not in the file: whoever reads it looks
    bool isRunning = false; ///< not in the file: whoever reads it looks

    QJsonObject toJson() const;
    static Report fromJson(const QJsonObject& json);

    /// Replaces the file; needs no fsync, it is only of use while the agent runs.
    Status write(const QString& path) const;
    /// NotFound when the agent never ran.
    static Result<Report> read(const QString& path);

    /// For people: some lines, times in local time.
    QString toText() const;

private:
    QString spoolText() const;
};

} // namespace platen::agent
