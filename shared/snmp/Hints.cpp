// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Hints.h"

#include "DatagramSocket.h"
#include "Pacer.h"

#include <QElapsedTimer>
#include <QNetworkInterface>
#include <QRandomGenerator>
#include <QSocketNotifier>
#include <QTimer>

#include <cerrno>
#include <coroutine>
#include <cstring>
#include <map>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace platen::snmp {

namespace {

constexpr size_t mostConnections = 200; // under way; a process has a thousand descriptors
constexpr size_t echoBytes = 8 + sizeof(quint64); // ICMP's head, and what tells that an answer is to us

/// A TCP connection under way to a port that must never hear a byte: there is no way to write to it.
class Knock {
public:
    Knock(const QHostAddress& address, quint16 port)
    {
        const bool isIpv4 = address.protocol() == QAbstractSocket::IPv4Protocol;
        m_descriptor = ::socket(isIpv4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (m_descriptor < 0)
            return;
        sockaddr_in ipv4 = {};
        ipv4.sin_family = AF_INET;
        ipv4.sin_port = htons(port);
        ipv4.sin_addr.s_addr = htonl(address.toIPv4Address());
        sockaddr_in6 ipv6 = {};
        const Q_IPV6ADDR bytes = address.toIPv6Address();
        ipv6.sin6_family = AF_INET6;
        ipv6.sin6_port = htons(port);
        ipv6.sin6_scope_id = static_cast<quint32>(QNetworkInterface::interfaceIndexFromName(address.scopeId()));
        std::memcpy(&ipv6.sin6_addr, &bytes, sizeof bytes);
        const auto* const to =
            isIpv4 ? reinterpret_cast<const sockaddr*>(&ipv4) : reinterpret_cast<const sockaddr*>(&ipv6);
        const int connected = ::connect(m_descriptor, to, isIpv4 ? sizeof ipv4 : sizeof ipv6);
        m_error = connected == 0 || errno == EINPROGRESS ? 0 : errno;
    }
    ~Knock()
    {
        if (m_descriptor >= 0)
            ::close(
                m_descriptor); // before anything could be sent: with an ordinary end, or a reset when it spoke first
    }
    Q_DISABLE_COPY_MOVE(Knock)

    int descriptor() const { return m_descriptor; }
    bool isUnderWay() const { return m_descriptor >= 0 && m_error == 0; }
    /// errno of an attempt that has ended; 0: it was accepted.
    int outcome() const
    {
        int error = m_error;
        socklen_t size = sizeof error;
        if (isUnderWay())
            getsockopt(m_descriptor, SOL_SOCKET, SO_ERROR, &error, &size);
        return error;
    }

private:
    int m_descriptor = -1;
    int m_error = 0;
};

/// A look for signs of life under way.
class HintRun final : public QObject {
public:
    explicit HintRun(HintOrder order)
        : m_order(std::move(order))
        , m_pacer(m_order.packetsPerSecond)
    {
        m_clock.start();
        m_timer.setSingleShot(true);
        connect(&m_timer, &QTimer::timeout, this, &HintRun::turn);
        for (EchoLane* lane : {&m_ipv4, &m_ipv6})
            open(*lane, lane == &m_ipv4 ? DatagramSocket::Family::Ipv4 : DatagramSocket::Family::Ipv6);
        if (!m_order.spans.isEmpty())
            m_next = m_order.spans.first().first;
    }

    // co_await *this: runs to the end.
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> waiting)
    {
        m_waiting = waiting;
        m_timer.start(0ms);
    }
    Result<QList<Hint>> await_resume() const
    {
        if (m_order.stop.stop_requested())
            return fail(ErrorCode::Cancelled, u"the search for signs of life was stopped"_s);
        QList<Hint> hints;
        for (const auto& [number, hint] : m_hints)
            hints.append(hint);
        return hints;
    }

private:
    struct EchoLane {
        std::unique_ptr<DatagramSocket> socket; ///< null: not permitted, so no such hint
        std::unique_ptr<QSocketNotifier> notifier;
    };
    struct Attempt {
        std::unique_ptr<Knock> knock;
        std::unique_ptr<QSocketNotifier> notifier;
        std::chrono::nanoseconds until;
    };

    std::chrono::nanoseconds now() const { return m_clock.durationElapsed(); }
    bool isThroughSpans() const { return m_span >= m_order.spans.size(); }

    void open(EchoLane& lane, DatagramSocket::Family family)
    {
        auto socket = DatagramSocket::open(family, DatagramSocket::Kind::Echo);
        if (!socket)
            return;
        lane.socket = *std::move(socket);
        lane.notifier = std::make_unique<QSocketNotifier>(lane.socket->descriptor(), QSocketNotifier::Read);
        connect(lane.notifier.get(), &QSocketNotifier::activated, this, [this, &lane] { hear(lane); });
    }

