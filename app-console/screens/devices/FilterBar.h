// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <console/models/DeviceQuery.h>

#include <QWidget>

class QPushButton;

namespace platen::console {

class StateCounts;

/// Chips that narrow the table down: by state, with counts, and to one agent.
class FilterBar final : public QWidget {
    Q_OBJECT

public:
    explicit FilterBar(StateCounts& counts, QWidget* parent = nullptr);

    QList<widgets::DeviceState> states() const;
    const QString& agentId() const { return m_agentId; }
    void showAgent(const QString& id, const QString& name);
    void clear(); ///< everything again, quietly

    static QList<QList<widgets::DeviceState>> groups();

signals:
    void changed();

private:
    void choose(int group);
    void showCounts();

    StateCounts& m_counts;
    QList<QPushButton*> m_chips;
    QPushButton* m_all;
    QPushButton* m_agent;
    QString m_agentId;
};

} // namespace platen::console
