// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "FilterBar.h"

#include <console/models/StateCounts.h>
#include <widgets/Icons.h>
#include <widgets/Theme.h>

#include <QHBoxLayout>
#include <QLocale>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace platen::console {

using widgets::DeviceState;

namespace {

QPushButton* makeChip(const QString& objectName, QWidget* parent)
{
    auto* chip = new QPushButton(parent); // with a parent: shown alone it would be a window
    chip->setObjectName(objectName);
    chip->setCheckable(true);
    widgets::setLook(chip, "chip");
    return chip;
}

} // namespace

// The last group is nobody's chip: it counts everything.
QList<QList<DeviceState>> FilterBar::groups()
{
    return {{DeviceState::Error}, {DeviceState::Attention}, {DeviceState::Offline},
        {DeviceState::Ready, DeviceState::Printing, DeviceState::WarmingUp, DeviceState::Sleeping}, {DeviceState::Unknown}, {}};
}

FilterBar::FilterBar(StateCounts& counts, QWidget* parent)
    : QWidget(parent)
    , m_counts(counts)
    , m_all(makeChip(u"chip-all"_s, this))
    , m_agent(makeChip(u"chip-agent"_s, this))
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    m_all->setChecked(true);
    row->addWidget(m_all);
    connect(m_all, &QPushButton::clicked, this, [this] { choose(-1); });
    for (int group = 0; group < groups().size() - 1; ++group) {
        const DeviceState state = groups()[group].first();
        auto* chip = makeChip(u"chip-"_s + widgets::keywordOf(state), this);
        chip->setIcon(widgets::iconOf(state));
        chip->setIconSize({14, 14});
        chip->setVisible(state != DeviceState::Unknown);
        if (state == DeviceState::Ready)
            chip->setToolTip(tr("Ready, printing, warming up or sleeping"));
        connect(chip, &QPushButton::clicked, this, [this, group] { choose(group); });
        m_chips.append(chip);
        row->addWidget(chip);
    }
    m_agent->hide();
    m_agent->setIcon(widgets::icon(u"window-close"_s, widgets::Ink::Muted));
    m_agent->setIconSize({12, 12});
    m_agent->setLayoutDirection(Qt::RightToLeft);
    m_agent->setToolTip(tr("Show the devices of all agents"));
    row->addWidget(m_agent);
    row->addStretch(1);
    connect(m_agent, &QPushButton::clicked, this, [this] {
        showAgent({}, {});
        emit changed();
    });
    connect(&counts, &StateCounts::changed, this, &FilterBar::showCounts);
    showCounts();
}

QList<DeviceState> FilterBar::states() const
{
    QList<DeviceState> states;
    for (int group = 0; group < m_chips.size(); ++group) {
        if (m_chips[group]->isChecked())
            states += groups()[group];
    }
    return states;
}

void FilterBar::showAgent(const QString& id, const QString& name)
{
    m_agentId = id;
    m_agent->setText(tr("Agent: %1").arg(name));
    m_agent->setChecked(true);
    m_agent->setVisible(!id.isEmpty());
}

void FilterBar::clear()
{
    for (QPushButton* chip : std::as_const(m_chips))
        chip->setChecked(false);
    m_all->setChecked(true);
    showAgent({}, {});
}

void FilterBar::choose(int group)
{
    if (group < 0) {
        for (QPushButton* chip : std::as_const(m_chips))
            chip->setChecked(false);
    }
    m_all->setChecked(states().isEmpty());
    emit changed();
}

void FilterBar::showCounts()
{
    const auto label = [this](const QString& word, int group) {
        return m_counts.of(group) < 0 ? word : tr("%1  %2", "a state and how many devices are in it").arg(word, QLocale().toString(m_counts.of(group)));
    };
    for (int group = 0; group < m_chips.size(); ++group) {
        const DeviceState state = groups()[group].first();
        //: devices that are ready, printing, warming up or sleeping
        m_chips[group]->setText(u' ' + label(state == DeviceState::Ready ? tr("OK") : widgets::wordOf(state), group));
        if (state == DeviceState::Unknown)
            m_chips[group]->setVisible(m_counts.of(group) > 0 || m_chips[group]->isChecked());
    }
    m_all->setText(label(tr("All"), static_cast<int>(m_chips.size())));
}

} // namespace platen::console
