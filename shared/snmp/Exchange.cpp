// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Exchange.h"

#include "Log.h"
#include "NetSnmp.h"

#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>
#include <net-snmp/library/large_fd_set.h>
#include <net-snmp/library/snmp_transport.h>

#include <QPointer>
#include <QRandomGenerator>

#include <cerrno>

#include <sys/socket.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace platen::snmp {

namespace {

constexpr int bufferBytes = 4 << 20;       // of the socket: a sweep's answers come in bursts
constexpr int packetsPerTurn = 256;        // then the event loop gets its turn
constexpr qsizetype longestCommunity = 256; // Net-SNMP's own limit for an answer

/// Does a datagram begin as a message of SNMPv1 or v2c? Anything else, v3 included, is not for us and is not parsed.
bool beginsAsMessage(const quint8* bytes, qsizetype size)
{
    if (size < 2 || bytes[0] != 0x30)
        return false;
    const qsizetype version = bytes[1] < 0x80 ? 2 : 2 + (bytes[1] & 0x7f); // after SEQUENCE and its length
    return version + 2 < size && bytes[version] == 0x02 && bytes[version + 1] == 1 && bytes[version + 2] <= 1;
}

bool isSameHost(const QHostAddress& a, const QHostAddress& b)
{
    return a.isEqual(b, QHostAddress::TolerantConversion) || (!a.scopeId().isEmpty() && std::ranges::equal(a.toIPv6Address().c, b.toIPv6Address().c));
}

} // namespace

Exchange::Exchange()
{
    startNetSnmp();
    m_tick.setInterval(20ms);
    connect(&m_tick, &QTimer::timeout, this, &Exchange::expire);
}

Exchange::~Exchange()
{
    m_waiting.clear(); // closing a session calls back for each that is waited for
    for (Socket* socket : {&m_ipv4, &m_ipv6}) {
        socket->notifier.reset();
        if (socket->session)
            snmp_sess_close(socket->session);
    }
}

void Exchange::open(Socket& socket, const char* peer)
{
    netsnmp_session wanted;
    snmp_sess_init(&wanted);
    wanted.version = SNMP_VERSION_2c;
    wanted.peername = const_cast<char*>(peer); // never sent to: each message has its own destination
    wanted.retries = 0;
    wanted.callback_magic = this;
    socket.session = snmp_sess_open(&wanted);
    if (!socket.session)
        return;
    snmp_sess_session(socket.session)->version = SNMP_DEFAULT_VERSION; // each message has its own

    const int descriptor = snmp_sess_transport(socket.session)->sock;
    for (const int option : {SO_RCVBUF, SO_SNDBUF})
        setsockopt(descriptor, SOL_SOCKET, option, &bufferBytes, sizeof bufferBytes);
    socket.notifier = std::make_unique<QSocketNotifier>(descriptor, QSocketNotifier::Read);
    connect(socket.notifier.get(), &QSocketNotifier::activated, this, [this, &socket] { read(socket); });
}

Exchange::Socket& Exchange::socketFor(const QHostAddress& address)
{
    const bool isIpv6 = address.protocol() == QAbstractSocket::IPv6Protocol;
    Socket& socket = isIpv6 ? m_ipv6 : m_ipv4;
    if (!socket.session)
        open(socket, isIpv6 ? "udp6:[::1]:9" : "udp:127.0.0.1:9");
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
    if (question.id == 0 || m_waiting.contains(question.id))
        question.id = freshId();
    m_waiting.insert(question.id, {question.target.address, question.target.port, std::move(done)});

    const Outcome outcome = transmit(question);
    if (outcome.kind != Outcome::Kind::Answered) { // not on its way
        finish(question.id, outcome);
        QMetaObject::invokeMethod(this, &Exchange::deliver, Qt::QueuedConnection);
        return;
    }
    ++counters.sent;
    if (!m_tick.isActive())
        m_tick.start();
}

