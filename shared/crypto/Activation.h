// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Pin.h"
#include "Rsa.h"

#include <base/Clock.h>
#include <base/Result.h>
#include <base/Secret.h>

#include <QByteArray>

#include <memory>

/// The computations of an activation (PROTOCOL.md §2), M1 to M4, both sides, without any I/O. What they keep between
/// two messages (RSA key, scalar, ISK) is in locked memory and wiped with the object, after its last step, after a failure, and refused
/// after 60 s.
namespace platen::crypto {

/// The fields of M1 that enter the computation.
struct ActivationStart {
    QString locator;
    QByteArray sid; ///< 16
    QByteArray ya; ///< 32
    QByteArray rsaPublic; ///< 422
    QByteArray info;
};

/// The fields of M2.
struct ActivationReply {
    QByteArray yb; ///< 32
    QByteArray serverId; ///< 16
    QByteArray spk; ///< 32
    qint64 serverTime = 0; ///< ms since 1970
};

/// How long either side keeps the secrets of a run.
inline constexpr std::chrono::seconds activationLife{60};

/// The agent's side; one run per PIN typed, never an automatic retry.
class AgentActivation {
public:
    /// `rsa` from generateRsa() on another thread; `clock` must outlive this.
    AgentActivation(const Pin& pin, RsaKey rsa, QByteArray info, const Clock& clock = Clock::system());
    AgentActivation(AgentActivation&&) noexcept;
    AgentActivation& operator=(AgentActivation&&) noexcept;
    ~AgentActivation();

    /// M1.
    const ActivationStart& start() const;

    /// Takes M2, gives Ta of M3. Fails with Malformed, CryptoFailed (a point that is none) or Expired.
    Result<QByteArray> confirm(const ActivationReply& reply);

    /// Takes M4's ct and Tb, gives K of epoch 1. Fails with NotAuthenticated (the server does not know the PIN, or
    /// somebody sits between), CryptoFailed or Expired. The caller then opens the box (channel::openActivationBox).
    Result<Secret> finish(const QByteArray& ct, const QByteArray& tb);

    void wipe();

private:
    struct Private;
    std::unique_ptr<Private> m;
};

/// The server's side of one run.
class ServerActivation {
public:
    /// Who the server is, as M2 says it.
    struct Self {
        QByteArray serverId; ///< 16
        QByteArray spk; ///< 32
        qint64 serverTime = 0; ///< ms since 1970
    };
    /// M4 without the box, and the agent's K, which the server seals and stores before it answers.
    struct Confirmed {
        QByteArray ct;
        QByteArray tb;
        Secret root;
    };

    /// Takes M1. For an unknown locator give the characters of Pin::generate(): the same work, the same answer. Fails
    /// with Malformed (sizes, not an RSA key of ours) or CryptoFailed (a point that is none).
    static Result<ServerActivation> begin(const Secret& pinCharacters, const ActivationStart& start, const Self& self,
        const Clock& clock = Clock::system());
    ServerActivation(ServerActivation&&) noexcept;
    ServerActivation& operator=(ServerActivation&&) noexcept;
    ~ServerActivation();

    /// M2.
    const ActivationReply& reply() const;

    /// Takes Ta of M3. Once: after it everything is wiped, so cache the M4 that you made of it. Fails with
    /// NotAuthenticated (count it against the PIN) or Expired.
    Result<Confirmed> confirm(const QByteArray& ta);

    void wipe();

private:
    struct Private;
    explicit ServerActivation(std::unique_ptr<Private> state);
    std::unique_ptr<Private> m;
};

/// The tags and their associated data; for the two classes above and the vectors.
namespace activation {
QByteArray channelIdentifier();
QByteArray agentData(const ActivationStart& start);
QByteArray serverData(const ActivationReply& reply);
QByteArray agentTag(const Secret& macKey, const ActivationStart& start);
QByteArray serverTag(const Secret& macKey, const ActivationReply& reply, QByteArrayView ct, QByteArrayView ta);
} // namespace activation

} // namespace platen::crypto
