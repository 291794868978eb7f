// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Plot.h"

#include "Colors.h"
#include "RelativeTime.h"
#include "Theme.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QMouseEvent>
#include <QPushButton>

#define foreach(variable, container) for (variable : container) // its header uses what our QT_NO_FOREACH takes away
#include <qcustomplot.h>
#undef foreach

#include <cmath>

using namespace Qt::StringLiterals;

namespace platen::widgets {

namespace {

constexpr qint64 day = 24LL * 60 * 60 * 1000;

// Whole numbers with the locale's separators, few of them.
class Ticker final : public QCPAxisTicker {
public:
    QString getTickLabel(double tick, const QLocale&, QChar, int) override { return QLocale().toString(tick, 'f', 0); }

protected:
    double getTickStep(const QCPRange& range) override { return std::max(1.0, QCPAxisTicker::getTickStep(range)); }
};

// Dates as the locale writes them, time of day when the span is short; no more of them than have room.
class DateTicker final : public QCPAxisTickerDateTime {
public:
    explicit DateTicker(const QWidget& plot)
        : m_plot(plot)
    {
    }

    QString getTickLabel(double tick, const QLocale&, QChar, int) override
    {
        const QDateTime when = QDateTime::fromMSecsSinceEpoch(qRound64(tick * 1000));
        if (m_span > 400 * 86400.0)
            //: month and year on an axis, in the form of QLocale::toString
            return QLocale().toString(when.date(), Plot::tr("MMM yyyy"));
        if (m_span < 2 * 86400.0)
            return QLocale().toString(when.time(), QLocale::ShortFormat);
        //: day and month on an axis, in the form of QLocale::toString
        return QLocale().toString(when.date(), Plot::tr("d MMM"));
    }
    void setSpan(double seconds) { m_span = seconds; }

protected:
    double getTickStep(const QCPRange& range) override
    {
        constexpr double minutes[]{1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440};
        const double most = m_plot.width() / 96.0; // a label and the air around it
        if (m_span < 2 * 86400.0) {
            const auto* fits = std::ranges::find_if(minutes, [&](double step) { return range.size() / (step * 60) <= most; });
            return 60 * (fits == std::end(minutes) ? 1440 : *fits);
        }
        double step = range.size();
        for (int count = 5; count > 0 && (count == 5 || range.size() / step > most); --count) {
            setTickCount(count);
            step = QCPAxisTickerDateTime::getTickStep(range);
        }
        return step;
    }

private:
    const QWidget& m_plot;
    double m_span = 0;
};

} // namespace

Plot::Plot(QWidget* parent)
    : QWidget(parent)
    , m_plot(new QCustomPlot)
    , m_words(new QLabel(m_plot))
    , m_value(new QLabel)
    , m_ranges(new QButtonGroup(this))
{
    build();
    style();
}

void Plot::build()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    auto* row = new QHBoxLayout;
    row->setSpacing(2);
    m_value->setObjectName(u"plotValue"_s);
    m_value->setMinimumHeight(24);
    m_value->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    const std::pair<Range, QString> ranges[]{{Range::Week, tr("7 d")}, {Range::Month, tr("30 d")}, {Range::Year, tr("1 y")}, {Range::All, tr("All")}};
    for (const auto& [range, words] : ranges) {
        auto* button = new QPushButton(words);
        button->setCheckable(true);
        button->setChecked(range == Range::Month);
        setLook(button, "segment");
        m_ranges->addButton(button, static_cast<int>(range));
        row->addWidget(button);
    }
    row->addStretch(1);
    column->addLayout(row);
    column->addWidget(m_value);
    column->addWidget(m_plot, 1);
    connect(m_ranges, &QButtonGroup::idClicked, this, [this](int id) { emit rangeChosen(static_cast<Range>(id)); });

    m_plot->addGraph();
    m_plot->graph(0)->setLineStyle(QCPGraph::lsStepLeft); // a value holds until the next one
    m_plot->setMinimumHeight(120);
    m_plot->setMouseTracking(true);
    m_plot->installEventFilter(this);
    m_plot->setAttribute(Qt::WA_OpaquePaintEvent, false);
    m_plot->xAxis->setTicker(QSharedPointer<QCPAxisTicker>(new DateTicker(*m_plot)));
    m_plot->yAxis->setTicker(QSharedPointer<QCPAxisTicker>(new Ticker));
    m_plot->yAxis->ticker()->setTickCount(3);
    m_dot = new QCPItemTracer(m_plot);
    m_line = new QCPItemStraightLine(m_plot);
    m_dot->setStyle(QCPItemTracer::tsCircle);
    m_dot->setSize(8);
    m_dot->setVisible(false);
    m_line->setVisible(false);

    m_words->setAlignment(Qt::AlignCenter);
    m_words->setWordWrap(true);
    setLook(m_words, "muted");
    setAccessibleName(tr("History"));
}

void Plot::present(const QList<Point>& points, const QString& unit, bool isPercent, const QColor& color)
{
    m_points = points;
    m_unit = unit;
    m_isPercent = isPercent;
    m_color = color;
    QVector<double> keys, values;
    for (const Point& point : points) {
        keys.append(static_cast<double>(point.ms) / 1000.0);
        values.append(point.value);
    }
    m_plot->graph(0)->setData(keys, values, true);
    const auto known = std::ranges::count_if(points, [](const Point& point) { return !std::isnan(point.value); });
    m_words->setText(tr("No history in this time."));
    m_words->setVisible(known == 0);
    m_plot->xAxis->setVisible(known > 0);
    m_plot->yAxis->setVisible(known > 0);
    scaleAxes();
    style();
    hover(-1);
}

