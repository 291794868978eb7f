// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "TableDelegate.h"

#include "Colors.h"
#include "TableView.h"
#include "Theme.h"

#include <QPainter>

namespace platen::widgets {

namespace {
constexpr int cellEdge = 8;
constexpr int iconSize = 16;
}

TableDelegate::TableDelegate(TableView* view)
    : QStyledItemDelegate(view)
    , m_view(view)
{
}

void TableDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const Colors& colors = Colors::of(option.palette);
    const bool isSelected = option.state & QStyle::State_Selected;
    QColor ground = colors.surface;
    if (isSelected)
        ground = mixed(colors.surface, colors.accent, colors.dark ? 0.20 : 0.10);
    else if (m_view->hoveredRow() == index.row())
        ground = mixed(colors.surface, colors.text, 0.03);

    painter->save();
    painter->setClipRect(option.rect);
    painter->fillRect(option.rect, ground);
    painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1), mixed(colors.surface, colors.border, 0.6));
    if (isSelected && m_view->isFirstColumn(index.column()))
        painter->fillRect(QRect(option.rect.left(), option.rect.top(), 3, option.rect.height()), colors.accent);
    painter->setFont(fonts::numbers());
    painter->setPen(colors.text);
    paintContent(*painter, option.rect.adjusted(cellEdge, 0, -cellEdge, 0), option, index);
    painter->restore();
}

void TableDelegate::paintContent(QPainter& painter, const QRect& cell, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QRect text = cell;
    if (const auto icon = index.data(Qt::DecorationRole).value<QIcon>(); !icon.isNull()) {
        icon.paint(&painter, QRect(cell.left(), cell.center().y() - iconSize / 2 + 1, iconSize, iconSize));
        text.setLeft(cell.left() + iconSize + 6);
    }
    paintText(painter, text, option, index, false);
}

void TableDelegate::paintText(QPainter& painter, const QRect& cell, const QStyleOptionViewItem& option, const QModelIndex& index, bool isQuiet)
{
    const Colors& colors = Colors::of(option.palette);
    const bool isSelected = option.state & QStyle::State_Selected;
    if (isQuiet) // on the tint of a selection, muted alone is too weak to read
        painter.setPen(isSelected ? mixed(colors.muted, colors.text, 0.4) : colors.muted);
    const QVariant alignment = index.data(Qt::TextAlignmentRole);
    painter.drawText(cell, alignment.isValid() ? alignment.toInt() : static_cast<int>(Qt::AlignVCenter | Qt::AlignLeft),
        painter.fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, cell.width()));
}

} // namespace platen::widgets
