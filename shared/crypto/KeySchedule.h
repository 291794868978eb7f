// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Secret.h>

#include <QByteArray>

/// Which key comes from which (PROTOCOL.md §2).
namespace platen::crypto {

/// K: HKDF(ikm ISK‖r, salt sid, info "PLT2 root"‖u32(epoch)). 32 bytes.
Secret rootKey(const Secret& isk, const Secret& r, const QByteArray& sid, quint32 epoch);

/// K' of the next epoch (§3.5): HKDF(ikm K‖r', salt SHA-256(lv(request)‖lv(reply)), info "PLT2 root"‖u32(epoch)). 32 bytes.
/// `request` and `reply` are the bodies of the two REKEY messages, as encode() gives them.
Secret rekeyedRoot(
    const Secret& root, const Secret& r, const QByteArray& request, const QByteArray& reply, quint32 epoch);

/// K of one agent and its children, 32 bytes each.
struct AgentKeys {
    QByteArray agentId; ///< 16 bytes
    Secret root; ///< K
    Secret a2s; ///< seals what the agent sends
    Secret ack; ///< seals HELLO_ACK and the box of M4
    Secret heartbeat; ///< DNS heartbeat; the only one Central may see

    static AgentKeys derive(const Secret& root, const QByteArray& agentId);

    /// Seals what the server sends in one session, after READY.
    Secret s2a(const QByteArray& nonceA, const QByteArray& nonceS) const;

    Secret legacyKey() const; ///< 16 bytes: the shared key of the 4.x data format (§3.4)
    Secret legacyMacKey() const; ///< 32 bytes: its HMAC
};

} // namespace platen::crypto
