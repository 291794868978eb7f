// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "StateCounts.h"

#include <console/session/ServerConnection.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace platen::console {

StateCounts::StateCounts(ServerConnection& server, QObject* parent)
    : QObject(parent)
    , m_server(server)
{
    m_again.setSingleShot(true);
    m_again.setInterval(5s);
    connect(&m_again, &QTimer::timeout, this, &StateCounts::ask);
    connect(&server, &ServerConnection::notified, this, [this](const QString& method) {
        if (method == "devices.changed"_L1 && !m_again.isActive())
            m_again.start();
    });
}

void StateCounts::count(const DeviceQuery& query, const QList<QList<widgets::DeviceState>>& groups)
{
    m_query = query;
    m_groups = groups;
    ask();
}

void StateCounts::ask()
{
    const quint64 generation = ++m_generation;
    for (int group = 0; group < m_groups.size(); ++group) {
        DeviceQuery query = m_query;
        query.states = m_groups[group];
        query.sortColumn.clear();
        QCoro::connect(m_server.call(u"devices.list"_s, query.toJson(0, 1)), this, [this, generation, group](const Result<QJsonObject>& result) {
            if (generation != m_generation || !result)
                return;
            m_counts.insert(group, result->value("total"_L1).toInt());
            emit changed();
        });
    }
}

} // namespace platen::console
