// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "DevicesScreen.h"

#include "DetailsPane.h"
#include "DeviceTableView.h"
#include "FilterBar.h"

#include <console/models/DeviceDetails.h>
#include <console/models/DeviceTableModel.h>
#include <console/models/StateCounts.h>
#include <console/session/Settings.h>
#include <widgets/Banner.h>
#include <widgets/EmptyState.h>
#include <widgets/ErrorText.h>
#include <widgets/Theme.h>

#include <QHeaderView>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace platen::console {

DevicesScreen::DevicesScreen(ScreenServices services, QWidget* parent)
    : Screen(parent)
    , m_services(services)
    , m_model(new DeviceTableModel(services.server, this))
    , m_details(new DeviceDetails(services.server, this))
    , m_counts(new StateCounts(services.server, this))
    , m_filters(new FilterBar(*m_counts))
    , m_banner(new widgets::Banner)
    , m_table(new DeviceTableView(*m_model))
    , m_empty(new widgets::EmptyState)
    , m_content(new QStackedWidget)
    , m_splitter(new QSplitter(Qt::Horizontal))
    , m_pane(new DetailsPane(*m_details))
{
    setObjectName(u"devicesScreen"_s);
    build();
    connectModel();
    connectTable();
}

void DevicesScreen::build()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(widgets::metrics::pageMargin, 8, widgets::metrics::pageMargin, widgets::metrics::pageMargin);
    column->setSpacing(12);
    column->addWidget(m_filters);
    column->addWidget(m_banner);
    column->addWidget(m_splitter, 1);

    auto* card = new QFrame;
    widgets::setLook(card, "card");
    auto* inside = new QVBoxLayout(card);
    inside->setContentsMargins(1, 6, 1, 6); // keeps square corners inside the round ones
    inside->addWidget(m_content);
    m_content->addWidget(m_table);
    m_content->addWidget(m_empty);
    m_card = card;
    m_splitter->addWidget(card);
    m_splitter->addWidget(m_pane);
    m_splitter->setHandleWidth(12);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 0);
    m_splitter->setChildrenCollapsible(false);
    m_pane->hide();
    m_banner->setObjectName(u"devicesBanner"_s);
    m_empty->setObjectName(u"devicesEmpty"_s);
    setFocusProxy(m_table);

    m_table->restoreLayout(m_services.settings.value(settings::devicesHeader).toByteArray());
    m_sortColumn = m_table->horizontalHeader()->sortIndicatorSection();
    m_sortOrder = m_table->horizontalHeader()->sortIndicatorOrder();
    if (!m_splitter->restoreState(m_services.settings.value(settings::devicesSplitter).toByteArray()))
        m_splitter->setSizes({836, 336});
    m_splitter->setHandleWidth(12);
}

void DevicesScreen::connectModel()
{
    connect(m_model, &DeviceTableModel::queryChanged, m_table, [this] { m_table->setLoading(!m_model->isLoaded()); });
    connect(m_model, &DeviceTableModel::loaded, this, [this] {
        showOutcome();
        showCurrent();
        emit ready();
    });
    connect(m_model, &DeviceTableModel::failed, this, [this] {
        showOutcome();
        emit ready();
    });
    connect(m_model, &DeviceTableModel::totalChanged, this, &DevicesScreen::showOutcome);
    // The device in the details stays the selected one, also when its row comes back with a later page or another search.
    for (const auto& arrived : {&DeviceTableModel::loaded, &DeviceTableModel::pageLoaded})
        connect(m_model, arrived, this, [this] { m_table->pickOut(m_details->id()); });
    connect(m_model, &QAbstractItemModel::dataChanged, this, &DevicesScreen::showCurrent);
    connect(m_filters, &FilterBar::changed, this, &DevicesScreen::applyQuery);
    connect(m_banner, &widgets::Banner::actionTriggered, this, &DevicesScreen::refresh);
    connect(m_empty, &widgets::EmptyState::actionTriggered, this, [this] {
        if (m_model->query().narrows())
            clearFilters();
        else
            emit screenRequested(u"agents"_s, {});
    });
    // "2 min ago" grows old by itself.
    auto* minute = new QTimer(this);
    minute->setInterval(30s);
    connect(minute, &QTimer::timeout, m_table->viewport(), qOverload<>(&QWidget::update));
    minute->start();
}

