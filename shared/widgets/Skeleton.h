// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QBasicTimer>
#include <QWidget>

namespace platen::widgets {

/// One grey, rounded bar where a word will be; `seed` varies its length so that rows do not look like a fence.
void paintSkeleton(QPainter& painter, const QRect& area, size_t seed, const QPalette& palette);

/// Rows of grey bars over a place that is loading. Appears 150 ms after start() so that quick answers do not flash.
class Skeleton final : public QWidget {
    Q_OBJECT

public:
    explicit Skeleton(QWidget* parent, int rowHeight = 32);

    void start();
    void stop();

protected:
    void paintEvent(QPaintEvent* event) override;
    void timerEvent(QTimerEvent* event) override;

private:
    QBasicTimer m_delay;
    int m_rowHeight;
};

} // namespace platen::widgets
