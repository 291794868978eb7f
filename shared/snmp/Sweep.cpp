// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Sweep.h"

#include "DatagramSocket.h"
#include "Log.h"
#include "Pacer.h"
#include "Probe.h"
#include "SweepBook.h"

#include <QElapsedTimer>
#include <QNetworkInterface>
#include <QSocketNotifier>
#include <QTimer>

#include <coroutine>
#include <deque>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace platen::snmp {

namespace {

constexpr int batchesPerTurn = 16;      // then the event loop gets its turn
constexpr auto pauseOfCongestion = 5ms;
constexpr auto longestCongestion = 5s;  // then a datagram counts as not to be sent
constexpr auto longestSleep = 100ms;    // a stop is noticed within this time

/// A sweep under way: two sockets, the books, and the clock that drives both.
class SweepRun final : public QObject {
public:
    SweepRun(SweepOrder order, std::function<void(const SweepHit&)> found)
        : m_order(std::move(order)), m_found(std::move(found)), m_book(m_order), m_pacer(m_order.pace.packetsPerSecond)
    {
        for (const Credentials& credentials : std::as_const(m_order.credentials))
            m_probes.emplace_back(credentials, m_order.oids);
        m_clock.start();
        m_timer.setSingleShot(true);
        m_timer.setTimerType(Qt::PreciseTimer);
        connect(&m_timer, &QTimer::timeout, this, &SweepRun::turn);
    }

    /// Fails with NetworkFailed when a socket that is needed cannot be opened.
    Status open()
    {
        for (const SweepSpan& span : std::as_const(m_order.spans)) {
            Lane& lane = laneOf(span);
            if (lane.socket)
                continue;
            auto socket = DatagramSocket::open(span.first.isIpv4() ? DatagramSocket::Family::Ipv4 : DatagramSocket::Family::Ipv6);
            if (!socket)
                return fail(socket.error());
            lane.socket = *std::move(socket);
            lane.notifier = std::make_unique<QSocketNotifier>(lane.socket->descriptor(), QSocketNotifier::Read);
            connect(lane.notifier.get(), &QSocketNotifier::activated, this, [this, &lane] {
                read(lane);
                sleep();
            });
        }
        return {};
    }

    // co_await *this: runs the sweep to its end.
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> waiting)
    {
        m_waiting = waiting;
        m_timer.start(0ms);
    }
    Result<SweepOutcome> await_resume()
    {
        if (m_order.stop.stop_requested())
            return fail(ErrorCode::Cancelled, u"the search was stopped"_s);
        if (m_outcome.counters.sent == 0 && m_refusal != 0)
            return fail(ErrorCode::NetworkFailed, u"nothing could be sent to %1: %2"_s.arg(m_refusedAddress.toString(), qt_error_string(m_refusal)));
        return std::move(m_outcome);
    }

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

    void turn()
    {
        for (int batch = 0; batch < batchesPerTurn && write(); ++batch)
            read();
        read();
        sleep();
    }

    /// Sends what may go now, at most a batch; false when there was nothing or the system takes no more.
    bool write()
    {
        int allowed = m_pacer.allowance(now());
        bool hasNew = false;
        while (allowed-- > 0 && !m_ipv4.congestedSince && !m_ipv6.congestedSince) {
            if (isFull(m_ipv4) || isFull(m_ipv6))
                break;
            const std::optional<SweepBook::Request> request = m_book.next(bookTime());
            if (!request)
                break;
            prepare(*request);
            hasNew = true;
        }
        for (Lane* lane : {&m_ipv4, &m_ipv6}) {
            if (lane->socket && lane->socket->waiting() > 0)
                flush(*lane);
        }
        return hasNew && !m_ipv4.congestedSince && !m_ipv6.congestedSince;
    }

    static bool isFull(const Lane& lane) { return lane.socket && lane.socket->isFull(); }

    void prepare(const SweepBook::Request& request)
    {
        Lane& lane = laneOf(*request.span);
        const Probe& probe = m_probes[static_cast<size_t>(request.credentials)];
        probe.write(lane.socket->room(), request.id);
        lane.socket->add(probe.size(), request.address, request.span->port, interfaceOf(*request.span));
        lane.waiting.push_back(request);
        m_pacer.spend(1);
    }

    quint32 interfaceOf(const SweepSpan& span) const
    {
        return span.scope.isEmpty() ? 0 : static_cast<quint32>(QNetworkInterface::interfaceIndexFromName(span.scope));
    }

    void flush(Lane& lane)
    {
        while (lane.socket->waiting() > 0) {
            const DatagramSocket::Flushed flushed = lane.socket->flush();
            const SweepBook::Time time = bookTime();
            for (size_t i = 0; i < flushed.sent; ++i) {
                m_book.sent(lane.waiting.front(), time);
                lane.waiting.pop_front();
            }
            m_outcome.counters.sent += flushed.sent;
            if (flushed.sent > 0 || !flushed.congested)
                lane.congestedSince.reset();
            if (flushed.congested && !lane.congestedSince)
                lane.congestedSince = now();
            if (flushed.congested && now() - *lane.congestedSince < longestCongestion)
                return;
            if (flushed.congested || flushed.refused)
                giveUpFront(lane, flushed.congested + flushed.refused);
        }
    }

