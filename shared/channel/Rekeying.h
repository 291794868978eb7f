// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>
#include <base/Secret.h>
#include <crypto/Rsa.h>
#include <protocol/Messages.h>

/// The computations of a change of keys (PROTOCOL.md §3.5), both sides, without any I/O.
namespace platen::channel {

/// The agent's side; its RSA key goes with it.
class AgentRekey {
public:
    /// `rsa` from generateRsa() on another thread; `hwm` as the server said last.
    AgentRekey(crypto::RsaKey rsa, quint64 hwm);

    const protocol::Rekey& request() const { return m_request; }

    /// K of `nextEpoch`, from K of the one before. Fails with CryptoFailed.
    Result<Secret> finish(const protocol::RekeyReply& reply, const Secret& root, quint32 nextEpoch) const;

private:
    crypto::RsaKey m_rsa;
    protocol::Rekey m_request;
};

/// The server's answer, and what it makes.
struct AnsweredRekey {
    protocol::RekeyReply reply;
    Secret root; ///< K of the next epoch
};

/// Fails with Malformed when there is no RSA key of ours in it.
Result<AnsweredRekey> answerRekey(const protocol::Rekey& request, const Secret& root, quint32 nextEpoch);

} // namespace platen::channel
