// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <console/frame/Screen.h>

class QSplitter;
class QStackedWidget;

namespace platen::widgets {
class Banner;
class EmptyState;
}

namespace platen::console {

class DetailsPane;
class DeviceDetails;
class DeviceTableModel;
class DeviceTableView;
class FilterBar;
class StateCounts;

/// All devices as a table, what is known of the one in front at its right.
class DevicesScreen final : public Screen {
    Q_OBJECT

public:
    explicit DevicesScreen(ScreenServices services, QWidget* parent = nullptr);

    void refresh() override;
    QString searchHint() const override;
    void search(const QString& words) override;
    void open(const QString& what) override; ///< "agent-id<TAB>agent's name"

    /// The first row, of those on the screen, of this model or with this serial number; −1 when there is none.
    int rowOf(const QString& modelOrSerial) const;

    /// Opens the details of a row, over the whole page when `wide`.
    void showRow(int row, bool wide);

signals:
    void ready(); ///< rows are on the screen, or why there are none; for pictures

private:
    void build();
    void connectModel();
    void connectTable();
    void applyQuery();
    void sortBy(int column, Qt::SortOrder order);
    void showCurrent();
    void showOutcome();
    void showEmpty();
    void setWide(bool wide);
    void closeDetails();
    void clearFilters();
    void remember();

    ScreenServices m_services;
    DeviceTableModel* m_model;
    DeviceDetails* m_details;
    StateCounts* m_counts;
    FilterBar* m_filters;
    widgets::Banner* m_banner;
    DeviceTableView* m_table;
    widgets::EmptyState* m_empty;
    QStackedWidget* m_content;
    QWidget* m_card = nullptr;
    QSplitter* m_splitter;
    DetailsPane* m_pane;
    QString m_search;
    int m_sortColumn = 0;
    Qt::SortOrder m_sortOrder = Qt::AscendingOrder;
};

} // namespace platen::console
