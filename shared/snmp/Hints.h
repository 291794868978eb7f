// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "SweepPlan.h"

#include <QCoro/QCoroTask>
#include <QSet>

#include <chrono>
#include <stop_token>

namespace platen::snmp {

/// A sign that something lives at an address that does not speak SNMP to us. It is for people to look at, and never decides
/// whether an address is asked.
struct Hint {
    QHostAddress address;
    bool echoes = false; ///< answered an ICMP echo (ping)
    bool acceptsJobs = false; ///< accepted a TCP connection at port 9100, where printers take raw print jobs
    bool refusesJobs = false; ///< refused it: somebody is there, who takes none

    bool operator==(const Hint&) const = default;
};

struct HintOrder {
    QList<SweepSpan> spans; ///< where to look, as swept
    QSet<QHostAddress> known; ///< but not here: they spoke SNMP
    int packetsPerSecond = 500; ///< echoes and connection attempts together; 0: no limit
    std::chrono::milliseconds timeout{1000};
    quint16 jobPort = 9100;
    std::stop_token stop;
};

/// Looks for signs of life with one ICMP echo and one TCP connection to each address. The connection is closed at once and
/// not a byte is ever written to it: what a printer hears at this port, it prints. Without the system's permission to send
/// echoes (net.ipv4.ping_group_range) only connections are tried. Fails with Cancelled after a stop.
QCoro::Task<Result<QList<Hint>>> signsOfLife(HintOrder order);

} // namespace platen::snmp
