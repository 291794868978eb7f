// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Limits.h"

#include <QByteArray>
#include <QHash>
#include <QHostAddress>

#include <memory>
#include <mutex>

namespace platen::http {

/// Lets in no more connections than the limits allow, in all and per source address, and keeps the books of refusals. Shared
/// by the network's threads (the one place where they meet, hence the lock).
class Doorkeeper {
public:
    explicit Doorkeeper(const Limits& limits) : m_limits(limits) {}

    /// A connection's place; given back when it goes.
    class Place {
    public:
        Place(std::shared_ptr<Doorkeeper> keeper, QByteArray source) : m_keeper(std::move(keeper)), m_source(std::move(source)) {}
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;
        ~Place() { m_keeper->leave(m_source); }

    private:
        std::shared_ptr<Doorkeeper> m_keeper;
        QByteArray m_source;
    };

    /// A place for a peer, or nothing (counted) when there is none left.
    static std::unique_ptr<Place> enter(const std::shared_ptr<Doorkeeper>& keeper, const QHostAddress& peer);

    /// Counts a refusal; the first of its kind in ten minutes is logged.
    void refused(Refusal why, const QHostAddress& peer);

    Counters counters;
    std::atomic<qint64> inBytes = 0;       ///< handed to the application and not yet taken
    std::atomic<qint64> outBytes = 0;      ///< queued by the application and not yet taken by the system
    std::atomic<int> requestsWaiting = 0;  ///< for their Reply

private:
    void leave(const QByteArray& source);

    const Limits m_limits;
    std::mutex m_lock;
    QHash<QByteArray, int> m_perSource;
    std::array<std::atomic<qint64>, static_cast<size_t>(Refusal::Count_)> m_quietUntil{}; ///< monotonic ms
};

/// Who counts as one source: an IPv4 address, or an IPv6 /64, which one customer has to himself.
QByteArray sourceOf(const QHostAddress& peer);

/// A refusal in words: "a header line that is not one".
const char* describe(Refusal why);

} // namespace platen::http
