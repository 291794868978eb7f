// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "SupplyBar.h"

#include "Colors.h"
#include "Theme.h"
#include "Words.h"

#include <QCoreApplication>
#include <QLocale>
#include <QPainter>
#include <QPainterPath>

using namespace Qt::StringLiterals;

namespace platen::widgets {

using model::Supply;
using model::SupplyClass;
using model::SupplyLevel;

namespace {

constexpr int barHeight = 6;
constexpr double radius = barHeight / 2.0;

QColor barColor(const Supply& supply, const Colors& colors)
{
    if (supply.supplyClass != SupplyClass::Filled)
        return colors.supply(supply.color);
    return needsAttention(supply) ? colors.attention : colors.muted;
}

// Black on a dark surface would vanish: a light outline carries it.
void fill(QPainter& painter, const QRectF& bar, const QBrush& brush, const Colors& colors)
{
    const bool vanishes = colors.dark && brush.color().lightness() < 80;
    painter.setPen(vanishes ? QPen(colors.offline, 1) : QPen(Qt::NoPen));
    painter.setBrush(brush);
    painter.drawRoundedRect(vanishes ? bar.adjusted(0.5, 0.5, -0.5, -0.5) : bar, radius, radius);
}

void paintHatched(QPainter& painter, const QRectF& bar, const QColor& color)
{
    QPainterPath clip;
    clip.addRoundedRect(bar, radius, radius);
    painter.save();
    painter.setClipPath(clip);
    painter.setPen(QPen(color, 2));
    for (double x = bar.left() - barHeight; x < bar.right() + barHeight; x += 5)
        painter.drawLine(QPointF(x, bar.bottom()), QPointF(x + barHeight, bar.top()));
    painter.restore();
}

// A waste container reports the room left in it; people ask how full it is.
SupplyLevel shownLevel(const Supply& supply)
{
    SupplyLevel level = supply.level;
    if (supply.supplyClass == SupplyClass::Filled) {
        level.percent = 100 - supply.level.percent;
        level.low = 100 - supply.level.high;
        level.high = 100 - supply.level.low;
    }
    return level;
}

QString percentText(double percent)
{
    return QLocale().toString(percent, 'f', percent > 0 && percent < 1 ? 1 : 0);
}

} // namespace

void paintSupplyBar(QPainter& painter, const QRect& area, const Supply& supply, const QPalette& palette)
{
    const Colors& colors = Colors::of(palette);
    const QColor color = barColor(supply, colors);
    const QColor hatch = colors.dark && color.lightness() < 80 ? colors.offline : color;
    const QRectF bar(area.left(), area.center().y() - barHeight / 2 + 1, area.width(), barHeight);
    const auto part = [&bar](double percent) {
        return QRectF(bar.left(), bar.top(), std::max<double>(percent > 0 ? barHeight : 0, bar.width() * percent / 100), bar.height());
    };

    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    if (supply.level.kind == SupplyLevel::Kind::None || supply.level.kind == SupplyLevel::Kind::Unknown) {
        painter.setPen(QPen(colors.offline, 1, Qt::CustomDashLine));
        QPen dashed(colors.offline, 1);
        dashed.setDashPattern({3, 3});
        painter.setPen(dashed);
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(bar.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
        painter.restore();
        return;
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(mixed(colors.surface, hatch, colors.dark ? 0.22 : 0.12));
    painter.drawRoundedRect(bar, radius, radius);
    const SupplyLevel level = shownLevel(supply);
    switch (level.kind) {
    case SupplyLevel::Kind::Percent:
        if (level.percent > 0)
            fill(painter, part(level.percent), color, colors);
        break;
    case SupplyLevel::Kind::Range:
        paintHatched(painter, part(level.high), hatch);
        if (level.low > 0)
            fill(painter, part(level.low), color, colors);
        break;
    case SupplyLevel::Kind::Some:
        paintHatched(painter, part(50), hatch);
        break;
    case SupplyLevel::Kind::None:
    case SupplyLevel::Kind::Unknown:
        break;
    }
    painter.restore();
}

QString levelText(const Supply& supply)
{
    const bool filled = supply.supplyClass == SupplyClass::Filled;
    const auto words = [](const char* text) { return QCoreApplication::translate("SupplyBar", text); };
    const SupplyLevel level = shownLevel(supply);
    switch (level.kind) {
    case SupplyLevel::Kind::Percent: {
        const QString percent = percentText(level.percent);
        //: how full a waste container is
        return (filled ? words(QT_TRANSLATE_NOOP("SupplyBar", "%1 % full")) : words(QT_TRANSLATE_NOOP("SupplyBar", "%1 %"))).arg(percent);
    }
    case SupplyLevel::Kind::Range: {
        const QString low = percentText(level.low), high = percentText(level.high);
        return (filled ? words(QT_TRANSLATE_NOOP("SupplyBar", "%1–%2 % full")) : words(QT_TRANSLATE_NOOP("SupplyBar", "%1–%2 %"))).arg(low, high);
    }
    case SupplyLevel::Kind::Some:
        return filled ? words(QT_TRANSLATE_NOOP("SupplyBar", "room left")) : words(QT_TRANSLATE_NOOP("SupplyBar", "some left"));
    case SupplyLevel::Kind::None:
    case SupplyLevel::Kind::Unknown:
        break;
    }
    return words(QT_TRANSLATE_NOOP("SupplyBar", "not reported"));
}

bool needsAttention(const Supply& supply)
{
    const SupplyLevel& level = supply.level;
    if (level.kind == SupplyLevel::Kind::Percent)
        return level.percent <= 10;
    return level.kind == SupplyLevel::Kind::Range && level.high <= 10;
}

SupplyBar::SupplyBar(Supply supply, QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    present(supply);
}

void SupplyBar::present(const Supply& supply)
{
    m_supply = supply;
    const QString name = supplyName(supply);
    setAccessibleName(tr("%1: %2").arg(name, levelText(supply)));
    QString tip = tr("%1: %2").arg(name, levelText(supply));
    if (!supply.serialNumber.isEmpty())
        tip += u'\n' + tr("Serial number %1").arg(supply.serialNumber);
    setToolTip(tip);
    update();
}

void SupplyBar::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Colors& colors = Colors::of(palette());
    const QRect text(0, 2, width(), 18);
    const QString level = levelText(m_supply);
    const bool reported = m_supply.level.kind > SupplyLevel::Kind::Unknown;

    painter.setFont(needsAttention(m_supply) ? fonts::strong() : fonts::numbers());
    painter.setPen(needsAttention(m_supply) ? mixed(colors.critical, colors.text, 0.2) : reported ? colors.text : colors.muted);
    const int levelWidth = painter.fontMetrics().horizontalAdvance(level);
    painter.drawText(text, Qt::AlignRight | Qt::AlignVCenter, level);

    painter.setFont(fonts::body());
    painter.setPen(colors.text);
    const QString name = painter.fontMetrics().elidedText(supplyName(m_supply), Qt::ElideMiddle, width() - levelWidth - 12);
    painter.drawText(text, Qt::AlignLeft | Qt::AlignVCenter, name);
    paintSupplyBar(painter, QRect(0, 22, width(), 8), m_supply, palette());
}

} // namespace platen::widgets
