// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Pipe.h"

#include <QHostAddress>
#include <QTcpSocket>

namespace platen::chaosproxy {

/// One client's connection through the proxy, with the faults it was given; deletes itself after ended().
class Connection : public QObject {
    Q_OBJECT

public:
    /// Takes over the accepted client's descriptor.
    Connection(qintptr client, const Faults& faults, QObject* parent);

    void open(const QHostAddress& target, quint16 port); ///< connects to the server; until then the client waits
    void end(Ending how);                                ///< now

    qint64 passed(Way way) const { return (way == Way::Up ? m_up : m_down).passed(); }

signals:
    void ended(QString how); ///< "closed", "cut", "reset", "half-open", or why the server could not be reached

private:
    void begin();
    void look();
    void finishSending(QTcpSocket& socket);
    void close(QTcpSocket& socket);
    void over(const QString& how);

    const Faults m_faults;
    QTcpSocket m_client;
    QTcpSocket m_server;
    QTcpSocket m_twin; ///< the second connection of a duplicated one
    Pipe m_up;
    Pipe m_down;
    QTimer m_patience; ///< with ends that do not close after a cut
    QString m_how; ///< it dies; empty while all is well
    bool m_hasBegun = false;
    bool m_isOver = false;
};

} // namespace platen::chaosproxy
