// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPalette>

namespace platen::widgets {

/// The colour tokens of the house, once for light and once for dark. Nothing else in the suite names a colour.
struct Colors {
    bool dark;
    QColor surface, canvas, border, text, muted, accent;
    QColor ok, attention, critical, offline;
    QColor cyan, magenta, yellow, black;

    static const Colors& light();
    static const Colors& forDark();

    /// The set a widget with this palette is drawn with; so whoever paints needs nothing but its own palette().
    static const Colors& of(const QPalette& palette);

    /// What Qt's own widgets are painted with.
    QPalette palette() const;

    /// A supply's colour by prtMarkerColorantValue in lower case ("black", "light cyan" …); muted when it has none.
    QColor supply(const QString& colorant) const;
};

/// `part` (0–1) of `over` on `under`: opaque, so that text on it has a known contrast.
QColor mixed(const QColor& under, const QColor& over, double part);

} // namespace platen::widgets