void DevicesScreen::connectTable()
{
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &DevicesScreen::showCurrent);
    connect(m_table->horizontalHeader(), &QHeaderView::sortIndicatorChanged, this, &DevicesScreen::sortBy);
    connect(m_table, &DeviceTableView::typed, this, &Screen::searchRequested);
    connect(m_table, &DeviceTableView::activatedRow, this, [this](int row) { showRow(row, true); });
    connect(m_table, &DeviceTableView::escaped, this, &DevicesScreen::closeDetails);
    connect(m_table, &DeviceTableView::layoutChanged, this, &DevicesScreen::remember);
    connect(m_splitter, &QSplitter::splitterMoved, this, &DevicesScreen::remember);
    connect(m_pane, &DetailsPane::closeRequested, this, &DevicesScreen::closeDetails);
    connect(m_pane, &DetailsPane::wideRequested, this, &DevicesScreen::setWide);
}

void DevicesScreen::refresh()
{
    if (!m_model->isLoaded()) {
        applyQuery();
        return;
    }
    m_model->refresh();
    m_details->refresh();
    m_counts->count(m_model->query(), FilterBar::groups());
}

QString DevicesScreen::searchHint() const { return tr("Search devices"); }

void DevicesScreen::search(const QString& words)
{
    m_search = words;
    applyQuery();
}

void DevicesScreen::open(const QString& what)
{
    m_filters->clear();
    m_filters->showAgent(what.section(u'\t', 0, 0), what.section(u'\t', 1));
    applyQuery();
}

void DevicesScreen::applyQuery()
{
    const DeviceQuery query{m_search, m_filters->states(), m_filters->agentId(), DeviceTableModel::sortName(m_sortColumn), m_sortOrder == Qt::DescendingOrder};
    m_table->scrollToTop();
    m_model->setQuery(query);
    m_counts->count(query, FilterBar::groups());
}

void DevicesScreen::sortBy(int column, Qt::SortOrder order)
{
    if (DeviceTableModel::sortName(column).isEmpty()) { // the server does not sort by it
        const QSignalBlocker quiet(m_table->horizontalHeader());
        m_table->horizontalHeader()->setSortIndicator(m_sortColumn, m_sortOrder);
        return;
    }
    m_sortColumn = column;
    m_sortOrder = order;
    remember();
    applyQuery();
}

void DevicesScreen::showCurrent()
{
    const QModelIndex current = m_table->currentIndex();
    const DeviceRow* row = current.isValid() ? m_model->row(current.row()) : nullptr;
    if (!row || row->id == m_details->id())
        return;
    m_details->show(row->id, *row);
    m_pane->show();
}

int DevicesScreen::rowOf(const QString& modelOrSerial) const
{
    for (int at = 0; at < m_model->rowCount(); ++at) {
        if (const DeviceRow* row = m_model->row(at); row && (row->model == modelOrSerial || row->serialNumber == modelOrSerial))
            return at;
    }
    return -1;
}

void DevicesScreen::showRow(int row, bool wide)
{
    m_table->selectRow(row);
    showCurrent();
    setWide(wide);
}

void DevicesScreen::showOutcome()
{
    m_table->setLoading(m_model->isLoading() && !m_model->isLoaded());
    if (m_model->error() && m_model->error()->code != ErrorCode::NetworkFailed)
        m_banner->showError(widgets::errorText(m_model->error()->code), tr("Retry"));
    else
        m_banner->hide(); // the frame says that the line is cut
    emit countChanged(m_model->isLoaded() || m_model->rowCount() > 0 ? m_model->rowCount() : -1);
    const bool isEmpty = m_model->rowCount() == 0 && !m_model->isLoading() && !m_model->error();
    if (isEmpty)
        showEmpty();
    m_content->setCurrentWidget(isEmpty ? static_cast<QWidget*>(m_empty) : m_table);
}

void DevicesScreen::showEmpty()
{
    if (m_model->query().narrows())
        m_empty->present(u"edit-find"_s, tr("No device matches"), m_search.isEmpty() ? tr("No device is in the chosen state.") : tr("Nothing fits “%1” and the chosen filters.").arg(m_search),
            tr("Show all devices"));
    else
        m_empty->present(u"document-print"_s, tr("No printers yet"), tr("Printers appear here as soon as an agent has found them."), tr("Show agents"));
}

void DevicesScreen::setWide(bool wide)
{
    m_card->setVisible(!wide);
    m_filters->setVisible(!wide);
    m_pane->setWide(wide);
    if (wide)
        m_pane->setFocus();
    else
        m_table->setFocus();
}

void DevicesScreen::closeDetails()
{
    setWide(false);
    m_pane->hide();
    m_details->show({}, {});
    m_table->selectionModel()->clear();
}

void DevicesScreen::clearFilters()
{
    m_filters->clear();
    m_search.clear();
    emit searchRequested({});
    applyQuery();
}

void DevicesScreen::remember()
{
    m_services.settings.setValue(settings::devicesHeader, m_table->layoutState());
    m_services.settings.setValue(settings::devicesSplitter, m_splitter->saveState());
}

} // namespace platen::console
