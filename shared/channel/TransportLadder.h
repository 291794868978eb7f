// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Clock.h>

#include <QList>
#include <QString>

#include <array>
#include <optional>

namespace platen::channel {

/// What can carry messages, best first (PROTOCOL §3.2).
enum class TransportKind { WebSocket, Events, Poll };

/// Which transport to take, and why not a better one: down a step when one is of no use on this way, back to the top when none is,
/// and now and then a look at the better ones. Knows no network.
class TransportLadder {
public:
    struct Failure {
        TransportKind kind;
        QString why; ///< an English sentence
        Instant at{};
    };

    explicit TransportLadder(const Clock& clock, std::chrono::milliseconds riseEvery = std::chrono::minutes(30));

    TransportKind next() const { return m_next; } ///< to be tried, or kept

    /// Messages come through by it.
    void worked(TransportKind kind);

    /// The server was reached, but this was of no use. One that has worked before is given three tries.
    void failed(TransportKind kind, const QString& why);

    /// A better one than the one that works is to be looked for; after that, found() or missed() for each of better().
    bool isRiseDue() const;
    QList<TransportKind> better() const;
    void found(TransportKind kind);
    void missed(TransportKind kind, const QString& why);
    void putOff(std::chrono::milliseconds time); ///< it was no good moment

    std::optional<TransportKind> working() const { return m_working; } ///< last; nothing: none has yet
    Instant since() const { return m_since; } ///< when working() began to
    QList<Failure> failures() const; ///< of those better than working() or next(), best first; before anything works, of all that were tried

private:
    static constexpr std::size_t kinds = 3;
    struct Rung {
        std::optional<Failure> failure;
        int strikes = 0;
        bool hasWorked = false;
    };

    Rung& at(TransportKind kind) { return m_rungs[static_cast<std::size_t>(kind)]; }

    const Clock& m_clock;
    const std::chrono::milliseconds m_riseEvery;
    std::array<Rung, kinds> m_rungs;
    TransportKind m_next = TransportKind::WebSocket;
    std::optional<TransportKind> m_working;
    Instant m_since{};
    std::chrono::milliseconds m_lookAt{}; ///< monotonic: when better ones are due
};

} // namespace platen::channel
