// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Fleet.h"
#include "Mischief.h"

#include <QByteArray>
#include <QHostAddress>
#include <QObject>
#include <QSocketNotifier>
#include <QTimer>

#include <deque>

#include <netinet/in.h>

namespace platen::fleetsim {

/// Answers SNMP for a fleet on one UDP socket: a datagram's destination address tells which printer is meant, and its answer
/// leaves from there (IP_PKTINFO), so thousands of loopback addresses cost one descriptor. Batches with recvmmsg/sendmmsg.
class UdpServer : public QObject {
    Q_OBJECT

public:
    struct Settings {
        quint32 firstAddress = 0; ///< IPv4, host order: the first printer's
        quint16 port = 1161;
        QByteArray community = "public";
        double loss = 0;                    ///< share of requests that get no answer, 0–1
        std::chrono::milliseconds delay{0}; ///< added to every answer
        std::optional<quint32> seed;        ///< makes the loss repeatable: which of a printer's requests are lost, the 1st, 4th, …
    };

    UdpServer(Fleet& fleet, Settings settings, QObject* parent = nullptr);
    ~UdpServer() override;

    /// Fails with AddressInUse or NetworkFailed; the sentence names the port.
    Status listen();

    struct Counters {
        quint64 requests = 0, answers = 0, malformed = 0, lost = 0;
    };
    const Counters& counters() const { return m_counters; }

private:
    struct Answer {
        QByteArray bytes;
        sockaddr_in to;
        in_addr from;
        std::chrono::steady_clock::time_point due;
    };

    void receive();
    bool receiveBatch();
    void handle(QByteArrayView datagram, const sockaddr_in& from, in_addr to);
    void handleFaulty(qsizetype index, const Request& request, const Answer& frame);
    bool isLost(qsizetype index, double share);
    Status openSocket(int& descriptor, quint16 port);
    void send(int descriptor, std::span<Answer> answers);
    void sendLater(Answer answer, std::chrono::milliseconds delay);
    void sendDue();

    Fleet& m_fleet;
    Settings m_settings;
    Counters m_counters;
    int m_socket = -1;
    int m_otherSocket = -1; ///< of answers from a wrong port
    std::unique_ptr<QSocketNotifier> m_notifier;
    QTimer m_delayTimer;
    std::deque<Answer> m_delayed; ///< by when they are due
    std::vector<Answer> m_outgoing;
    quint64 m_seed;
    std::vector<quint32> m_draws; ///< by printer: chances taken so far
    quint32 m_reports = 0;
};

} // namespace platen::fleetsim
