// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <memory>

namespace platen::agentsim {

/// What one agent says and understands, whatever carries it.
class Talker {
public:
    enum class Heard {
        Nothing,
        Greeted,      ///< send ready(), and the session is there
        Acknowledged, ///< the submission under way is stored
        Wrong,        ///< what a server must not say
    };

    virtual ~Talker() = default;
    virtual QByteArray hello() = 0; ///< of a new connection
    virtual QByteArray ready() = 0;
    virtual Heard hear(const QByteArray& message) = 0;

    /// One reading with ten values that changed; the same again until it is acknowledged.
    virtual QByteArray submission() = 0;
};

/// An activated agent of Platen: HELLO, READY and DATA of PROTOCOL.md §3. `key` is its agentId and K, 48 bytes.
std::unique_ptr<Talker> platenTalker(const QByteArray& key);

/// A client of the peer in tests/bench/parts/wsserver.mjs: a greeting of the same size, then JSON with the same ten values.
std::unique_ptr<Talker> jsonTalker(int number);

} // namespace platen::agentsim
