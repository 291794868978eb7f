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
#include <QKeyEvent>
#include <QMenu>
#include <QScopedValueRollback>

using namespace Qt::StringLiterals;

namespace platen::console {

using Column = DeviceTableModel::Column;

namespace {

struct Place {
    Column column;
    int width;
    int roomy; // where there is room
};

// What somebody looks at first stands first, so that it stays in view beside the details.
constexpr Place places[]{{Column::State, 152, 152}, {Column::Manufacturer, 104, 104}, {Column::Model, 176, 248}, {Column::SerialNumber, 132, 176},
    {Column::LowestSupply, 140, 140}, {Column::TotalMeter, 100, 100}, {Column::LastSeen, 92, 92}, {Column::Address, 96, 112},
    {Column::Location, 160, 160}, {Column::AssetNumber, 110, 110}, {Column::Agent, 140, 140}};

} // namespace

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
    connect(header, &QHeaderView::sectionMoved, this, &DeviceTableView::keepColumns);
    connect(header, &QHeaderView::sectionResized, this, [this](int column) {
        if (column != shownColumns().value(shownColumns().size() - 1)) // the last one follows the window
            keepColumns();
    });
    connect(this, &QWidget::customContextMenuRequested, this, [this](const QPoint& at) { showRowMenu(viewport()->mapToGlobal(at)); });
    connect(this, &QAbstractItemView::doubleClicked, this, [this](const QModelIndex& index) { emit activatedRow(index.row()); });
    arrangeColumns();
}

void DeviceTableView::arrangeColumns()
{
    const QScopedValueRollback fitting(m_isFitting, true);
    QHeaderView* header = horizontalHeader();
    int at = 0;
    for (const Place& place : places) {
        header->moveSection(header->visualIndex(place.column), at++);
        header->setSectionHidden(place.column, place.column == Column::AssetNumber || place.column == Column::Agent);
    }
    header->setSortIndicator(Column::State, Qt::AscendingOrder);
    m_isFitted = true;
    fitColumns();
}

// Room that is left goes to the columns that would be cut, the first ones first.
void DeviceTableView::fitColumns()
{
    if (!m_isFitted)
        return;
    const QScopedValueRollback fitting(m_isFitting, true);
    int room = viewport()->width();
    for (const Place& place : places)
        room -= isColumnHidden(place.column) ? 0 : place.width;
    for (const Place& place : places) {
        const int more = std::clamp(room, 0, place.roomy - place.width);
        horizontalHeader()->resizeSection(place.column, place.width + more);
        room -= more;
    }
}

// Somebody arranged columns: from now on they stay so.
void DeviceTableView::keepColumns()
{
    if (m_isFitting)
        return;
    m_isFitted = false;
    emit layoutChanged();
}

QByteArray DeviceTableView::layoutState() const
{
    const QHeaderView* header = horizontalHeader();
    const bool isSorted = header->sortIndicatorSection() != Column::State || header->sortIndicatorOrder() != Qt::AscendingOrder;
    return m_isFitted && !isSorted ? QByteArray() : header->saveState();
}

void DeviceTableView::restoreLayout(const QByteArray& state)
{
    const QScopedValueRollback fitting(m_isFitting, true);
    m_isFitted = false;
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
            keepColumns();
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
    fitColumns();
    tellVisibleRows();
}

void DeviceTableView::scrollContentsBy(int dx, int dy)
{
    TableView::scrollContentsBy(dx, dy);
    tellVisibleRows();
}

} // namespace platen::console
