// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "DeviceQuery.h"

#include <QHash>
#include <QObject>
#include <QTimer>

namespace platen::console {

class ServerConnection;

/// How many devices are in which state under a search: the numbers on the filter chips. Asked for again after changes, at most
/// every five seconds.
class StateCounts final : public QObject {
    Q_OBJECT

public:
    explicit StateCounts(ServerConnection& server, QObject* parent = nullptr);

    /// Counts for each of these groups of states ("ready" and "sleeping" are one chip), in `query` without its own states.
    void count(const DeviceQuery& query, const QList<QList<widgets::DeviceState>>& groups);

    int of(int group) const { return m_counts.value(group, -1); } ///< −1: not known yet

signals:
    void changed();

private:
    void ask();

    ServerConnection& m_server;
    DeviceQuery m_query;
    QList<QList<widgets::DeviceState>> m_groups;
    QHash<int, int> m_counts;
    quint64 m_generation = 0;
    QTimer m_again;
};

} // namespace platen::console
