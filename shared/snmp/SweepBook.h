// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Sweep.h"

#include <deque>
#include <vector>

namespace platen::snmp {

/// The books of a sweep: who is asked next and with what, and whose answer counts. Knows neither sockets nor clocks; time is
/// what has passed since the sweep began. About 12 bytes an address.
class SweepBook {
public:
    using Time = std::chrono::milliseconds;

    /// Spans in order and without overlaps, indices of credentials within the order's.
    explicit SweepBook(const SweepOrder& order);

    struct Request {
        quint32 number = 0; ///< of the address, counted through all spans
        IpNumber address;
        const SweepSpan* span = nullptr;
        int credentials = 0;
        quint32 id = 0; ///< nobody can guess it
    };
    /// The next request, when there is one for `now`. It must be followed by sent() or skipped().
    std::optional<Request> next(Time now);
    void sent(const Request& request, Time now);
    /// It cannot be sent, and will not be tried again.
    void skipped(const Request& request);

    enum class Verdict { Hit, LateHit, Refusal, Duplicate, Foreign };
    struct Judgement {
        Verdict verdict = Verdict::Foreign;
        const SweepSpan* span = nullptr; ///< of a hit
        int credentials = 0; ///< of a hit
    };
    /// An answer came from this address and port.
    Judgement heard(IpNumber from, quint16 port, quint32 id, Version version, bool isRefusal);

    /// The host of this address says that nobody listens at the port. The address when that is news; it is asked on all the
    /// same, as an SNMP agent may just be starting.
    std::optional<QHostAddress> closed(IpNumber from, quint16 port);

    /// Everybody has answered or been given up.
    bool isOver(Time now);
    /// Whether next() has something now.
    bool hasNext(Time now);
    /// When there is something to do again, if next() has nothing.
    Time wakeAt() const;

private:
    enum Flag : quint8 { UnderWay = 1, Answered = 2, GivenUp = 4, Closed = 8 };
    struct Waiting {
        quint32 number;
        quint32 until; ///< in milliseconds
    };

    void settle(Time now);
    void giveUp(quint32 number);
    const SweepSpan& spanOf(quint32 number) const;
    int triesOf(const SweepSpan& span) const;
    std::optional<quint32> numberOf(IpNumber address) const;

    SweepPace m_pace;
    QList<SweepSpan> m_spans;
    QList<Version> m_versions; ///< of the credentials
    std::vector<quint32> m_firsts; ///< the number of each span's first address
    std::vector<quint32> m_masks; ///< of the credentials: an address' id xor this is the id of the request
    std::vector<quint32> m_ids;
    std::vector<quint8> m_tries; ///< requests sent
    std::vector<quint8> m_flags;
    std::deque<Waiting> m_underWay; ///< in the order their time is over
    std::deque<quint32> m_silent; ///< to be asked again
    quint32 m_fresh = 0; ///< the first that has not been asked
    quint32 m_open = 0; ///< how many have neither answered nor been given up
};

} // namespace platen::snmp
