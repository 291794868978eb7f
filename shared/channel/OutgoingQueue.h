// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <optional>

namespace platen::channel {

/// One sealed envelope on its way out.
struct OutgoingEnvelope {
    quint64 seq = 0; ///< the server's hwm once it has taken it (a GAP: its last number)
    QByteArray bytes;
};

/// Where an AgentLink takes envelopes from: the agent's spool. Called on the link's thread, must not block for long.
class OutgoingQueue {
public:
    virtual ~OutgoingQueue() = default;

    /// The oldest envelope with a number above `seq`; nothing when there is none. Holes are the queue's to fill with GAPs.
    virtual std::optional<OutgoingEnvelope> nextAfter(quint64 seq) = 0;

    /// The number the next new envelope will get: what HELLO says.
    virtual quint64 nextSeq() const = 0;

    /// The highest number the server ever said it has: what HELLO says, so that a server that was put back notices.
    virtual quint64 acknowledgedSeq() const { return 0; }

    /// The numbers up to `seq` are those of another life of this agent, which the server has: go on above them. Again is free. What
    /// waits under them is put aside. Durable before anything new gets a number.
    virtual void resumeAfter(quint64 /*seq*/) { }

    /// The server has stored everything up to and including `hwm` durably; it may be forgotten.
    virtual void acknowledged(quint64 hwm) = 0;
};

} // namespace platen::channel
