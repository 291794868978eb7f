// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <console/frame/Screen.h>

class QSortFilterProxyModel;
class QStackedWidget;

namespace platen::widgets {
class Banner;
class EmptyState;
class Skeleton;
class TableView;
}

namespace platen::console {

class AgentTableModel;

/// The agents and whether they report; a double click shows an agent's devices.
class AgentsScreen final : public Screen {
    Q_OBJECT

public:
    explicit AgentsScreen(ScreenServices services, QWidget* parent = nullptr);

    void refresh() override;
    QString searchHint() const override;
    void search(const QString& words) override;

private:
    void build();
    void showOutcome();
    void openDevices(const QModelIndex& index);

    ScreenServices m_services;
    AgentTableModel* m_model;
    QSortFilterProxyModel* m_sorted;
    widgets::Banner* m_banner;
    widgets::TableView* m_table;
    widgets::EmptyState* m_empty;
    QStackedWidget* m_content;
    widgets::Skeleton* m_skeleton;
};

} // namespace platen::console