void Plot::presentWords(const QString& words)
{
    m_points.clear();
    m_plot->graph(0)->data()->clear();
    m_words->setText(words);
    m_words->show();
    m_value->clear();
    m_dot->setVisible(false);
    m_line->setVisible(false);
    m_plot->xAxis->setVisible(false);
    m_plot->yAxis->setVisible(false);
    m_plot->replot();
}

Plot::Range Plot::range() const { return static_cast<Range>(m_ranges->checkedId()); }

qint64 Plot::rangeMs() const
{
    switch (range()) {
    case Range::Week: return 7 * day;
    case Range::Month: return 30 * day;
    case Range::Year: return 365 * day;
    case Range::All: break;
    }
    return 0;
}

void Plot::choose(Range range) { m_ranges->button(static_cast<int>(range))->setChecked(true); }

void Plot::scaleAxes()
{
    double low = std::numeric_limits<double>::max(), high = std::numeric_limits<double>::lowest();
    for (const Point& point : std::as_const(m_points)) {
        if (!std::isnan(point.value)) {
            low = std::min(low, point.value);
            high = std::max(high, point.value);
        }
    }
    if (low > high)
        low = high = 0;
    const double air = std::max(1.0, (high - low) * 0.12);
    if (m_isPercent)
        m_plot->yAxis->setRange(0, 104);
    else
        m_plot->yAxis->setRange(std::max(0.0, low - air), high + air);
    if (m_points.isEmpty())
        return;
    // No further back than there is data: a device found today shows its hours.
    const double last = static_cast<double>(std::max(m_points.constLast().ms, QDateTime::currentMSecsSinceEpoch())) / 1000.0;
    const double first = static_cast<double>(m_points.constFirst().ms) / 1000.0;
    const double longest = rangeMs() > 0 ? static_cast<double>(rangeMs()) / 1000.0 : last - first;
    const double span = std::max(std::min(last - first, longest), 60.0);
    m_plot->xAxis->setRange(last - span, last + span * 0.01);
    m_plot->xAxis->ticker().dynamicCast<DateTicker>()->setSpan(span);
}

void Plot::style()
{
    const Colors& colors = Colors::of(palette());
    QColor line = m_color.isValid() ? m_color : colors.accent;
    if (colors.dark && line.lightness() < 80)
        line = colors.text;
    QColor fill = line;
    fill.setAlphaF(0.10F);
    m_plot->setBackground(Qt::transparent);
    m_plot->graph(0)->setPen(QPen(line, 1.6));
    m_plot->graph(0)->setBrush(fill);
    m_dot->setPen(QPen(colors.surface, 2));
    m_dot->setBrush(line);
    m_line->setPen(QPen(colors.border, 1));
    for (QCPAxis* axis : {m_plot->xAxis, m_plot->yAxis}) {
        axis->setTickLabelFont(fonts::caption());
        axis->setTickLabelColor(colors.muted);
        axis->setBasePen(axis == m_plot->xAxis ? QPen(colors.border) : QPen(Qt::NoPen));
        axis->setTickPen(Qt::NoPen);
        axis->setSubTickPen(Qt::NoPen);
        axis->grid()->setPen(axis == m_plot->yAxis ? QPen(colors.border, 1) : QPen(Qt::NoPen));
        axis->grid()->setZeroLinePen(Qt::NoPen);
    }
    m_plot->xAxis->grid()->setVisible(false);
    m_plot->replot();
}

// Shows the point nearest to pixel x; the newest known one when the mouse is elsewhere.
void Plot::hover(double x)
{
    const Point* nearest = nullptr;
    const double key = m_plot->xAxis->pixelToCoord(x) * 1000.0;
    for (const Point& point : std::as_const(m_points)) {
        if (std::isnan(point.value))
            continue;
        if (!nearest || x < 0 || std::abs(static_cast<double>(point.ms) - key) < std::abs(static_cast<double>(nearest->ms) - key))
            nearest = &point;
    }
    const bool isHovered = nearest && x >= 0;
    m_dot->setVisible(isHovered);
    m_line->setVisible(isHovered);
    m_value->clear();
    if (nearest) {
        const double seconds = static_cast<double>(nearest->ms) / 1000.0;
        m_dot->position->setCoords(seconds, nearest->value);
        m_line->point1->setCoords(seconds, 0);
        m_line->point2->setCoords(seconds, 1);
        const QString value = QLocale().toString(nearest->value, 'f', m_isPercent && nearest->value < 1 ? 1 : 0);
        //: value, unit, time
        m_value->setText(tr("%1 %2 · %3").arg(value, m_unit, exactTime(fromMs(nearest->ms))));
    }
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

bool Plot::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::MouseMove)
        hover(static_cast<QMouseEvent*>(event)->position().x());
    else if (event->type() == QEvent::Leave)
        hover(-1);
    else if (event->type() == QEvent::Resize)
        m_words->resize(m_plot->size());
    return QWidget::eventFilter(watched, event);
}

void Plot::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange)
        style();
    QWidget::changeEvent(event);
}

} // namespace platen::widgets
