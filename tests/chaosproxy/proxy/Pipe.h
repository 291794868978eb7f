// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Faults.h"

#include <QObject>
#include <QTcpSocket>
#include <QTimer>

#include <chrono>
#include <deque>

namespace platen::chaosproxy {

/// One way of one connection: reads from one socket, lets the bytes wait as its faults say, writes them to the other. Takes no more
/// than it can pass on soon, so that a slow receiver is felt by the sender as it would be without us.
class Pipe : public QObject {
    Q_OBJECT

public:
    Pipe(QTcpSocket& from, QTcpSocket& to, const WayFaults& faults, QObject* parent);

    void start();                             ///< both sockets are connected
    void stop();                              ///< passes nothing on any more; what comes is thrown away
    qint64 passed() const { return m_passed; } ///< bytes written to the other socket

signals:
    void passedOn(QByteArray piece);
    void endReached(); ///< the bytes before the ending are written; it has stopped
    void drained();    ///< the sender has closed, and all it sent is passed on

private:
    using Moment = std::chrono::steady_clock::time_point;
    struct Piece {
        QByteArray bytes;
        Moment due;
    };

    void take();
    void throwAway();
    void passOn();
    Moment dueOf(qsizetype size);

    QTcpSocket& m_from;
    QTcpSocket& m_to;
    const WayFaults m_faults;
    std::deque<Piece> m_waiting;
    qsizetype m_waitingBytes = 0;
    qint64 m_passed = 0;
    Moment m_lastDue; ///< of what was taken last: nothing overtakes it
    QTimer m_next;
    bool m_isRunning = false;
    bool m_isStopped = false;
};

} // namespace platen::chaosproxy
