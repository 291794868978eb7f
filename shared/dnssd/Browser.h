// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Packet.h"

#include <QCoro/QCoroTask>

#include <chrono>

namespace platen::dnssd {

/// A printer's service, as it announces itself.
struct Service {
    enum class Kind { Ipp, Ipps, PdlDatastream };

    Kind kind = Kind::Ipp;
    QString name; ///< instance, as its owner called it; like makeAndModel for people only
    QHostAddress address; ///< of the subnet it was heard on
    quint16 port = 0;
    QString makeAndModel; ///< TXT ty
    QString resourcePath; ///< TXT rp: for ipp::Endpoint

    /// A queue that a computer shares, not a printer: its path says so.
    bool isShared() const;
};

/// An interface's part in a search: where queries go, and which addresses may answer for themselves.
struct Link {
    QHostAddress source; ///< own address there
    int prefixLength = 24;
    QHostAddress group; ///< 224.0.0.251 or ff02::fb
    quint16 port = 5353;
};

/// The links of this computer's interfaces that are up and reach more than itself.
QList<Link> localLinks();

/// Finds printers by multicast DNS (RFC 6762, 6763) without a daemon: legacy queries from a port of its own.
class Browser {
public:
    explicit Browser(QList<Link> links = localLinks(), std::chrono::milliseconds time = std::chrono::seconds(3));

    /// What answered within the time: each service once, by address and kind. Hostile answers cost little: 64 packets from one
    /// address and 2,000 records are read, and only addresses of the link's own subnet count. Never fails: nothing is empty.
    QCoro::Task<QList<Service>> browse();

private:
    QList<Link> m_links;
    std::chrono::milliseconds m_time;
};

} // namespace platen::dnssd
