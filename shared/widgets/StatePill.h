// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "DeviceState.h"

#include <QWidget>

namespace platen::widgets {

/// Draws icon and word on a tinted, rounded ground, left-aligned and vertically centred in `area`; words that do not fit are
/// elided. An empty `words` means the state's own word.
void paintStatePill(QPainter& painter, const QRect& area, DeviceState state, const QString& words, const QPalette& palette);

/// How a device is: icon and word, never colour alone.
class StatePill final : public QWidget {
    Q_OBJECT

public:
    using QWidget::QWidget;

    /// `words`: what to say instead of the state's own word ("Paper jam"); empty for that word.
    void present(DeviceState state, const QString& words);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    DeviceState m_state = DeviceState::Unknown;
    QString m_words;
};

} // namespace platen::widgets
