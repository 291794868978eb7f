// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Program.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QSqlDatabase>
#include <QTemporaryDir>

namespace platen::test {

/// A server, a simulated fleet and an agent on loopback, each in a folder of its own, to be started and killed at will.
class Site {
public:
    /// `transport`: "https", or "http" for the plain listener (allowed on both sides then).
    explicit Site(const QString& transport = QStringLiteral("https"));
    ~Site();

    bool isValid() const { return m_folder.isValid(); }
    QString path(const QString& name) const { return m_folder.filePath(name); }
    QString serverData() const { return path(QStringLiteral("server")); }
    QString agentData() const { return path(QStringLiteral("agent")); }
    quint16 port() const { return m_port; }
    quint16 plainPort() const { return m_plainPort; }

    bool startServer(); ///< true once it listens
    /// Serves tests/fixtures/walks; a drift of `stepMs` ends after `steps`.
    /// `more`: further options of the simulator.
    bool startFleet(int stepMs = 0, int steps = 0, const QStringList& more = {});
    int fleetSize() const { return int(m_addresses.size()); }
    const QStringList& addresses() const { return m_addresses; } ///< of the fleet
    quint16 fleetPort() const { return m_fleetPort; }
    QString createPin(); ///< empty when that failed
    Outcome activate(const QString& pin);
    void writeAgentSettings(QJsonObject more = {});
    void startAgent();

    /// `platen-agent collect` over the fleet: what the printers say now.
    QJsonArray collectDirectly() const;

    Running& server() { return *m_server; }
    Running& agent() { return *m_agent; }
    void stopFleet() { m_fleet.reset(); }
    bool hasServer() const { return m_server && m_server->isRunning(); }
    bool hasAgent() const { return m_agent && m_agent->isRunning(); }
    void stopServer() { m_server.reset(); }
    void stopAgent() { m_agent.reset(); }

    /// The rows of a query on the server's or agent's database, opened read-only.
    QList<QVariantList> serverRows(const QString& sql) const;
    QList<QVariantList> agentRows(const QString& sql) const;

    /// The last lines of every log, for a failing test.
    QByteArray logs() const;

private:
    QTemporaryDir m_folder;
    QString m_transport;
    quint16 m_port = 0, m_plainPort = 0, m_fleetPort = 0;
    QStringList m_addresses;
    std::unique_ptr<Running> m_server, m_agent, m_fleet;
};

} // namespace platen::test
