// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "DatagramSocket.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <linux/errqueue.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace platen::snmp {

namespace {

union Address {
    sockaddr any;
    sockaddr_in ipv4;
    sockaddr_in6 ipv6;
};

socklen_t fill(Address& address, IpNumber number, quint16 port, quint32 interface)
{
    address = {};
    if (number.isIpv4()) {
        address.ipv4.sin_family = AF_INET;
        address.ipv4.sin_port = htons(port);
        address.ipv4.sin_addr.s_addr = htonl(number.ipv4());
        return sizeof address.ipv4;
    }
    const Q_IPV6ADDR bytes = number.toAddress().toIPv6Address();
    address.ipv6.sin6_family = AF_INET6;
    address.ipv6.sin6_port = htons(port);
    address.ipv6.sin6_scope_id = interface;
    std::memcpy(&address.ipv6.sin6_addr, &bytes, sizeof bytes);
    return sizeof address.ipv6;
}

std::pair<IpNumber, quint16> numberOf(const Address& address)
{
    if (address.any.sa_family == AF_INET)
        return {IpNumber::fromIpv4(ntohl(address.ipv4.sin_addr.s_addr)), ntohs(address.ipv4.sin_port)};
    return {IpNumber::from(QHostAddress(&address.any)), ntohs(address.ipv6.sin6_port)};
}

bool isCongestion(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == ENOBUFS || error == ENOMEM; }

/// Does an entry of the error queue say that the host is there and nobody listens at the port?
bool saysClosed(msghdr& head)
{
    for (cmsghdr* control = CMSG_FIRSTHDR(&head); control; control = CMSG_NXTHDR(&head, control)) {
        const bool isIpv4 = control->cmsg_level == IPPROTO_IP && control->cmsg_type == IP_RECVERR;
        const bool isIpv6 = control->cmsg_level == IPPROTO_IPV6 && control->cmsg_type == IPV6_RECVERR;
        if (!isIpv4 && !isIpv6)
            continue;
        sock_extended_err error;
        std::memcpy(&error, CMSG_DATA(control), sizeof error);
        const bool isIcmp = error.ee_origin == SO_EE_ORIGIN_ICMP || error.ee_origin == SO_EE_ORIGIN_ICMP6;
        return isIcmp && error.ee_errno == ECONNREFUSED;
    }
    return false;
}

} // namespace

struct DatagramSocket::Buffers {
    struct Direction {
        std::array<std::array<char, largest>, batch> bytes;
        std::array<Address, batch> addresses;
        std::array<iovec, batch> pieces;
        std::array<mmsghdr, batch> messages;
    };
    Direction out;
    Direction in;
    size_t front = 0; ///< of those in `out` that wait
    size_t back = 0;
};

DatagramSocket::DatagramSocket(int descriptor)
    : m_descriptor(descriptor)
    , m_buffers(std::make_unique<Buffers>())
{
}

DatagramSocket::~DatagramSocket() { ::close(m_descriptor); }

Result<std::unique_ptr<DatagramSocket>> DatagramSocket::open(Family family, Kind kind)
{
    const int domain = family == Family::Ipv4 ? AF_INET : AF_INET6;
    const int echo = family == Family::Ipv4 ? int(IPPROTO_ICMP) : int(IPPROTO_ICMPV6);
    const int descriptor = ::socket(domain, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, kind == Kind::Udp ? 0 : echo);
    if (descriptor < 0) {
        const ErrorCode code =
            errno == EACCES || errno == EPERM ? ErrorCode::PermissionDenied : ErrorCode::NetworkFailed;
        return fail(code,
            u"no socket for %1 could be opened: %2"_s.arg(
                kind == Kind::Udp ? u"UDP"_s : u"echoes"_s, qt_error_string(errno)));
    }
    const int bytes = 4 << 20, on = 1; // answers come in bursts
    for (const int option : {SO_RCVBUF, SO_SNDBUF})
        setsockopt(descriptor, SOL_SOCKET, option, &bytes, sizeof bytes);
    // Only with these does the system say that it dropped a datagram itself, as when the neighbour table of a large local
    // network is full.
    if (family == Family::Ipv4)
        setsockopt(descriptor, IPPROTO_IP, IP_RECVERR, &on, sizeof on);
    else
        setsockopt(descriptor, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof on);
    return std::unique_ptr<DatagramSocket>(new DatagramSocket(descriptor));
}

