// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTableView>

namespace platen::widgets {

/// A table of the house: 32 px rows, whole rows selected and lit under the mouse, no grid, headers left as people arrange them.
class TableView : public QTableView {
    Q_OBJECT

public:
    explicit TableView(QWidget* parent = nullptr);

    int hoveredRow() const { return m_hovered; } ///< −1: none
    bool isFirstColumn(int logical) const;

protected:
    bool viewportEvent(QEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    void hover(int row);

    int m_hovered = -1;
};

} // namespace platen::widgets
