// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <widgets/TableView.h>

#include <QHash>

namespace platen::widgets {
class Skeleton;
}

namespace platen::console {

class DeviceTableModel;

/// The device table: columns people can order, size and hide; copies as tab-separated text and
/// hands typed letters to the search.
class DeviceTableView final : public widgets::TableView {
    Q_OBJECT

public:
    explicit DeviceTableView(DeviceTableModel& model, QWidget* parent = nullptr);

    /// Order, widths and sorting of the columns, to be kept.
    QByteArray layoutState() const;
    /// Columns as they were left; the first time, or after an update with other columns, as they come: sized by what stands in them.
    void restoreLayout(const QByteArray& state);

    /// Selects this device's row when no row is the current one; the table does not move. Nothing happens while it is not there.
    void pickOut(const QString& id);

    void copySelection();
    void setLoading(bool loading);

signals:
    void typed(const QString& words);
    void activatedRow(int row); ///< Enter or double click
    void escaped();
    void layoutChanged();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    void arrangeColumns();
    void measureColumns();
    void fitColumns();
    void keepColumns();
    void showColumnMenu(const QPoint& at);
    void showRowMenu(const QPoint& at);
    void tellVisibleRows();
    QList<int> shownColumns() const;

    DeviceTableModel& m_model;
    widgets::Skeleton* m_skeleton;
    QHash<int, int> m_needed; ///< by column; empty: not measured yet
    bool m_isFitted = true;   ///< nobody moved, sized or hid a column: they follow the window
    bool m_isFitting = false; ///< it is us who size them
};

} // namespace platen::console