size_t DatagramSocket::waiting() const { return m_buffers->back - m_buffers->front; }

bool DatagramSocket::isFull() const { return m_buffers->back == batch; }

std::span<char> DatagramSocket::room()
{
    Q_ASSERT(!isFull());
    return m_buffers->out.bytes[m_buffers->back];
}

void DatagramSocket::add(size_t size, IpNumber to, quint16 port, quint32 interface)
{
    Q_ASSERT(!isFull() && size <= largest);
    const size_t i = m_buffers->back++;
    Buffers::Direction& out = m_buffers->out;
    const socklen_t length = fill(out.addresses[i], to, port, interface);
    out.pieces[i] = {out.bytes[i].data(), size};
    out.messages[i] = {};
    out.messages[i].msg_hdr.msg_name = &out.addresses[i];
    out.messages[i].msg_hdr.msg_namelen = length;
    out.messages[i].msg_hdr.msg_iov = &out.pieces[i];
    out.messages[i].msg_hdr.msg_iovlen = 1;
}

DatagramSocket::Flushed DatagramSocket::flush()
{
    Flushed flushed;
    // A complaint about an earlier datagram is told in place of sending the next one, once: only an error that stays is its own.
    for (int errors = 0; waiting() > 0 && errors < 4;) {
        const int sent = ::sendmmsg(
            m_descriptor, m_buffers->out.messages.data() + m_buffers->front, static_cast<unsigned>(waiting()), 0);
        if (sent > 0) {
            flushed.sent += static_cast<size_t>(sent);
            m_buffers->front += static_cast<size_t>(sent);
            errors = 0;
            flushed.refused = 0;
        } else if (isCongestion(errno)) {
            flushed.congested = errno;
            flushed.refused = 0;
            break;
        } else {
            flushed.refused = errno;
            ++errors;
        }
    }
    if (waiting() == 0)
        m_buffers->front = m_buffers->back = 0;
    return flushed;
}

void DatagramSocket::drop()
{
    Q_ASSERT(waiting() > 0);
    if (++m_buffers->front == m_buffers->back)
        m_buffers->front = m_buffers->back = 0;
}

size_t DatagramSocket::receive(const std::function<void(const Incoming&)>& heard)
{
    Buffers::Direction& in = m_buffers->in;
    for (size_t i = 0; i < batch; ++i) {
        in.pieces[i] = {in.bytes[i].data(), largest};
        in.messages[i] = {};
        in.messages[i].msg_hdr.msg_name = &in.addresses[i];
        in.messages[i].msg_hdr.msg_namelen = sizeof in.addresses[i];
        in.messages[i].msg_hdr.msg_iov = &in.pieces[i];
        in.messages[i].msg_hdr.msg_iovlen = 1;
    }
    const int received = ::recvmmsg(m_descriptor, in.messages.data(), batch, MSG_DONTWAIT, nullptr);
    for (int i = 0; i < received; ++i) {
        const mmsghdr& message = in.messages[static_cast<size_t>(i)];
        const bool isWhole = (message.msg_hdr.msg_flags & MSG_TRUNC) == 0;
        const auto [from, port] = numberOf(in.addresses[static_cast<size_t>(i)]);
        heard({from, port,
            {in.bytes[static_cast<size_t>(i)].data(), isWhole ? static_cast<qsizetype>(message.msg_len) : 0}});
    }
    return received > 0 ? static_cast<size_t>(received) : 0;
}

void DatagramSocket::complaints(const std::function<void(IpNumber to, quint16 port)>& closed)
{
    for (size_t count = 0; count < batch; ++count) {
        Address to = {};
        alignas(cmsghdr) std::array<char, 512> control;
        msghdr head = {};
        head.msg_name = &to;
        head.msg_namelen = sizeof to;
        head.msg_control = control.data();
        head.msg_controllen = control.size();
        if (::recvmsg(m_descriptor, &head, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
            return;
        if (head.msg_namelen < sizeof to.ipv4 || !saysClosed(head))
            continue;
        const auto [number, port] = numberOf(to);
        closed(number, port);
    }
}

} // namespace platen::snmp
