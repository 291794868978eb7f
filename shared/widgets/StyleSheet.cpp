// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "StyleSheet.h"

using namespace Qt::StringLiterals;

namespace platen::widgets {

namespace {

// @name is replaced by a colour.
const QString sheet = uR"(
QToolTip { background: @surface; color: @text; border: 1px solid @border; padding: 4px 6px; }
QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }

*[look="surface"] { background: @surface; }
QFrame[look="card"] { background: @surface; border: 1px solid @border; border-radius: 10px; }
QFrame[look="inset"] { background: @canvas; border: 1px solid @border; border-radius: 6px; }
QFrame[look="header"] { background: @surface; border: none; border-bottom: 1px solid @border; }
QFrame[look="navigation"] { background: @canvas; border: none; border-right: 1px solid @border; }
QFrame[look="rule"] { background: @border; border: none; max-height: 1px; min-height: 1px; }
QFrame[look="banner"] { background: @criticalTint; border: 1px solid @criticalLine; border-radius: 6px; }
QFrame[look="notice"] { background: @attentionTint; border: 1px solid @attentionLine; border-radius: 6px; }
QLabel[look="muted"] { color: @muted; }
QLabel[look="critical"] { color: @critical; }

QLineEdit { background: @surface; color: @text; border: 1px solid @fieldLine; border-radius: 6px; padding: 0 8px; min-height: 30px;
    selection-background-color: @accent; selection-color: @onAccent; }
QLineEdit:hover { border-color: @hoverLine; }
QLineEdit:focus { border-color: @accent; }
QLineEdit[wrong="true"] { border-color: @critical; }

QPushButton { background: @surface; color: @text; border: 1px solid @border; border-radius: 6px; padding: 0 12px; min-height: 30px; }
QPushButton:hover { background: @hover; }
QPushButton:pressed { background: @pressed; }
QPushButton:focus { border-color: @accent; }
QPushButton, QToolButton, QComboBox { outline: none; }
QPushButton:disabled { color: @disabled; }
QPushButton[look="primary"] { background: @accent; color: @onAccent; border-color: @accent; }
QPushButton[look="primary"]:hover { background: @accentHover; border-color: @accentHover; }
QPushButton[look="primary"]:focus { border-color: @text; }
QPushButton[look="primary"]:disabled { background: @accentTint; color: @muted; border-color: @accentTint; }

QPushButton[look="chip"] { border-radius: 14px; min-height: 26px; padding: 0 12px; }
QPushButton[look="chip"]:checked { background: @accentTint; color: @accentText; border-color: @accentLine; }
QPushButton[look="segment"] { border-radius: 6px; border-color: transparent; background: transparent; color: @muted; min-height: 24px; padding: 0 8px; }
QPushButton[look="segment"]:hover { background: @hover; }
QPushButton[look="segment"]:checked { background: @accentTint; color: @accentText; }
QPushButton[look="segment"]:focus { border-color: @accent; }

QToolButton { background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 5px; }
QToolButton:hover { background: @hover; }
QToolButton:pressed { background: @pressed; }
QToolButton:focus { border-color: @accent; }
QToolButton::menu-indicator { image: none; }
QToolButton[look="navigation"] { text-align: left; padding: 0 10px; min-height: 34px; color: @text; }
QToolButton[look="navigation"]:checked { background: @accentTint; color: @accentText; }

QComboBox { background: @surface; color: @text; border: 1px solid @border; border-radius: 6px; padding: 0 8px; min-height: 26px; }
QComboBox:hover { background: @hover; }
QComboBox:focus { border-color: @accent; }
QComboBox::drop-down { border: none; width: 20px; }
QComboBox::down-arrow { image: url(:/icons/arrow-down.svg); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: @surface; border: 1px solid @border; selection-background-color: @accentTint; selection-color: @text; outline: none; }

QTableView { background: @surface; border: none; outline: none; }
QHeaderView { background: @surface; border: none; }
QHeaderView::section { background: @surface; color: @muted; border: none; border-bottom: 1px solid @border; padding: 0 8px; min-height: 31px; }
QHeaderView::section:hover { color: @text; }
QTableCornerButton::section { background: @surface; border: none; }

QMenu { background: @surface; border: 1px solid @border; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 28px; border-radius: 4px; color: @text; }
QMenu::item:selected { background: @hover; }
QMenu::item:disabled { color: @muted; }
QMenu::icon { left: 6px; }
QMenu::indicator { width: 16px; height: 16px; left: 6px; }
QMenu::indicator:checked { image: url(:/icons/check.svg); }
QMenu::separator { height: 1px; background: @border; margin: 4px 6px; }

QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: @scroll; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: @muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QAbstractScrollArea::corner { background: transparent; border: none; }

QSplitter::handle { background: transparent; }
)"_s;

} // namespace

QString styleSheet(const Colors& c)
{
    const QList<std::pair<QString, QColor>> words{ // longer names before those they begin with
        {u"@surface"_s, c.surface}, {u"@canvas"_s, c.canvas}, {u"@border"_s, c.border}, {u"@text"_s, c.text}, {u"@muted"_s, c.muted},
        {u"@accentHover"_s, mixed(c.accent, c.text, 0.15)}, {u"@accentTint"_s, mixed(c.surface, c.accent, 0.12)},
        {u"@accentLine"_s, mixed(c.surface, c.accent, 0.45)}, {u"@accentText"_s, mixed(c.accent, c.text, 0.2)}, {u"@accent"_s, c.accent},
        {u"@onAccent"_s, c.dark ? c.canvas : c.surface}, {u"@fieldLine"_s, mixed(c.border, c.muted, c.dark ? 0.3 : 0.1)}, {u"@hoverLine"_s, mixed(c.border, c.muted, 0.5)},
        {u"@hover"_s, mixed(c.surface, c.text, 0.05)}, {u"@pressed"_s, mixed(c.surface, c.text, 0.1)},
        {u"@disabled"_s, mixed(c.surface, c.muted, 0.7)}, {u"@scroll"_s, mixed(c.surface, c.muted, 0.4)},
        {u"@criticalTint"_s, mixed(c.surface, c.critical, 0.08)}, {u"@criticalLine"_s, mixed(c.surface, c.critical, 0.4)}, {u"@critical"_s, c.critical},
        {u"@attentionTint"_s, mixed(c.surface, c.attention, 0.08)}, {u"@attentionLine"_s, mixed(c.surface, c.attention, 0.4)},
    };
    QString result = sheet;
    for (const auto& [word, color] : words)
        result.replace(word, color.name());
    return result;
}

} // namespace platen::widgets
