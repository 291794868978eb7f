// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "DatagramSocket.h"
#include "Pacer.h"
#include "Probe.h"
#include "SweepBook.h"

#include <QElapsedTimer>
#include <QSocketNotifier>
#include <QTimer>

#include <coroutine>
#include <deque>

namespace platen::snmp {

/// A sweep under way: a socket for each address family, the books, and the clock that drives them. The order must be usable.
class SweepRun final : public QObject {
    Q_OBJECT

public:
    SweepRun(SweepOrder order, std::function<void(const SweepHit&)> found);

    /// Fails with NetworkFailed when a socket that is needed cannot be opened.
    Status open();

    // co_await it, once it is open: runs the sweep to its end.
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> waiting);
    Result<SweepOutcome> await_resume();

private:
    struct Lane {
        std::unique_ptr<DatagramSocket> socket;
        std::unique_ptr<QSocketNotifier> notifier;
        std::deque<SweepBook::Request> waiting; ///< of the socket's datagrams, in the same order
        std::optional<std::chrono::nanoseconds> congestedSince;
    };

    std::chrono::nanoseconds now() const { return m_clock.durationElapsed(); }
    SweepBook::Time bookTime() const { return std::chrono::duration_cast<SweepBook::Time>(now()); }
    Lane& laneOf(const SweepSpan& span) { return span.first.isIpv4() ? m_ipv4 : m_ipv6; }
    bool isCongested() const { return m_ipv4.congestedSince || m_ipv6.congestedSince; }

    void turn();
    bool write();
    void prepare(const SweepBook::Request& request);
    void flush(Lane& lane);
    void refuse(Lane& lane, int error);
    void readAll();
    void read(Lane& lane);
    void hear(const DatagramSocket::Incoming& datagram);
    VarBinds inOrder(const VarBinds& said) const;
    bool isOver();
    void sleep();
    void finish();

    SweepOrder m_order;
    std::function<void(const SweepHit&)> m_found;
    SweepBook m_book;
    Pacer m_pacer;
    std::vector<Probe> m_probes; ///< of the credentials
    Lane m_ipv4;
    Lane m_ipv6;
    QElapsedTimer m_clock;
    QTimer m_timer;
    SweepOutcome m_outcome;
    int m_refusal = 0; ///< errno of the first request that could not be sent
    QHostAddress m_refusedAddress;
    bool m_isStuck = false; ///< the system took nothing for so long that the sweep ends
    std::coroutine_handle<> m_waiting;
};

} // namespace platen::snmp
