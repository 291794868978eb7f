// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "DeviceTableView.h"

#include "DeviceDelegate.h"

#include <console/models/DeviceTableModel.h>
#include <widgets/Icons.h>
#include <widgets/Skeleton.h>
#include <widgets/Theme.h>

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QMenu>
#include <QKeyEvent>

using namespace Qt::StringLiterals;

namespace platen::console {

using Column = DeviceTableModel::Column;

DeviceTableView::DeviceTableView(DeviceTableModel& model, QWidget* parent)
    : TableView(parent)
    , m_model(model)
    , m_skeleton(new widgets::Skeleton(viewport(), widgets::metrics::rowHeight))
{
    setObjectName(u"deviceTable"_s);
    setAccessibleName(tr("Devices"));
    setModel(&model);
    setItemDelegate(new DeviceDelegate(this));
    setSelectionMode(ExtendedSelection);
    setContextMenuPolicy(Qt::CustomContextMenu);
    QHeaderView* header = horizontalHeader();
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(header, &QWidget::customContextMenuRequested, this, [this, header](const QPoint& at) { showColumnMenu(header->mapToGlobal(at)); });
    connect(header, &QHeaderView::sectionMoved, this, &DeviceTableView::layoutChanged);
    connect(header, &QHeaderView::sectionResized, this, &DeviceTableView::layoutChanged);
    connect(this, &QWidget::customContextMenuRequested, this, [this](const QPoint& at) { showRowMenu(viewport()->mapToGlobal(at)); });
    connect(this, &QAbstractItemView::doubleClicked, this, [this](const QModelIndex& index) { emit activatedRow(index.row()); });
    arrangeColumns();
}

// What somebody looks at first stands first, so that it stays in view beside the details.
void DeviceTableView::arrangeColumns()
{
    const std::pair<Column, int> columns[]{{Column::State, 152}, {Column::Manufacturer, 104}, {Column::Model, 176}, {Column::SerialNumber, 132},
        {Column::LowestSupply, 140}, {Column::TotalMeter, 100}, {Column::LastSeen, 92}, {Column::Address, 96}, {Column::Location, 160},
        {Column::AssetNumber, 110}, {Column::Agent, 140}};
    QHeaderView* header = horizontalHeader();
    int place = 0;
    for (const auto& [column, width] : columns) {
        header->moveSection(header->visualIndex(column), place++);
        header->resizeSection(column, width);
        header->setSectionHidden(column, column == Column::AssetNumber || column == Column::Agent);
    }
    header->setSortIndicator(Column::State, Qt::AscendingOrder);
}

QByteArray DeviceTableView::layoutState() const { return horizontalHeader()->saveState(); }

void DeviceTableView::restoreLayout(const QByteArray& state)
{
    if (state.isEmpty() || !horizontalHeader()->restoreState(state) || horizontalHeader()->count() != Column::ColumnCount)
        arrangeColumns();
    horizontalHeader()->setStretchLastSection(true);
}

QList<int> DeviceTableView::shownColumns() const
{
    QList<int> columns;
    for (int place = 0; place < horizontalHeader()->count(); ++place) {
        const int column = horizontalHeader()->logicalIndex(place);
        if (!isColumnHidden(column))
            columns.append(column);
    }
    return columns;
}

void DeviceTableView::showColumnMenu(const QPoint& at)
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (int column = 0; column < Column::ColumnCount; ++column) {
        QAction* action = menu->addAction(m_model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
        action->setCheckable(true);
        action->setChecked(!isColumnHidden(column));
        action->setEnabled(isColumnHidden(column) || shownColumns().size() > 1);
        connect(action, &QAction::toggled, this, [this, column](bool shown) {
            setColumnHidden(column, !shown);
            emit layoutChanged();
        });
    }
    menu->addSeparator();
    connect(menu->addAction(tr("Reset columns")), &QAction::triggered, this, [this] {
        arrangeColumns();
        emit layoutChanged();
    });
    menu->popup(at);
}

void DeviceTableView::showRowMenu(const QPoint& at)
{
    if (selectionModel()->selectedRows().isEmpty())
        return;
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    QAction* copy = menu->addAction(widgets::icon(u"edit-copy"_s), tr("Copy"));
    copy->setShortcut(QKeySequence::Copy);
    connect(copy, &QAction::triggered, this, &DeviceTableView::copySelection);
    menu->popup(at);
}

void DeviceTableView::copySelection()
{
    QModelIndexList selected = selectionModel()->selectedRows();
    if (selected.isEmpty())
        return;
    std::ranges::sort(selected, {}, &QModelIndex::row);
    QSet<int> wanted;
    for (const QModelIndex& index : std::as_const(selected))
        wanted.insert(index.row());
    const int first = selected.first().row();
    // Rows never scrolled to are fetched before they are copied.
    QCoro::connect(m_model.rows(first, selected.last().row()), this, [this, wanted, first](const Result<QList<DeviceRow>>& rows) {
        if (!rows)
            return;
        const QList<int> columns = shownColumns();
        QStringList lines, headers;
        for (const int column : columns)
            headers.append(m_model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
        lines.append(headers.join(u'\t'));
        for (int i = 0; i < rows->size(); ++i) {
            if (wanted.contains(first + i))
                lines.append(m_model.texts(rows->at(i), columns).join(u'\t'));
        }
        QGuiApplication::clipboard()->setText(lines.join(u'\n') + u'\n');
    });
}

void DeviceTableView::setLoading(bool loading)
{
    if (loading)
        m_skeleton->start();
    else
        m_skeleton->stop();
}

void DeviceTableView::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy)) {
        copySelection();
        return;
    }
    if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && currentIndex().isValid()) {
        emit activatedRow(currentIndex().row());
        return;
    }
    if (event->key() == Qt::Key_Escape) {
        emit escaped();
        return;
    }
    const bool isText = !event->text().isEmpty() && event->text().at(0).isPrint() && event->text().at(0) != u' ';
    if (isText && !(event->modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier))) {
        emit typed(event->text());
        return;
    }
    TableView::keyPressEvent(event);
}

void DeviceTableView::tellVisibleRows()
{
    const int first = std::max(0, rowAt(0));
    m_model.setVisibleRows(first, first + viewport()->height() / widgets::metrics::rowHeight + 1);
}

void DeviceTableView::resizeEvent(QResizeEvent* event)
{
    TableView::resizeEvent(event);
    m_skeleton->resize(viewport()->size());
    tellVisibleRows();
}

void DeviceTableView::scrollContentsBy(int dx, int dy)
{
    TableView::scrollContentsBy(dx, dy);
    tellVisibleRows();
}

} // namespace platen::console
