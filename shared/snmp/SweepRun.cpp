// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "SweepRun.h"

#include "Log.h"

#include <QNetworkInterface>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace platen::snmp {

namespace {

constexpr int batchesPerTurn = 16; // then the event loop gets its turn
constexpr auto pauseOfCongestion = 5ms;
constexpr auto longestCongestion = 5s; // then the sweep ends
constexpr auto longestSleep = 100ms; // a stop is noticed within this time

} // namespace

SweepRun::SweepRun(SweepOrder order, std::function<void(const SweepHit&)> found)
    : m_order(std::move(order))
    , m_found(std::move(found))
    , m_book(m_order)
    , m_pacer(m_order.pace.packetsPerSecond)
{
    for (const Credentials& credentials : std::as_const(m_order.credentials))
        m_probes.emplace_back(credentials, m_order.oids, m_order.isNext);
    m_clock.start();
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, &SweepRun::turn);
}

Status SweepRun::open()
{
    for (const SweepSpan& span : std::as_const(m_order.spans)) {
        Lane& lane = laneOf(span);
        if (lane.socket)
            continue;
        auto socket =
            DatagramSocket::open(span.first.isIpv4() ? DatagramSocket::Family::Ipv4 : DatagramSocket::Family::Ipv6);
        if (!socket)
            return fail(socket.error());
        lane.socket = *std::move(socket);
        lane.notifier = std::make_unique<QSocketNotifier>(lane.socket->descriptor(), QSocketNotifier::Read);
        connect(lane.notifier.get(), &QSocketNotifier::activated, this, [this, &lane] {
            read(lane);
            if (isOver()) // the timer is left alone: a flood of datagrams must not put off the sending
                finish();
        });
    }
    return {};
}

void SweepRun::await_suspend(std::coroutine_handle<> waiting)
{
    m_waiting = waiting;
    m_timer.start(0ms);
}

Result<SweepOutcome> SweepRun::await_resume()
{
    if (m_order.stop.stop_requested())
        return fail(ErrorCode::Cancelled, u"the search was stopped"_s);
    const SweepCounters& counters = m_outcome.counters;
    if (counters.foreign + counters.malformed + counters.unsent > 0)
        qCInfo(log) << "in a sweep of" << addressCount(m_order.spans) << "addresses" << counters.foreign
                    << "answers were not to it," << counters.malformed << "were none, and" << counters.unsent
                    << "requests could not be sent";
    if (m_isStuck)
        return fail(ErrorCode::NetworkFailed,
            u"the search ended early, as the system sent nothing for 5 s: %1; try fewer packets a second"_s.arg(
                qt_error_string(m_refusal)));
    if (counters.sent == 0 && m_refusal != 0)
        return fail(ErrorCode::NetworkFailed,
            u"nothing could be sent to %1: %2"_s.arg(m_refusedAddress.toString(), qt_error_string(m_refusal)));
    return std::move(m_outcome);
}

void SweepRun::turn()
{
    for (int batch = 0; batch < batchesPerTurn && write(); ++batch)
        readAll();
    readAll();
    sleep();
}

void SweepRun::readAll()
{
    read(m_ipv4);
    read(m_ipv6);
}

/// Sends what may go now, at most a batch; false when there was nothing or the system takes no more.
bool SweepRun::write()
{
    const auto isFull = [](const Lane& lane) { return lane.socket && lane.socket->isFull(); };
    int allowed = m_pacer.allowance(now());
    bool hasNew = false;
    while (allowed-- > 0 && !isCongested() && !isFull(m_ipv4) && !isFull(m_ipv6)) {
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
    return hasNew && !isCongested();
}

void SweepRun::prepare(const SweepBook::Request& request)
{
    Lane& lane = laneOf(*request.span);
    const Probe& probe = m_probes[static_cast<size_t>(request.credentials)];
    const QString& scope = request.span->scope;
    const quint32 interface =
        scope.isEmpty() ? 0 : static_cast<quint32>(QNetworkInterface::interfaceIndexFromName(scope));
    probe.write(lane.socket->room(), request.id);
    lane.socket->add(probe.size(), request.address, request.span->port, interface);
    lane.waiting.push_back(request);
    m_pacer.spend(1);
}

void SweepRun::flush(Lane& lane)
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
        if (flushed.congested) {
            m_isStuck = now() - *lane.congestedSince >= longestCongestion;
            m_refusal = m_isStuck ? flushed.congested : m_refusal;
            return;
        }
        if (flushed.refused)
            refuse(lane, flushed.refused);
    }
}

