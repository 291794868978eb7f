// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QHash>
#include <QString>

namespace platen::sessions {

/// Which agents are connected now. Main thread; Events::agentChanged tells when it changes.
class Presence {
public:
    bool isConnected(const QByteArray& agentId) const { return m_transports.contains(agentId); }
    QString transport(const QByteArray& agentId) const
    {
        return m_transports.value(agentId);
    } ///< "websocket", …; empty: not connected
    QList<QByteArray> connected() const { return m_transports.keys(); }

    void add(const QByteArray& agentId, const QString& transport) { m_transports.insert(agentId, transport); }
    void remove(const QByteArray& agentId) { m_transports.remove(agentId); }

private:
    QHash<QByteArray, QString> m_transports;
};

} // namespace platen::sessions
