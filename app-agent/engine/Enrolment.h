// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Clock.h>
#include <base/Result.h>
#include <base/Secret.h>
#include <channel/AgentLink.h>
#include <channel/TlsTrust.h>

#include <QUrl>

#include <optional>

namespace platen::agent {

/// A key beside the one that counts (PROTOCOL.md §3.5).
struct OtherKey {
    quint32 epoch = 0;
    Secret root; ///< K, 32 bytes
    quint64 after = 0; ///< of a key to come: the agent goes on after this number; 0: where it is
    quint64 upTo = 0; ///< of a former key: the last number that may be sealed under it
    bool greets = false; ///< of a former key: a server that was put back may know no newer one

    bool operator==(const OtherKey&) const = default;
};

/// What an activation left behind: whose agent this is and the keys it shares with its server. Kept in the sealed key file only.
struct Enrolment {
    QByteArray agentId; ///< 16 bytes
    quint32 epoch = 1;
    Secret root; ///< K, 32 bytes
    QByteArray serverId; ///< 16 bytes
    QByteArray spk; ///< 32 bytes: the key that signs the server's commands
    QByteArray
        tlsPin; ///< 32 bytes: SHA-256 of the server's TLS key; empty: its certificate is from a public authority, or plain HTTP
    QUrl server; ///< as given to activate
    std::optional<Instant> expiresAt;
    QString name; ///< what the site calls this agent; may be empty
    quint64 after = 0; ///< not 0: the agent was put back, and went on after this number
    std::optional<OtherKey> next = {}; ///< the server gave it, and has not shown that it counts
    QList<OtherKey> former = {}; ///< the newest first
    Secret logins = {}; ///< loginSalt() of the first key; empty: this is the first

    /// For KeyFile.
    Secret encode() const;
    static Result<Enrolment> decode(const Secret& bytes);

    channel::AgentIdentity identity() const;

    /// How its server is judged.
    channel::TlsTrust trust(bool allowPlainHttp) const;

    /// What the keys of logins are made under (Logins): in the sealed key file only, as the root is.
    Secret loginSalt() const;

    bool operator==(const Enrolment&) const = default;
};

/// "/a/v2/activate" at the server's address, which may have a path of its own; `socket`: as ws or wss.
QUrl endpoint(const QUrl& server, const QString& path, bool socket = false);

} // namespace platen::agent
