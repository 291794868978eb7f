// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <model/Reading.h>

#include <QWidget>

namespace platen::widgets {

/// Draws a level as a 6 px bar in the middle of `area`: filled to a percentage, up to a range, half and hatched for "some",
/// a dashed outline when nothing is reported. A waste container fills from the left as it gets full.
void paintSupplyBar(QPainter& painter, const QRect& area, const model::Supply& supply, const QPalette& palette);

/// The level in words: "54 %", "10–25 %", "some left", "32 % full", "not reported". Never a number the device did not give.
QString levelText(const model::Supply& supply);

/// Whether somebody should look: nearly empty (≤ 10 % left), or a container nearly full (≥ 90 %).
bool needsAttention(const model::Supply& supply);

/// One supply as people read it: name at the left, level in words at the right, the bar under both.
class SupplyBar final : public QWidget {
    Q_OBJECT

public:
    explicit SupplyBar(model::Supply supply, QWidget* parent = nullptr);

    const model::Supply& supply() const { return m_supply; }
    void present(const model::Supply& supply);

    QSize sizeHint() const override { return {240, 34}; }
    QSize minimumSizeHint() const override { return {120, 34}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    model::Supply m_supply;
};

} // namespace platen::widgets
