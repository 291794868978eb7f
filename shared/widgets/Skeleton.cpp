// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Skeleton.h"

#include "Colors.h"

#include <QPainter>
#include <QTimerEvent>

using namespace std::chrono_literals;

namespace platen::widgets {

void paintSkeleton(QPainter& painter, const QRect& area, size_t seed, const QPalette& palette)
{
    const Colors& colors = Colors::of(palette);
    const int part = 45 + static_cast<int>(seed * 2654435761U >> 7U) % 45; // percent of the width
    const QRect bar(area.left(), area.center().y() - 4, area.width() * part / 100, 9);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(mixed(colors.surface, colors.text, 0.08));
    painter.drawRoundedRect(bar, 4, 4);
    painter.restore();
}

Skeleton::Skeleton(QWidget* parent, int rowHeight)
    : QWidget(parent)
    , m_rowHeight(rowHeight)
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
    hide();
}

void Skeleton::start()
{
    if (isHidden() && !m_delay.isActive())
        m_delay.start(150ms, this);
}

void Skeleton::stop()
{
    m_delay.stop();
    hide();
}

void Skeleton::timerEvent(QTimerEvent* event)
{
    if (event->timerId() != m_delay.timerId())
        return;
    m_delay.stop();
    resize(parentWidget()->size());
    raise();
    show();
}

void Skeleton::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const int column = 160;
    for (int y = 0, row = 0; y < height(); y += m_rowHeight, ++row) {
        for (int x = 8, cell = 0; x < width(); x += column, ++cell)
            paintSkeleton(painter, QRect(x, y, column - 24, m_rowHeight), static_cast<size_t>(row * 13 + cell * 7 + 3), palette());
    }
}

} // namespace platen::widgets
