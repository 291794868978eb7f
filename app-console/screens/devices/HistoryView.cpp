// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "HistoryView.h"

#include <widgets/Colors.h>
#include <widgets/ErrorText.h>
#include <widgets/Plot.h>
#include <widgets/Words.h>

#include <QComboBox>
#include <QDateTime>
#include <QVBoxLayout>

#include <cmath>
#include <limits>

using namespace Qt::StringLiterals;

namespace platen::console {

using widgets::Plot;

HistoryView::HistoryView(DeviceDetails& details, QWidget* parent)
    : QWidget(parent)
    , m_details(details)
    , m_choice(new QComboBox)
    , m_plot(new Plot)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(m_choice);
    column->addWidget(m_plot);
    m_choice->setObjectName(u"historyChoice"_s);
    m_choice->setAccessibleName(tr("What the history is of"));
    m_choice->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_plot->setObjectName(u"historyPlot"_s);
    connect(&details, &DeviceDetails::deviceChosen, this, &HistoryView::forget);
    connect(&details, &DeviceDetails::changed, this, &HistoryView::offerChoices);
    connect(m_choice, &QComboBox::activated, this, &HistoryView::ask);
    connect(m_plot, &Plot::rangeChosen, this, [this] {
        m_isRangeChosen = true;
        ask();
    });
}

void HistoryView::setPlotHeight(int height) { m_plot->setFixedHeight(height); }

void HistoryView::forget()
{
    ++m_generation;
    m_keys.clear();
    m_choice->clear();
    m_plot->presentWords({});
    m_isAsked = false;
}

// Meters first, as people read them; then supplies that give numbers at all.
void HistoryView::offerChoices()
{
    if (!m_details.reading())
        return;
    QList<HistoryKey> keys;
    QStringList words;
    QList<QColor> colors;
    const auto offer = [&](const HistoryKey& key, const QString& name, const QColor& color) {
        keys.append(key);
        words.append(name);
        colors.append(color);
    };
    QList<model::Meter> meters = m_details.reading()->meters;
    std::ranges::stable_sort(meters, {}, &widgets::meterRank);
    for (const model::Meter& meter : std::as_const(meters)) {
        const QString key = meter.marker.isEmpty() ? meter.name : meter.name + u'/' + meter.marker;
        offer({HistoryKey::Kind::Meter, key}, tr("Meter: %1").arg(widgets::meterName(meter, meters)), {});
    }
    for (const model::Supply& supply : m_details.reading()->supplies) {
        if (supply.level.kind == model::SupplyLevel::Kind::Percent || supply.level.kind == model::SupplyLevel::Kind::Range)
            offer({HistoryKey::Kind::Supply, supply.index}, tr("Supply: %1").arg(widgets::supplyName(supply)), widgets::Colors::of(palette()).supply(supply.color));
    }
    if (keys != m_keys) {
        const HistoryKey chosen = m_keys.value(m_choice->currentIndex());
        m_keys = keys;
        m_choice->clear();
        m_choice->addItems(words);
        m_choice->setCurrentIndex(static_cast<int>(std::max<qsizetype>(0, keys.indexOf(chosen))));
    }
    m_colors = colors;
    m_choice->setVisible(!keys.isEmpty());
    if (!m_isAsked) {
        m_isAsked = true;
        chooseRange();
        ask();
    }
}

// The shortest range that holds all there is of the device.
void HistoryView::chooseRange()
{
    if (m_isRangeChosen || m_details.firstSeenAt() == Instant{})
        return;
    const qint64 age = QDateTime::currentMSecsSinceEpoch() - toMs(m_details.firstSeenAt());
    for (const Plot::Range range : {Plot::Range::Week, Plot::Range::Month, Plot::Range::Year, Plot::Range::All}) {
        m_plot->choose(range);
        if (age <= m_plot->rangeMs())
            return;
    }
}

void HistoryView::ask()
{
    if (m_keys.isEmpty()) {
        m_plot->presentWords(tr("This device reports no meters and no supply levels."));
        emit shown();
        return;
    }
    const HistoryKey key = m_keys.value(std::max(0, m_choice->currentIndex()));
    const qint64 from = m_plot->rangeMs() > 0 ? QDateTime::currentMSecsSinceEpoch() - m_plot->rangeMs() : 0;
    QCoro::connect(m_details.history(key, from), this, [this, key, generation = ++m_generation](const Result<History>& history) {
        if (generation != m_generation)
            return;
        if (history)
            present(*history, key);
        else
            m_plot->presentWords(widgets::errorText(history.error().code));
        emit shown();
    });
}

// A value holds until the next point; so the last one holds until now, and a gap begins where it begins.
void HistoryView::present(const History& history, const HistoryKey& key)
{
    QList<Plot::Point> points;
    std::optional<double> last;
    const bool isSupply = key.kind == HistoryKey::Kind::Supply;
    const bool isWaste = isSupply && m_details.reading() && std::ranges::any_of(m_details.reading()->supplies, [&key](const model::Supply& supply) {
        return supply.index == key.key && supply.supplyClass == model::SupplyClass::Filled;
    });
    const auto add = [&points](qint64 ms, double value) { points.append({ms, value}); };
    for (const HistoryPoint& point : history.points) {
        const std::optional<double> value = isWaste && point.value ? 100 - *point.value : point.value; // how full, as its bar
        if (!value && last)
            add(point.ms - 1, *last);
        add(point.ms, value.value_or(std::numeric_limits<double>::quiet_NaN()));
        last = value;
    }
    if (last)
        add(QDateTime::currentMSecsSinceEpoch(), *last);
    m_plot->present(points, isSupply ? u"%"_s : widgets::unitName(history.unit), isSupply, m_colors.value(m_keys.indexOf(key)));
}

} // namespace platen::console
