// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "SealedEnvelope.h"

#include <crypto/KeySchedule.h>

namespace platen::channel {

/// Who the agent is to its server.
struct AgentIdentity {
    QByteArray agentId; ///< 16 bytes
    quint32 epoch = 1;
    crypto::AgentKeys keys;
};

/// The agent's keys and its count of sessions, durable. Around a change of keys (PROTOCOL.md §3.5) either side may have died at any
/// moment, so there may be several that the server knows: the agent greets with one after the other.
class Keyring {
public:
    virtual ~Keyring() = default;

    /// The one that seals.
    virtual const AgentIdentity& current() const = 0;

    /// Those to greet with, the likeliest first; at least current().
    virtual QList<AgentIdentity> candidates() const { return {current()}; }

    /// How many sessions the agent has counted.
    virtual quint64 session() const { return 0; }

    /// A session begins: counts it, and returns the count once that is durable; the old count when it cannot be written.
    virtual quint64 countSession() { return session(); }

    /// A key that the server will know, unless it forgets. `after`: not 0 for an agent that was put back to an older state: it goes
    /// on after this number of the server's. Durable when it returns. Fails with StorageFailed.
    virtual Status add(quint32 /*epoch*/, const Secret& /*root*/, quint64 /*after*/) { return {}; }

    /// Where an agent goes on that greets under the key of `epoch`: 0, or `after` of add().
    virtual quint64 resumesAfter(quint32 /*epoch*/) const { return 0; }

    /// The server has shown that it takes `epoch`, and no newer one: current() from now on. What is above `acknowledged` up to `last`
    /// may be sealed under another key of ours. Durable when it returns. Fails with StorageFailed.
    virtual Status settle(quint32 /*epoch*/, quint64 /*acknowledged*/, quint64 /*last*/) { return {}; }

    /// Opens what is sealed under any key of ours. Fails as openEnvelope does.
    virtual Result<OpenedEnvelope> open(QByteArrayView envelope) const
    {
        return openEnvelope(envelope, current().keys.a2s);
    }
    virtual bool isOnlyKey() const { return true; } ///< nothing of ours can be sealed under another
};

/// One key and no more: for an activation's first greeting, and for tests.
class SingleKey final : public Keyring {
public:
    explicit SingleKey(AgentIdentity identity)
        : m_identity(std::move(identity))
    {
    }

    const AgentIdentity& current() const override { return m_identity; }

private:
    AgentIdentity m_identity;
};

} // namespace platen::channel
