// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>
#include <crypto/KeyFile.h>

#include <QString>

namespace platen::agent {

/// The folder that holds everything of one agent, and what lies where in it.
struct DataFolder {
    QString path;

    /// /var/lib/platen-agent for root, else platen-agent in the user's folder for application data (XDG).
    static QString defaultPath();

    /// The folder, made (mode 0700) when it is not there; absolute. Root becomes the user whom it belongs to. Fails with
    /// StorageFailed, PermissionDenied.
    static Result<DataFolder> make(const QString& path);

    QString settings() const; ///< agent.json, written by people
    QString state() const; ///< state.db
    QString spool() const; ///< sealed envelopes
    QString sessionFile() const; ///< session, the count of sessions
    QString statusFile() const; ///< status.json, for `status` while the agent runs

    /// The sealed file of keys in it, and what it is sealed under: the systemd credential platen-agent.key, else a file elsewhere:
    /// in /etc/platen-agent for the system's folder, in platen-agent of the user's configuration folder (XDG) for others.
    crypto::KeyFile keyFile() const;

    /// What that file is protected against, in words; empty when there is none.
    QString keyProtection() const;
};

} // namespace platen::agent
