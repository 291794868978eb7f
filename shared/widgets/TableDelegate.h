// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace platen::widgets {

class TableView;

/// Paints a cell of a TableView: the row's ground, an icon when there is one, elided text with digits of one width. Whoever
/// paints more overrides paintContent.
class TableDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    explicit TableDelegate(TableView* view);

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;

protected:
    /// `cell` is the cell without its edges; the painter has the body font and the text's colour.
    virtual void paintContent(QPainter& painter, const QRect& cell, const QStyleOptionViewItem& option, const QModelIndex& index) const;

    /// Elided text, aligned as the model says. Quiet text is muted.
    static void paintText(QPainter& painter, const QRect& cell, const QStyleOptionViewItem& option, const QModelIndex& index, bool isQuiet);

private:
    TableView* m_view;
};

} // namespace platen::widgets
