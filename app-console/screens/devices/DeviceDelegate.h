// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <widgets/TableDelegate.h>

namespace platen::console {

/// Paints the cells of the device table: state pill, supply bar, text; grey bars where a row is being fetched.
class DeviceDelegate final : public widgets::TableDelegate {
    Q_OBJECT

public:
    using TableDelegate::TableDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

protected:
    void paintContent(QPainter& painter, const QRect& cell, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

} // namespace platen::console