/// The front one cannot be sent.
void SweepRun::refuse(Lane& lane, int error)
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

void SweepRun::read(Lane& lane)
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

void SweepRun::hear(const DatagramSocket::Incoming& datagram)
{
    SweepCounters& counters = m_outcome.counters;
    std::optional<ProbeAnswer> answer = parsedAnswer(datagram.bytes);
    if (!answer) {
        ++counters.malformed;
        return;
    }
    const SweepBook::Judgement judgement =
        m_book.heard(datagram.from, datagram.port, answer->id, answer->version, answer->isRefusal);
    using Verdict = SweepBook::Verdict;
    counters.foreign += judgement.verdict == Verdict::Foreign;
    counters.duplicate += judgement.verdict == Verdict::Duplicate;
    counters.refused += judgement.verdict == Verdict::Refusal;
    counters.late += judgement.verdict == Verdict::LateHit;
    if (judgement.verdict != Verdict::Hit && judgement.verdict != Verdict::LateHit)
        return;
    ++counters.answered;
    m_outcome.hits.append({judgement.span->address(datagram.from), datagram.port, judgement.credentials,
        inOrder(answer->varBinds), std::move(answer->engine)});
    if (m_found)
        m_found(m_outcome.hits.last());
}

/// One for each object asked; nothing when the device told nothing. Of what follows, what does follow.
VarBinds SweepRun::inOrder(const VarBinds& said) const
{
    if (m_order.isNext) {
        VarBinds next = said.first(std::min(said.size(), m_order.oids.size()));
        next.removeIf([this](const VarBind& one) { return std::ranges::none_of(m_order.oids, [&](const Oid& asked) { return asked < one.oid; }); });
        return next;
    }
    VarBinds ordered;
    for (const Oid& oid : said.isEmpty() ? QList<Oid>() : m_order.oids) {
        const auto varBind = std::ranges::find(said, oid, &VarBind::oid);
        ordered.append({oid, varBind != said.cend() ? varBind->value : Value{Value::Type::NoSuchInstance, 0, {}, {}}});
    }
    return ordered;
}

bool SweepRun::isOver()
{
    const bool isDone = m_book.isOver(bookTime()) && m_ipv4.waiting.empty() && m_ipv6.waiting.empty();
    return isDone || m_isStuck || m_order.stop.stop_requested();
}

/// Until there is something to do, or the end.
void SweepRun::sleep()
{
    if (isOver()) {
        finish();
        return;
    }
    const SweepBook::Time time = bookTime();
    SweepBook::Time pause = pauseOfCongestion;
    if (!isCongested())
        pause = m_book.hasNext(time)
            ? m_pacer.pause()
            : std::clamp(m_book.wakeAt() - time, SweepBook::Time(0), SweepBook::Time(longestSleep));
    m_timer.start(pause);
}

void SweepRun::finish()
{
    m_timer.stop();
    for (const Lane* lane : {&m_ipv4, &m_ipv6}) {
        if (lane->notifier)
            lane->notifier->setEnabled(false);
    }
    if (m_waiting)
        QMetaObject::invokeMethod(
            this, [waiting = std::exchange(m_waiting, {})] { waiting.resume(); }, Qt::QueuedConnection);
}

} // namespace platen::snmp
