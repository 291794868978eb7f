// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Connection.h"

#include <QPointer>
#include <QTcpServer>

namespace platen::chaosproxy {

/// What went through since the faults were set.
struct Traffic {
    int connections = 0; ///< accepted
    int open = 0;        ///< still there, of all
    qint64 up = 0;       ///< bytes passed on to the server
    qint64 down = 0;     ///< bytes passed on to clients
};

/// Listens on loopback and passes every connection on to one server, with the faults of the moment. Lives on one thread.
class Proxy : public QTcpServer {
    Q_OBJECT

public:
    Proxy(QHostAddress target, quint16 targetPort, QObject* parent = nullptr);
    ~Proxy() override;

    /// Port 0: any free one. Fails with AddressInUse, PermissionDenied or NetworkFailed.
    Status open(quint16 port = 0);
    quint16 port() const { return serverPort(); }

    /// Of the connections that come from now on; counting begins anew.
    void setFaults(const Faults& faults);

    Traffic traffic() const;

    /// Ends all connections there are.
    void endAll(Ending how);

signals:
    /// `number` counts from 1 since the faults were set.
    void connectionEnded(int number, QString how, qint64 up, qint64 down);

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    void letThrough();

    const QHostAddress m_target;
    const quint16 m_targetPort;
    Faults m_faults;
    int m_round = 0; ///< of faults
    Traffic m_past;  ///< of connections that have ended, of this round
    QHash<Connection*, int> m_connections; ///< and their rounds
    QList<QPointer<Connection>> m_held; ///< until they are reordered
    QTimer m_holding;
};

} // namespace platen::chaosproxy
