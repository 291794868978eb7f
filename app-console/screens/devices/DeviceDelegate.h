// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace platen::console {

class DeviceTableView;

/// Paints the cells of the device table: state pill, supply bar, text; grey bars where a row is being fetched.
class DeviceDelegate final : public QStyledItemDelegate {
    Q_OBJECT

public:
    explicit DeviceDelegate(DeviceTableView* view);

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    DeviceTableView* m_view;
};

} // namespace platen::console
