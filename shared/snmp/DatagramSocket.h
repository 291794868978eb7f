// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "IpNumber.h"

#include <base/Result.h>

#include <functional>
#include <memory>
#include <span>

namespace platen::snmp {

/// A socket for datagrams, of UDP or of ICMP echoes, of one address family that never blocks and moves up to `batch` datagrams with one system call. What routers
/// and hosts say about datagrams that did not arrive (ICMP) is read apart and never disturbs the traffic.
class DatagramSocket {
public:
    static constexpr size_t batch = 64;
    static constexpr size_t largest = 2048; ///< bytes of a datagram, either way

    enum class Family { Ipv4, Ipv6 };
    enum class Kind {
        Udp,
        Echo, ///< datagrams are ICMP messages, all ports 0; the system sets the identifier and lets in what answers us
    };

    /// Fails with NetworkFailed, or PermissionDenied of an Echo that this user may not send.
    static Result<std::unique_ptr<DatagramSocket>> open(Family family, Kind kind = Kind::Udp);
    ~DatagramSocket();
    DatagramSocket(const DatagramSocket&) = delete;
    DatagramSocket& operator=(const DatagramSocket&) = delete;

    int descriptor() const { return m_descriptor; }

    // --- sending: fill room(), add() it, flush() when there are enough ---
    size_t waiting() const; ///< datagrams that were added and have not gone
    bool isFull() const; ///< no room() before a flush
    std::span<char> room(); ///< for the next datagram
    void add(size_t size, IpNumber to, quint16 port, quint32 interface = 0); ///< `interface`: of a link-local address
    struct Flushed {
        size_t sent = 0; ///< from the front of those waiting
        int congested = 0; ///< errno when the system takes no more just now: flush again in some milliseconds
        int refused = 0; ///< errno when the front one cannot be sent at all: drop() it
    };
    Flushed flush();
    void drop();

    // --- receiving ---
    struct Incoming {
        IpNumber from;
        quint16 port = 0;
        QByteArrayView bytes; ///< empty of one that is longer than `largest`
    };
    /// Hands over what has come, at most a batch; returns how many.
    size_t receive(const std::function<void(const Incoming&)>& heard);
    /// Hands over the addresses and ports whose host said that nobody listens there (ICMP port unreachable), and forgets other
    /// complaints.
    void complaints(const std::function<void(IpNumber to, quint16 port)>& closed);

private:
    struct Buffers;
    explicit DatagramSocket(int descriptor);

    int m_descriptor;
    std::unique_ptr<Buffers> m_buffers;
};

} // namespace platen::snmp
