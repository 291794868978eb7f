// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <widgets/TableView.h>

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

    /// Empty as long as nothing differs from how columns come.
    QByteArray layoutState() const;
    /// Columns as they were left; the first time, or after an update with other columns, as they come.
    void restoreLayout(const QByteArray& state);

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
    void fitColumns();
    void keepColumns();
    void showColumnMenu(const QPoint& at);
    void showRowMenu(const QPoint& at);
    void tellVisibleRows();
    QList<int> shownColumns() const;

    DeviceTableModel& m_model;
    widgets::Skeleton* m_skeleton;
    bool m_isFitted = true;   ///< nobody moved, sized or hid a column: they follow the window
    bool m_isFitting = false; ///< it is us who size them
};

} // namespace platen::console
