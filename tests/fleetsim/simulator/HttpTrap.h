// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Fault.h"

#include <QObject>
#include <QTcpServer>
#include <QTimer>

class QTcpSocket;

namespace platen::fleetsim {

/// The web server of a device that wants to hold up, fill up or lead astray who asks it. Every request, of HTTP or IPP, is answered
/// with the same.
class HttpTrap : public QObject {
    Q_OBJECT

public:
    explicit HttpTrap(Fault fault, QObject* parent = nullptr);

    /// Fails with AddressInUse, PermissionDenied (a port below 1024 without the right to it) or NetworkFailed; the sentence names
    /// address and port.
    Status listen(quint32 address, quint16 port);

    /// What the bomb's body is: 1 MiB or a little less that unpacks to 1 GiB.
    static QByteArray gzipBomb();

private:
    void spring(QTcpSocket* visitor);
    void drip();

    Fault m_fault;
    QTimer m_drip; ///< of the tar pit
    QList<QTcpSocket*> m_stuck;
    QTcpServer m_server; ///< goes first: its visitors take their leave of the others
};

} // namespace platen::fleetsim
