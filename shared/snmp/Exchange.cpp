// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Exchange.h"

#include "Log.h"

#include <QNetworkInterface>
#include <QPointer>
#include <QRandomGenerator>

#include <cerrno>
#include <cstring>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace platen::snmp {

namespace {

constexpr int bufferBytes = 4 << 20; // of the socket: answers come in bursts
constexpr int packetsPerTurn = 256; // then the event loop gets its turn
constexpr qsizetype longestDatagram = 65'536;
constexpr qsizetype longestCommunity = 255;
constexpr qsizetype longestRequest = 65'507;

bool isSameHost(const QHostAddress& a, const QHostAddress& b)
{
    return a.isEqual(b, QHostAddress::TolerantConversion)
        || (!a.scopeId().isEmpty() && std::ranges::equal(a.toIPv6Address().c, b.toIPv6Address().c));
}

/// Where to send, as the system wants it, and how long that is.
std::pair<sockaddr_storage, socklen_t> systemAddress(const Host& host)
{
    sockaddr_storage storage{};
    if (host.address.protocol() == QAbstractSocket::IPv4Protocol) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(host.port);
        address.sin_addr.s_addr = htonl(host.address.toIPv4Address());
        std::memcpy(&storage, &address, sizeof address);
        return {storage, sizeof address};
    }
    sockaddr_in6 address{};
    const Q_IPV6ADDR bytes = host.address.toIPv6Address();
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(host.port);
    std::memcpy(&address.sin6_addr, &bytes, sizeof bytes);
    if (const QString scope = host.address.scopeId(); !scope.isEmpty())
        address.sin6_scope_id = static_cast<quint32>(QNetworkInterface::interfaceIndexFromName(scope));
    std::memcpy(&storage, &address, sizeof address);
    return {storage, sizeof address};
}

Outcome notSent(quint32 id, const QString& reason)
{
    return {.kind = Outcome::Kind::NotSent, .id = id, .reason = reason};
}

} // namespace

Exchange::Exchange()
    : m_datagram(longestDatagram, Qt::Uninitialized)
{
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, &Exchange::expire);
}

Exchange::~Exchange()
{
    for (Socket* socket : {&m_ipv4, &m_ipv6}) {
        socket->notifier.reset();
        if (socket->descriptor >= 0)
            close(socket->descriptor);
    }
}

Exchange::Socket& Exchange::socketFor(const QHostAddress& address)
{
    const bool isIpv6 = address.protocol() == QAbstractSocket::IPv6Protocol;
    Socket& socket = isIpv6 ? m_ipv6 : m_ipv4;
    if (socket.descriptor >= 0)
        return socket;
    socket.descriptor = ::socket(isIpv6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (socket.descriptor < 0)
        return socket;
    for (const int option : {SO_RCVBUF, SO_SNDBUF})
        setsockopt(socket.descriptor, SOL_SOCKET, option, &bufferBytes, sizeof bufferBytes);
    socket.notifier = std::make_unique<QSocketNotifier>(socket.descriptor, QSocketNotifier::Read);
    connect(socket.notifier.get(), &QSocketNotifier::activated, this, [this, &socket] { read(socket); });
    return socket;
}

quint32 Exchange::freshId() const
{
    quint32 id = 0;
    while (id == 0 || m_waiting.contains(id))
        id = QRandomGenerator::global()->generate() & 0x7fffffffU;
    return id;
}

void Exchange::send(Question question, Done done)
{
    const Host host{question.target.address, question.target.port};
    m_lanes[host].queue.push_back({std::move(question), std::move(done)});
    advance(host);
}

/// Begins what may begin with `host`.
void Exchange::advance(const Host& host)
{
    const auto lane = m_lanes.find(host);
    if (lane == m_lanes.end())
        return;
    while (lane->underWay < requestsPerHost && !lane->queue.empty()) {
        Queued next = std::move(lane->queue.front());
        lane->queue.pop_front();
        if (begin(next))
            ++lane->underWay;
    }
    if (lane->underWay == 0)
        m_lanes.erase(lane);
}

/// False when it could not be sent; its outcome is then on its way.
bool Exchange::begin(Queued& next)
{
    Question& question = next.question;
    const Host host{question.target.address, question.target.port};
    const quint32 id = question.id == 0 || m_waiting.contains(question.id) ? freshId() : question.id;
    const bool isV3 = question.target.credentials.version == Version::V3;

    Outcome outcome;
    Usm::Expected expected;
    if (host.address.isNull() || host.port == 0) {
        outcome = notSent(id, u"there is no address to send to"_s);
    } else if (!isV3 && question.target.credentials.community.size() > longestCommunity) {
        outcome = notSent(id, u"the community is longer than %1 bytes"_s.arg(longestCommunity));
    } else if (isV3) {
        Usm::Sealed sealed = usm.sealed(question, id);
        expected = std::move(sealed.expected);
        outcome = transmit(host, sealed.datagram);
    } else {
        outcome = transmit(host, encoded(question, id));
    }
    outcome.id = id;
    if (outcome.kind != Outcome::Kind::Answered) {
        m_finished.push_back({std::move(next.done), std::move(outcome)});
        QMetaObject::invokeMethod(this, &Exchange::deliver, Qt::QueuedConnection);
        return false;
    }
    ++counters.sent;
    const auto deadline = m_deadlines.emplace(std::chrono::steady_clock::now() + question.target.timeout, id);
    m_waiting.insert(
        id, {host, question.target.credentials.version, std::move(expected), deadline, std::move(next.done)});
    if (deadline == m_deadlines.begin())
        wakeAtFirstDeadline();
    return true;
}

/// Answered when it is on its way.
Outcome Exchange::transmit(const Host& host, const QByteArray& datagram)
{
    if (datagram.size() > longestRequest)
        return notSent(0, u"the request is longer than %1 bytes"_s.arg(longestRequest));
    const Socket& socket = socketFor(host.address);
    if (socket.descriptor < 0)
        return notSent(0, u"no UDP socket could be opened: %1"_s.arg(qt_error_string(errno)));
    const auto [address, length] = systemAddress(host);
    if (sendto(socket.descriptor, datagram.constData(), static_cast<size_t>(datagram.size()), 0,
            reinterpret_cast<const sockaddr*>(&address), length)
        >= 0)
        return {.kind = Outcome::Kind::Answered};
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS)
        return {.kind = Outcome::Kind::Congested};
    return notSent(0, qt_error_string(errno));
}

