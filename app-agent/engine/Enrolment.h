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

/// What an activation left behind: whose agent this is and the key it shares with its server. Kept in the sealed key file only.
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