    void turn()
    {
        std::erase_if(m_attempts, [time = now()](const auto& entry) { return entry.second.until <= time; });
        for (int allowed = m_pacer.allowance(now());
            allowed > 0 && !isThroughSpans() && m_attempts.size() < mostConnections; --allowed)
            askNext();
        if (isThroughSpans() && m_lastSent == 0ns)
            m_lastSent = now();
        const bool isOver = isThroughSpans() && m_attempts.empty() && now() >= m_lastSent + m_order.timeout;
        if (!isOver && !m_order.stop.stop_requested()) {
            m_timer.start(isThroughSpans() || m_attempts.size() >= mostConnections
                    ? 20ms
                    : std::max(m_pacer.pause(), std::chrono::milliseconds(1)));
            return;
        }
        m_attempts.clear();
        if (m_waiting)
            QMetaObject::invokeMethod(
                this, [waiting = std::exchange(m_waiting, {})] { waiting.resume(); }, Qt::QueuedConnection);
    }

    void askNext()
    {
        const SweepSpan& span = m_order.spans[m_span];
        const IpNumber number = m_next;
        m_next = number.next();
        if (number == span.last && ++m_span < m_order.spans.size())
            m_next = m_order.spans[m_span].first;
        const QHostAddress address = span.address(number);
        if (m_order.known.contains(address))
            return;
        m_pacer.spend(2);
        echo(number, address);
        knock(number, address);
    }

    /// RFC 792, RFC 4443: type, code, checksum and identifier (the system's), sequence, our token.
    void echo(IpNumber number, const QHostAddress& address)
    {
        const EchoLane& lane = number.isIpv4() ? m_ipv4 : m_ipv6;
        if (!lane.socket || lane.socket->isFull())
            return;
        const std::span<char> room = lane.socket->room();
        std::fill_n(room.begin(), echoBytes, '\0');
        room[0] = number.isIpv4() ? 8 : static_cast<char>(128);
        std::memcpy(room.data() + 8, &m_token, sizeof m_token);
        lane.socket->add(
            echoBytes, number, 0, static_cast<quint32>(QNetworkInterface::interfaceIndexFromName(address.scopeId())));
        if (lane.socket->flush().sent == 0)
            lane.socket->drop(); // a hint only: what cannot be sent now is not sent
    }

    void knock(IpNumber number, const QHostAddress& address)
    {
        Attempt attempt{std::make_unique<Knock>(address, m_order.jobPort), nullptr, now() + m_order.timeout};
        if (!attempt.knock->isUnderWay())
            return note(number, address, attempt.knock->outcome());
        attempt.notifier = std::make_unique<QSocketNotifier>(attempt.knock->descriptor(), QSocketNotifier::Write);
        connect(attempt.notifier.get(), &QSocketNotifier::activated, this, [this, number, address] {
            const auto found = m_attempts.find(number);
            if (found == m_attempts.end())
                return;
            note(number, address, found->second.knock->outcome());
            QSocketNotifier* const caller = found->second.notifier.release(); // it is calling us
            caller->setEnabled(false);
            caller->deleteLater();
            m_attempts.erase(found);
        });
        m_attempts.emplace(number, std::move(attempt));
    }

    void note(IpNumber number, const QHostAddress& address, int error)
    {
        if (error != 0 && error != ECONNREFUSED)
            return;
        Hint& hint = m_hints[number];
        hint.address = address;
        (error == 0 ? hint.acceptsJobs : hint.refusesJobs) = true;
    }

    void hear(const EchoLane& lane)
    {
        const char reply = &lane == &m_ipv4 ? 0 : static_cast<char>(129);
        lane.socket->receive([&](const DatagramSocket::Incoming& datagram) {
            const bool isOurs = datagram.bytes.size() == echoBytes && datagram.bytes[0] == reply
                && std::memcmp(datagram.bytes.data() + 8, &m_token, sizeof m_token) == 0;
            const auto span = std::ranges::find_if(m_order.spans,
                [&](const SweepSpan& one) { return one.first <= datagram.from && datagram.from <= one.last; });
            if (!isOurs || span == m_order.spans.cend() || m_order.known.contains(span->address(datagram.from)))
                return;
            Hint& hint = m_hints[datagram.from];
            hint.address = span->address(datagram.from);
            hint.echoes = true;
        });
        lane.socket->complaints([](IpNumber, quint16) { });
    }

    HintOrder m_order;
    Pacer m_pacer;
    EchoLane m_ipv4;
    EchoLane m_ipv6;
    quint64 m_token = QRandomGenerator::system()->generate64();
    qsizetype m_span = 0;
    IpNumber m_next;
    std::chrono::nanoseconds m_lastSent{0};
    std::map<IpNumber, Attempt> m_attempts;
    std::map<IpNumber, Hint> m_hints;
    QElapsedTimer m_clock;
    QTimer m_timer;
    std::coroutine_handle<> m_waiting;
};

} // namespace

QCoro::Task<Result<QList<Hint>>> signsOfLife(HintOrder order)
{
    HintRun run(std::move(order));
    co_return co_await run;
}

} // namespace platen::snmp
