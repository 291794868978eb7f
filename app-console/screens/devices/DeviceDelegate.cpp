// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "DeviceDelegate.h"

#include <console/models/DeviceTableModel.h>
#include <widgets/Colors.h>
#include <widgets/Skeleton.h>
#include <widgets/StatePill.h>
#include <widgets/SupplyBar.h>
#include <widgets/Theme.h>

#include <QPainter>

namespace platen::console {

namespace {

constexpr int barLength = 40;
constexpr int percentWidth = 42; // "100 %"

void paintSupply(QPainter& painter, const QRect& cell, const std::optional<model::Supply>& supply, const QPalette& palette)
{
    const widgets::Colors& colors = widgets::Colors::of(palette);
    if (!supply) {
        painter.setPen(colors.muted);
        painter.drawText(cell, Qt::AlignVCenter | Qt::AlignLeft, QStringLiteral("–"));
        return;
    }
    const QString level = widgets::levelText(*supply);
    const bool isReported = supply->level.kind > model::SupplyLevel::Kind::Unknown;
    const bool isPercent = supply->level.kind == model::SupplyLevel::Kind::Percent;
    const QRect bar(cell.left(), cell.top(), std::max(barLength, cell.width() - 92), cell.height());
    widgets::paintSupplyBar(painter, bar, *supply, palette);
    if (widgets::needsAttention(*supply)) {
        painter.setFont(widgets::fonts::strong());
        painter.setPen(widgets::mixed(colors.critical, colors.text, 0.2));
    } else {
        painter.setPen(isReported ? colors.text : colors.muted);
    }
    // Percentages stand under each other, words begin where numbers begin.
    const QRect text(bar.right() + 8, cell.top(), isPercent ? percentWidth : cell.right() - bar.right() - 7, cell.height());
    painter.drawText(text, Qt::AlignVCenter | (isPercent ? Qt::AlignRight : Qt::AlignLeft), painter.fontMetrics().elidedText(level, Qt::ElideRight, text.width()));
}

} // namespace

void DeviceDelegate::paintContent(QPainter& painter, const QRect& cell, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const QVariant value = index.data(DeviceTableModel::RowRole);
    if (!value.isValid()) {
        widgets::paintSkeleton(painter, cell, static_cast<size_t>(index.row() * 13 + index.column() * 7), option.palette);
        return;
    }
    const auto device = value.value<DeviceRow>();
    if (index.column() == DeviceTableModel::State)
        widgets::paintStatePill(painter, cell, device.state, device.stateWords(), option.palette);
    else if (index.column() == DeviceTableModel::LowestSupply)
        paintSupply(painter, cell, device.lowestSupply, option.palette);
    else
        paintText(painter, cell, option, index, device.state == widgets::DeviceState::Offline || index.column() == DeviceTableModel::LastSeen);
}

// For "fit to contents" by a double click on a header's edge.
QSize DeviceDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const
{
    const QFontMetrics metrics(widgets::fonts::numbers());
    const int around = index.column() == DeviceTableModel::State ? 54 : index.column() == DeviceTableModel::LowestSupply ? 80 : 18;
    return {metrics.horizontalAdvance(index.data().toString()) + around, widgets::metrics::rowHeight};
}

} // namespace platen::console
