// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QWidget>

#include <limits>

class QButtonGroup;
class QCPItemStraightLine;
class QCPItemTracer;
class QCustomPlot;
class QLabel;
class QMouseEvent;

namespace platen::widgets {

/// One value over time: a quiet line with a 10 % fill; where nothing was known the line is broken. Hovering shows value and
/// time, buttons choose how far back it goes.
class Plot final : public QWidget {
    Q_OBJECT

public:
    enum class Range { Week, Month, Year, All };
    Q_ENUM(Range)

    struct Point {
        qint64 ms = 0; ///< since 1970, UTC
        double value = std::numeric_limits<double>::quiet_NaN(); ///< NaN: a gap
    };

    explicit Plot(QWidget* parent = nullptr);

    /// Shows `points` (ordered by time, each holding until the next). `unit` is a word for the axis; `isPercent` fixes the axis to 0–100.
    void present(const QList<Point>& points, const QString& unit, bool isPercent, const QColor& color);

    /// Words instead of a line: why there is none.
    void presentWords(const QString& words);

    Range range() const;
    /// How far back the chosen range goes from now, in ms; 0 for all.
    qint64 rangeMs() const;
    void choose(Range range);

    int pointCount() const { return static_cast<int>(m_points.size()); }

signals:
    void rangeChosen(platen::widgets::Plot::Range range);

protected:
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void build();
    void style();
    void scaleAxes();
    void hover(double x);

    QCustomPlot* m_plot = nullptr;
    QCPItemTracer* m_dot = nullptr;
    QCPItemStraightLine* m_line = nullptr;
    QLabel* m_words = nullptr;
    QLabel* m_value = nullptr; ///< what is under the mouse, or the newest value
    QButtonGroup* m_ranges = nullptr;
    QList<Point> m_points;
    QString m_unit;
    bool m_isPercent = false;
    QColor m_color;
};

} // namespace platen::widgets
