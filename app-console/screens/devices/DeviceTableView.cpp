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

#include <ranges>

using namespace Qt::StringLiterals;

namespace platen::console {

using Column = DeviceTableModel::Column;

namespace {

struct Place {
    Column column;
    int least, most;     // its width between these, by what stands in it
    bool mayCut = false; // down to the least where there is no room
};

// What somebody looks at first stands first, so that it stays in view beside the details.
constexpr Place places[]{{Column::State, 112, 190}, {Column::Manufacturer, 80, 150}, {Column::Model, 150, 260, true}, {Column::SerialNumber, 108, 190},
    {Column::LowestSupply, 108, 170}, {Column::TotalMeter, 96, 140}, {Column::LastSeen, 84, 110}, {Column::Address, 96, 140},
    {Column::Location, 108, 220, true}, {Column::AssetNumber, 108, 160}, {Column::Agent, 108, 180}};

constexpr int aroundTitle = 34; // edges and the arrow of sorting
constexpr QByteArrayView fittedMark = "fitted:";

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
    connect(&model, &DeviceTableModel::loaded, this, &DeviceTableView::measureColumns);
    connect(this, &QWidget::customContextMenuRequested, this, [this](const QPoint& at) { showRowMenu(viewport()->mapToGlobal(at)); });
    connect(this, &QAbstractItemView::doubleClicked, this, [this](const QModelIndex& index) { emit activatedRow(index.row()); });
    restoreLayout({});
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
    m_isFitted = true;
    m_needed.clear();
    measureColumns();
    fitColumns();
}

// How wide columns have to be for the rows that are there. Measured once: later rows move nothing.
void DeviceTableView::measureColumns()
{
    constexpr int enough = 100;
    if (!m_needed.isEmpty() || m_model.rowCount() == 0)
        return;
    for (const Place& place : places) {
        const QString title = m_model.headerData(place.column, Qt::Horizontal, Qt::DisplayRole).toString();
        int needed = horizontalHeader()->fontMetrics().horizontalAdvance(title) + aroundTitle;
        for (int row = 0; row < std::min(enough, m_model.rowCount()); ++row) {
            if (m_model.row(row)) // looking at others would fetch them
                needed = std::max(needed, itemDelegate()->sizeHint({}, m_model.index(row, place.column)).width());
        }
        m_needed.insert(place.column, needed);
    }
    fitColumns();
}

// Where there is too little room, long texts are cut, the last ones first.
void DeviceTableView::fitColumns()
{
    if (!m_isFitted)
        return;
    const QScopedValueRollback fitting(m_isFitting, true);
    QHash<int, int> widths;
    int missing = -viewport()->width();
    for (const Place& place : places) {
        widths[place.column] = std::clamp(m_needed.value(place.column, (place.least + place.most) / 2), place.least, place.most);
        missing += isColumnHidden(place.column) ? 0 : widths[place.column];
    }
    for (const Place& place : std::views::reverse(places)) {
        if (place.mayCut && !isColumnHidden(place.column)) {
            const int less = std::clamp(missing, 0, widths[place.column] - place.least);
            widths[place.column] -= less;
            missing -= less;
        }
        horizontalHeader()->resizeSection(place.column, widths[place.column]);
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

QByteArray DeviceTableView::layoutState() const { return (m_isFitted ? fittedMark.toByteArray() : QByteArray()) + horizontalHeader()->saveState(); }

void DeviceTableView::restoreLayout(const QByteArray& state)
{
    const QScopedValueRollback fitting(m_isFitting, true);
    QHeaderView* header = horizontalHeader();
    const bool isFitted = state.startsWith(fittedMark);
    m_isFitted = false;
    const bool isRestored = header->restoreState(isFitted ? state.sliced(fittedMark.size()) : state) && header->count() == Column::ColumnCount;
    if (!isRestored)
        header->setSortIndicator(Column::State, Qt::AscendingOrder);
    if (!isRestored || isFitted)
        arrangeColumns();
    header->setStretchLastSection(true);
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
        horizontalHeader()->setSortIndicator(Column::State, Qt::AscendingOrder);
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

void DeviceTableView::pickOut(const QString& id)
{
    const int row = m_model.rowOf(id);
    if (row < 0 || currentIndex().isValid())
        return;
    setAutoScroll(false);
    selectionModel()->setCurrentIndex(m_model.index(row, 0), QItemSelectionModel::Select | QItemSelectionModel::Rows);
    setAutoScroll(true);
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
