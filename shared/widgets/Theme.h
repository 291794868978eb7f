// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Colors.h"

#include <QFont>
#include <QObject>

class QApplication;
class QLabel;

namespace platen::widgets {

/// Sizes of the house's 4 px grid.
namespace metrics {
inline constexpr int rowHeight = 32;
inline constexpr int controlHeight = 32;
inline constexpr int controlRadius = 6;
inline constexpr int cardRadius = 10;
inline constexpr int pageMargin = 24;
inline constexpr int navigationWidth = 208;
}

/// Fonts of the house, from the application's own: 13 px body, 20 px semibold title, 15 px section, 11 px caption.
namespace fonts {
QFont body();
QFont title();
QFont section();
QFont caption();
QFont strong();  ///< body, semibold
QFont numbers(); ///< body with digits of one width, for columns
QFont mono();    ///< body size, monospaced: panels, fingerprints
}

/// What makes the programs look like one product: Fusion with our palette, fonts and one thin style sheet. Follows the
/// system's light or dark live, unless a person chose one. One per program, made after the QApplication.
class Theme final : public QObject {
    Q_OBJECT

public:
    enum class Choice { System, Light, Dark };
    Q_ENUM(Choice)

    explicit Theme(QApplication& application, Choice choice = Choice::System);

    Choice choice() const { return m_choice; }
    void choose(Choice choice);

signals:
    void changed();

private:
    void apply();

    QApplication& m_application;
    Choice m_choice;
};

/// Muted text in caption size.
QLabel* makeCaption(const QString& text, QWidget* parent = nullptr);

/// Marks a widget for the style sheet: "card", "chip", "primary", "flat", "navigation", "section", "muted".
void setLook(QWidget* widget, const char* look);

} // namespace platen::widgets
