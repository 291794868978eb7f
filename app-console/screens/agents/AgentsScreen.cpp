// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "AgentsScreen.h"

#include <console/models/AgentTableModel.h>
#include <console/session/Settings.h>
#include <widgets/Banner.h>
#include <widgets/EmptyState.h>
#include <widgets/ErrorText.h>
#include <widgets/Skeleton.h>
#include <widgets/TableView.h>
#include <widgets/Theme.h>

#include <QHeaderView>
#include <QSettings>
#include <QSortFilterProxyModel>
#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace platen::console {

AgentsScreen::AgentsScreen(ScreenServices services, QWidget* parent)
    : Screen(parent)
    , m_services(services)
    , m_model(new AgentTableModel(services.server, this))
    , m_sorted(new QSortFilterProxyModel(this))
    , m_banner(new widgets::Banner)
    , m_table(new widgets::TableView)
    , m_empty(new widgets::EmptyState)
    , m_content(new QStackedWidget)
    , m_skeleton(new widgets::Skeleton(m_table->viewport(), widgets::metrics::rowHeight))
{
    setObjectName(u"agentsScreen"_s);
    build();
    connect(m_model, &AgentTableModel::loaded, this, &AgentsScreen::showOutcome);
    connect(m_model, &AgentTableModel::failed, this, &AgentsScreen::showOutcome);
    connect(m_banner, &widgets::Banner::actionTriggered, this, &AgentsScreen::refresh);
    connect(m_table, &QAbstractItemView::activated, this, &AgentsScreen::openDevices);
    QHeaderView* header = m_table->horizontalHeader();
    const auto remember = [this, header] { m_services.settings.setValue(settings::agentsHeader, header->saveState()); };
    connect(header, &QHeaderView::sectionResized, this, remember);
    connect(header, &QHeaderView::sortIndicatorChanged, this, remember);
}

void AgentsScreen::build()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(widgets::metrics::pageMargin, 8, widgets::metrics::pageMargin, widgets::metrics::pageMargin);
    column->setSpacing(12);
    column->addWidget(m_banner);
    auto* card = new QFrame;
    widgets::setLook(card, "card");
    auto* inside = new QVBoxLayout(card);
    inside->setContentsMargins(1, 6, 1, 6);
    inside->addWidget(m_content);
    column->addWidget(card, 1);
    m_content->addWidget(m_table);
    m_content->addWidget(m_empty);

    m_sorted->setSourceModel(m_model);
    m_sorted->setSortRole(AgentTableModel::SortRole);
    m_sorted->setSortCaseSensitivity(Qt::CaseInsensitive);
    m_sorted->setSortLocaleAware(true);
    m_sorted->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_sorted->setFilterKeyColumn(-1);
    m_table->setModel(m_sorted);
    m_table->setObjectName(u"agentTable"_s);
    m_table->setAccessibleName(tr("Agents"));
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(AgentTableModel::Name, Qt::AscendingOrder);
    QHeaderView* header = m_table->horizontalHeader();
    const int widths[]{260, 180, 90, 130, 110, 200};
    for (int section = 0; section < AgentTableModel::ColumnCount; ++section)
        header->resizeSection(section, widths[section]);
    header->restoreState(m_services.settings.value(settings::agentsHeader).toByteArray());
    setFocusProxy(m_table);
}

void AgentsScreen::refresh()
{
    if (!m_model->isLoaded())
        m_skeleton->start();
    m_model->refresh();
}

QString AgentsScreen::searchHint() const { return tr("Search agents"); }

void AgentsScreen::search(const QString& words)
{
    m_sorted->setFilterFixedString(words);
    showOutcome();
}

void AgentsScreen::showOutcome()
{
    m_skeleton->stop();
    if (m_model->error() && m_model->error()->code != ErrorCode::NetworkFailed)
        m_banner->showError(widgets::errorText(m_model->error()->code), tr("Retry"));
    else
        m_banner->hide();
    emit countChanged(m_model->isLoaded() ? m_sorted->rowCount() : -1);
    const bool isEmpty = m_model->isLoaded() && m_sorted->rowCount() == 0;
    if (isEmpty && m_model->rowCount() == 0)
        m_empty->present(u"computer"_s, tr("No agents yet"), tr("An agent reads the printers of a site. Create a PIN on the server, then activate an agent with it."), {});
    else if (isEmpty)
        m_empty->present(u"edit-find"_s, tr("No agent matches"), tr("No agent's name, state or version contains these words."), {});
    m_content->setCurrentIndex(isEmpty ? 1 : 0);
}

void AgentsScreen::openDevices(const QModelIndex& index)
{
    const Agent& agent = m_model->agent(m_sorted->mapToSource(index).row());
    emit screenRequested(u"devices"_s, agent.id + u'\t' + agent.name);
}

} // namespace platen::console