void Exchange::read(Socket& socket)
{
    for (int packet = 0; packet < packetsPerTurn; ++packet) {
        sockaddr_storage from{};
        socklen_t length = sizeof from;
        const ssize_t size = recvfrom(socket.descriptor, m_datagram.data(), static_cast<size_t>(m_datagram.size()), 0,
            reinterpret_cast<sockaddr*>(&from), &length);
        if (size < 0)
            break;
        const quint16 port = from.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(from).sin6_port
                                                        : reinterpret_cast<const sockaddr_in&>(from).sin_port;
        hear(QHostAddress(reinterpret_cast<const sockaddr*>(&from)), ntohs(port),
            QByteArrayView(m_datagram.constData(), size));
    }
    deliver();
}

void Exchange::hear(const QHostAddress& address, quint16 port, QByteArrayView datagram)
{
    const std::optional<Incoming> message = parsed(datagram);
    if (!message) {
        ++counters.malformed;
        return;
    }
    const bool isV3 = message->version == Version::V3;
    const qint64 id = isV3 ? message->header.id : message->pdu.id;
    const auto waiting = id > 0 && id <= 0x7fffffff ? m_waiting.constFind(static_cast<quint32>(id)) : m_waiting.cend();
    if (waiting == m_waiting.cend()) {
        ++counters.late;
        return;
    }
    if (port != waiting->host.port || !isSameHost(waiting->host.address, address)) {
        if (++counters.foreign == 1)
            qCWarning(log) << "an answer to a request to" << waiting->host.address.toString() << "came from"
                           << address.toString() << "port" << port << "and was dropped; further ones are only counted";
        return;
    }
    if (message->version != waiting->version) {
        ++counters.malformed;
    } else if (isV3) {
        hearV3(static_cast<quint32>(id), *message, datagram);
    } else {
        ++counters.answered;
        finish(static_cast<quint32>(id), {.kind = Outcome::Kind::Answered, .pdu = message->pdu});
    }
}

void Exchange::hearV3(quint32 id, const Incoming& message, QByteArrayView datagram)
{
    const auto waiting = m_waiting.constFind(id);
    Usm::Heard heard = usm.heard(waiting->host, id, waiting->expected, message, datagram);
    switch (heard.kind) {
    case Usm::Heard::Kind::Answer:
        ++counters.answered;
        return finish(id, {.kind = Outcome::Kind::Answered, .pdu = std::move(heard.pdu)});
    case Usm::Heard::Kind::Discovery:
        ++counters.reports;
        return finish(id, {.kind = Outcome::Kind::Discovered});
    case Usm::Heard::Kind::Report:
        ++counters.reports;
        return finish(id, {.kind = Outcome::Kind::Reported, .report = heard.report});
    case Usm::Heard::Kind::Unauthentic:
        if (++counters.unauthentic == 1)
            qCWarning(log) << "an SNMPv3 answer from" << waiting->host.address.toString()
                           << "is not sealed as it must be and was dropped; further ones are only counted";
        return;
    case Usm::Heard::Kind::Malformed:
        ++counters.malformed;
        return;
    }
}

void Exchange::expire()
{
    const auto now = std::chrono::steady_clock::now();
    while (!m_deadlines.empty() && m_deadlines.begin()->first <= now) {
        ++counters.timedOut;
        finish(m_deadlines.begin()->second, {.kind = Outcome::Kind::TimedOut});
    }
    wakeAtFirstDeadline();
    deliver();
}

void Exchange::wakeAtFirstDeadline()
{
    if (m_deadlines.empty())
        return m_timer.stop();
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(m_deadlines.begin()->first - std::chrono::steady_clock::now());
    m_timer.start(std::max(left, 0ms));
}

/// Ends the wait for `id`; who waited hears of it at the next deliver().
void Exchange::finish(quint32 id, Outcome outcome)
{
    Waiting waiting = m_waiting.take(id);
    m_deadlines.erase(waiting.deadline);
    outcome.id = id;
    m_finished.push_back({std::move(waiting.done), std::move(outcome)});
    --m_lanes[waiting.host].underWay;
    advance(waiting.host);
}

void Exchange::deliver()
{
    const QPointer<Exchange> self(this);
    while (self && !m_finished.empty()) {
        Finished next = std::move(m_finished.front());
        m_finished.pop_front();
        next.done(std::move(next.outcome));
    }
}

} // namespace platen::snmp
