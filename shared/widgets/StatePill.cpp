// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "StatePill.h"

#include "Colors.h"
#include "Theme.h"

#include <QPainter>

namespace platen::widgets {

namespace {
constexpr int pillHeight = 22;
constexpr int pillIconSize = 14;
constexpr int edge = 6;  // before the icon
constexpr int gap = 5;   // between icon and word
constexpr int tail = 10; // after the word
}

void paintStatePill(QPainter& painter, const QRect& area, DeviceState state, const QString& words, const QPalette& palette)
{
    const Colors& colors = Colors::of(palette);
    const QColor color = colorOf(state, palette);
    const QFontMetrics metrics = painter.fontMetrics();
    const QString text = metrics.elidedText(words.isEmpty() ? wordOf(state) : words, Qt::ElideRight, area.width() - edge - pillIconSize - gap - tail);
    const int width = edge + pillIconSize + gap + metrics.horizontalAdvance(text) + tail;
    const QRect pill(area.left(), area.center().y() - pillHeight / 2 + 1, width, pillHeight);

    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(mixed(colors.surface, color, colors.dark ? 0.16 : 0.10));
    painter.drawRoundedRect(pill, pillHeight / 2.0, pillHeight / 2.0);
    iconOf(state).paint(&painter, QRect(pill.left() + edge, pill.top() + (pillHeight - pillIconSize) / 2, pillIconSize, pillIconSize));
    painter.setPen(mixed(color, colors.text, 0.35)); // the state's colour, dark enough to read on its own tint
    painter.drawText(QRect(pill.left() + edge + pillIconSize + gap, pill.top(), pill.width(), pillHeight), Qt::AlignVCenter | Qt::AlignLeft, text);
    painter.restore();
}

void StatePill::present(DeviceState state, const QString& words)
{
    m_state = state;
    m_words = words;
    setAccessibleName(words.isEmpty() ? wordOf(state) : tr("%1: %2").arg(wordOf(state), words));
    updateGeometry();
    update();
}

QSize StatePill::sizeHint() const
{
    const int text = fontMetrics().horizontalAdvance(m_words.isEmpty() ? wordOf(m_state) : m_words);
    return {edge + pillIconSize + gap + text + tail + 1, pillHeight + 2};
}

void StatePill::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    paintStatePill(painter, rect(), m_state, m_words, palette());
}

} // namespace platen::widgets
