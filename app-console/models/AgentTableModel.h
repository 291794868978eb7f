// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Clock.h>
#include <base/Error.h>

#include <QAbstractTableModel>
#include <QTimer>

namespace platen::console {

class ServerConnection;

/// One agent as the server knows it.
struct Agent {
    QString id, name, state, version, os; ///< state: "connected", "silent", "expired", "deactivated", "pending"
    QString transport, transportNote; ///< "websocket", "sse", "longpoll"; why it is none better, in the agent's words
    Instant lastSeenAt{};
    int devices = 0;

    bool operator==(const Agent&) const = default;
};

/// All agents; a site has one, so they come in one answer and are sorted here.
class AgentTableModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Name, State, Devices, LastSeen, Version, System, ColumnCount };
    enum Role { SortRole = Qt::UserRole };

    explicit AgentTableModel(ServerConnection& server, QObject* parent = nullptr);

    void refresh();
    const Agent& agent(int row) const { return m_agents[row]; }
    bool isLoaded() const { return m_isLoaded; }
    const std::optional<Error>& error() const { return m_error; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

signals:
    void loaded();
    void failed();

private:
    void take(const QList<Agent>& agents);
    QString text(const Agent& agent, int column) const;

    ServerConnection& m_server;
    QList<Agent> m_agents;
    bool m_isLoaded = false;
    std::optional<Error> m_error;
    QTimer m_again;
};

} // namespace platen::console