    void giveUpFront(Lane& lane, int error)
    {
        const SweepBook::Request request = lane.waiting.front();
        if (m_outcome.counters.unsent++ == 0) {
            m_refusal = error;
            m_refusedAddress = request.span->address(request.address);
        }
        m_book.skipped(request);
        lane.waiting.pop_front();
        lane.socket->drop();
    }

    void read()
    {
        read(m_ipv4);
        read(m_ipv6);
    }

    void read(Lane& lane)
    {
        if (!lane.socket)
            return;
        size_t received = 0;
        for (int batch = 0; batch < batchesPerTurn; ++batch) {
            received = lane.socket->receive([this](const DatagramSocket::Incoming& datagram) { hear(datagram); });
            if (received < DatagramSocket::batch)
                break;
        }
        lane.socket->complaints([this](IpNumber to, quint16 port) {
            if (const std::optional<QHostAddress> address = m_book.closed(to, port))
                m_outcome.closed.append(*address);
        });
    }

    void hear(const DatagramSocket::Incoming& datagram)
    {
        SweepCounters& counters = m_outcome.counters;
        std::optional<ProbeAnswer> answer = parsedAnswer(datagram.bytes);
        if (!answer) {
            ++counters.malformed;
            return;
        }
        const SweepBook::Judgement judgement = m_book.heard(datagram.from, datagram.port, answer->id, answer->version, answer->isRefusal);
        using Verdict = SweepBook::Verdict;
        counters.foreign += judgement.verdict == Verdict::Foreign;
        counters.duplicate += judgement.verdict == Verdict::Duplicate;
        counters.refused += judgement.verdict == Verdict::Refusal;
        counters.late += judgement.verdict == Verdict::LateHit;
        if (judgement.verdict != Verdict::Hit && judgement.verdict != Verdict::LateHit)
            return;
        ++counters.answered;
        m_outcome.hits.append({judgement.span->address(datagram.from), datagram.port, judgement.credentials, inOrder(answer->varBinds),
                               std::move(answer->engine)});
        if (m_found)
            m_found(m_outcome.hits.last());
    }

    /// One for each object asked; nothing when the device told nothing.
    VarBinds inOrder(const VarBinds& said) const
    {
        VarBinds ordered;
        for (const Oid& oid : said.isEmpty() ? QList<Oid>() : m_order.oids) {
            const auto varBind = std::ranges::find(said, oid, &VarBind::oid);
            ordered.append({oid, varBind != said.cend() ? varBind->value : Value{Value::Type::NoSuchInstance, 0, {}, {}}});
        }
        return ordered;
    }

    /// Until there is something to do, or the end.
    void sleep()
    {
        const SweepBook::Time time = bookTime();
        if (m_order.stop.stop_requested() || (m_book.isOver(time) && m_ipv4.waiting.empty() && m_ipv6.waiting.empty())) {
            finish();
            return;
        }
        SweepBook::Time pause = pauseOfCongestion;
        if (!m_ipv4.congestedSince && !m_ipv6.congestedSince)
            pause = m_book.hasNext(time) ? m_pacer.pause() : std::clamp(m_book.wakeAt() - time, SweepBook::Time(0), SweepBook::Time(longestSleep));
        m_timer.start(pause);
    }

    void finish()
    {
        m_timer.stop();
        for (const Lane* lane : {&m_ipv4, &m_ipv6}) {
            if (lane->notifier)
                lane->notifier->setEnabled(false);
        }
        if (m_waiting)
            QMetaObject::invokeMethod(this, [waiting = std::exchange(m_waiting, {})] { waiting.resume(); }, Qt::QueuedConnection);
    }

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
    std::coroutine_handle<> m_waiting;
};

Status checked(const SweepOrder& order)
{
    constexpr qsizetype mostBytes = 255;
    if (order.oids.isEmpty() || order.oids.size() > 16)
        return fail(ErrorCode::InvalidInput, u"a sweep asks for 1 to 16 objects, not %1"_s.arg(order.oids.size()));
    for (const Credentials& credentials : order.credentials) {
        if (credentials.community.size() > mostBytes)
            return fail(ErrorCode::InvalidInput, u"a community is longer than %1 bytes; no device takes that"_s.arg(mostBytes));
    }
    if (addressCount(order.spans) > AddressRange::largest)
        return fail(ErrorCode::InvalidInput, u"%1 addresses are more than the %2 of one sweep"_s.arg(addressCount(order.spans)).arg(AddressRange::largest));
    const auto isUsable = [&](const SweepSpan& span) {
        return span.port != 0 && !span.credentials.isEmpty() && std::ranges::all_of(span.credentials, [&](int index) {
            return index >= 0 && index < order.credentials.size();
        });
    };
    if (!std::ranges::all_of(order.spans, isUsable))
        return fail(ErrorCode::InvalidInput, u"a range to sweep has no port or no credentials"_s);
    return {};
}

} // namespace

QCoro::Task<Result<SweepOutcome>> sweep(SweepOrder order, std::function<void(const SweepHit&)> found)
{
    if (const Status usable = checked(order); !usable)
        co_return fail(usable.error());
    SweepRun run(std::move(order), std::move(found));
    if (const Status opened = run.open(); !opened)
        co_return fail(opened.error());
    co_return co_await run;
}

} // namespace platen::snmp
