// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "DeviceDelegate.h"

#include "DeviceTableView.h"

#include <console/models/DeviceTableModel.h>
#include <widgets/Colors.h>
#include <widgets/Skeleton.h>
#include <widgets/StatePill.h>
#include <widgets/SupplyBar.h>
#include <widgets/Theme.h>

#include <QPainter>

namespace platen::console {

namespace {

constexpr int cellEdge = 8;
constexpr int levelWidth = 44; // "100 %"

void paintGround(QPainter& painter, const QStyleOptionViewItem& option, bool isHovered, bool isFirst)
{
    const widgets::Colors& colors = widgets::Colors::of(option.palette);
    const bool isSelected = option.state & QStyle::State_Selected;
    QColor ground = colors.surface;
    if (isSelected)
        ground = widgets::mixed(colors.surface, colors.accent, colors.dark ? 0.20 : 0.10);
    else if (isHovered)
        ground = widgets::mixed(colors.surface, colors.text, 0.03);
    painter.fillRect(option.rect, ground);
    painter.fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1), widgets::mixed(colors.surface, colors.border, 0.6));
    if (isSelected && isFirst)
        painter.fillRect(QRect(option.rect.left(), option.rect.top(), 3, option.rect.height()), colors.accent);
}

void paintSupply(QPainter& painter, const QRect& cell, const std::optional<model::Supply>& supply, const QPalette& palette)
{
    const widgets::Colors& colors = widgets::Colors::of(palette);
    if (!supply) {
        painter.setPen(colors.muted);
        painter.drawText(cell, Qt::AlignVCenter | Qt::AlignLeft, QStringLiteral("–"));
        return;
    }
    const QString level = widgets::levelText(*supply);
    const bool isNumber = supply->level.kind == model::SupplyLevel::Kind::Percent;
    const int words = isNumber ? levelWidth : std::min(painter.fontMetrics().horizontalAdvance(level) + 4, cell.width() / 2 + 20);
    const QRect bar(cell.left(), cell.top(), std::max(24, cell.width() - words - 8), cell.height());
    widgets::paintSupplyBar(painter, bar, *supply, palette);
    if (isNumber && widgets::needsAttention(*supply)) {
        painter.setFont(widgets::fonts::strong());
        painter.setPen(widgets::mixed(colors.critical, colors.text, 0.2));
    } else {
        painter.setPen(isNumber ? colors.text : colors.muted);
    }
    const QRect text(bar.right() + 8, cell.top(), cell.right() - bar.right() - 8, cell.height());
    painter.drawText(text, Qt::AlignVCenter | (isNumber ? Qt::AlignRight : Qt::AlignLeft), painter.fontMetrics().elidedText(level, Qt::ElideRight, text.width()));
}

} // namespace

DeviceDelegate::DeviceDelegate(DeviceTableView* view)
    : QStyledItemDelegate(view)
    , m_view(view)
{
}

void DeviceDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    painter->save();
    painter->setClipRect(option.rect);
    const widgets::Colors& colors = widgets::Colors::of(option.palette);
    paintGround(*painter, option, m_view->hoveredRow() == index.row(), m_view->isFirstColumn(index.column()));
    const QRect cell = option.rect.adjusted(cellEdge, 0, -cellEdge, 0);
    const QVariant value = index.data(DeviceTableModel::RowRole);
    if (!value.isValid()) {
        widgets::paintSkeleton(*painter, cell, static_cast<size_t>(index.row() * 13 + index.column() * 7), option.palette);
        painter->restore();
        return;
    }
    const auto device = value.value<DeviceRow>();
    const bool isOffline = device.state == widgets::DeviceState::Offline;
    painter->setFont(widgets::fonts::numbers());
    switch (index.column()) {
    case DeviceTableModel::State:
        widgets::paintStatePill(*painter, cell, device.state, device.stateWords(), option.palette);
        break;
    case DeviceTableModel::LowestSupply:
        paintSupply(*painter, cell, device.lowestSupply, option.palette);
        break;
    default: {
        const bool isQuiet = isOffline || index.column() == DeviceTableModel::LastSeen;
        const QVariant alignment = index.data(Qt::TextAlignmentRole);
        painter->setPen(isQuiet ? colors.muted : colors.text);
        if (isQuiet && (option.state & QStyle::State_Selected))
            painter->setPen(widgets::mixed(colors.muted, colors.text, 0.4));
        painter->drawText(cell, alignment.isValid() ? alignment.toInt() : int(Qt::AlignVCenter | Qt::AlignLeft),
            painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, cell.width()));
    }
    }
    painter->restore();
}

QSize DeviceDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const
{
    const QFontMetrics metrics(widgets::fonts::numbers());
    const int text = metrics.horizontalAdvance(index.data().toString());
    const int extra = index.column() == DeviceTableModel::State ? 36 : index.column() == DeviceTableModel::LowestSupply ? 90 : 0;
    return {text + 2 * cellEdge + extra + 2, widgets::metrics::rowHeight};
}

} // namespace platen::console