Outcome Exchange::transmit(const Question& question)
{
    const auto notSent = [&](const QString& reason) { return Outcome{Outcome::Kind::NotSent, question.id, 0, 0, {}, reason}; };
    if (question.target.credentials.community.size() > longestCommunity)
        return notSent(u"the community is longer than %1 bytes"_s.arg(longestCommunity));
    if (question.target.address.isNull() || question.target.port == 0)
        return notSent(u"there is no address to send to"_s);
    const Socket& socket = socketFor(question.target.address);
    if (!socket.session)
        return notSent(u"no UDP socket could be opened"_s);

    netsnmp_session* const session = snmp_sess_session(socket.session);
    session->timeout = std::chrono::microseconds(question.target.timeout).count(); // read when the message is sent
    netsnmp_pdu* const pdu = toPdu(question);
    if (snmp_sess_async_send(socket.session, pdu, &Exchange::heard, reinterpret_cast<void*>(static_cast<quintptr>(question.id))))
        return {Outcome::Kind::Answered, question.id, 0, 0, {}, {}};

    const int error = session->s_errno;
    const QString reason = session->s_snmp_errno == SNMPERR_BAD_SENDTO ? qt_error_string(error) : QString::fromUtf8(snmp_api_errstring(session->s_snmp_errno));
    snmp_free_pdu(pdu);
    const bool isCongested = error == EAGAIN || error == EWOULDBLOCK || error == ENOBUFS;
    return isCongested ? Outcome{Outcome::Kind::Congested, question.id, 0, 0, {}, reason} : notSent(reason);
}

int Exchange::heard(int operation, snmp_session* session, int, snmp_pdu* answer, void* token)
{
    return static_cast<Exchange*>(session->callback_magic)->take(operation, static_cast<quint32>(reinterpret_cast<quintptr>(token)), answer);
}

/// What Net-SNMP tells of the request `id`. Runs on its stack: nothing but remembering happens here. 1 ends the request, 0
/// keeps waiting.
int Exchange::take(int operation, quint32 id, const snmp_pdu* answer)
{
    const auto waiting = m_waiting.constFind(id);
    if (waiting == m_waiting.cend())
        return 1;
    if (operation == NETSNMP_CALLBACK_OP_TIMED_OUT) {
        ++counters.timedOut;
        finish(id, {Outcome::Kind::TimedOut, id, 0, 0, {}, {}});
        return 1;
    }
    if (operation != NETSNMP_CALLBACK_OP_RECEIVED_MESSAGE || !answer)
        return 0; // a resend, or a failed sending, which transmit sees
    const auto [address, port] = sourceOf(*answer);
    if (port != waiting->port || !isSameHost(waiting->address, address)) {
        if (++counters.foreign == 1)
            qCWarning(log) << "an answer to a request to" << waiting->address.toString() << "came from" << address.toString() << "port" << port
                           << "and was dropped; further ones are only counted";
        return 0;
    }
    if (answer->command != SNMP_MSG_RESPONSE) {
        ++counters.malformed;
        return 0;
    }
    ++counters.answered;
    finish(id, {Outcome::Kind::Answered, id, static_cast<int>(answer->errstat), static_cast<int>(answer->errindex), varBindsOf(*answer), {}});
    return 1;
}

void Exchange::read(Socket& socket)
{
    const int descriptor = snmp_sess_transport(socket.session)->sock;
    for (int packet = 0; packet < packetsPerTurn; ++packet) {
        std::array<quint8, 16> beginning{};
        const ssize_t size = recv(descriptor, beginning.data(), beginning.size(), MSG_PEEK | MSG_DONTWAIT);
        if (size < 0)
            break;
        if (!beginsAsMessage(beginning.data(), size)) {
            recv(descriptor, beginning.data(), beginning.size(), MSG_DONTWAIT);
            ++counters.malformed;
            continue;
        }
        netsnmp_large_fd_set readable;
        netsnmp_large_fd_set_init(&readable, descriptor + 1);
        netsnmp_large_fd_setfd(descriptor, &readable);
        const u_int unexpected = snmp_get_statistic(STAT_SNMPUNKNOWNPDUHANDLERS);
        if (snmp_sess_read2(socket.session, &readable) != 0)
            ++counters.malformed;
        counters.late += snmp_get_statistic(STAT_SNMPUNKNOWNPDUHANDLERS) - unexpected;
        netsnmp_large_fd_set_cleanup(&readable);
    }
    deliver();
}

void Exchange::expire()
{
    for (const Socket* socket : {&m_ipv4, &m_ipv6}) {
        if (socket->session)
            snmp_sess_timeout(socket->session);
    }
    if (m_waiting.isEmpty())
        m_tick.stop();
    deliver();
}

void Exchange::finish(quint32 id, Outcome outcome)
{
    m_finished.push_back({m_waiting.take(id).done, std::move(outcome)});
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
