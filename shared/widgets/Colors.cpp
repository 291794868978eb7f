// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Colors.h"

#include <QString>

using namespace Qt::StringLiterals;

namespace platen::widgets {

const Colors& Colors::light()
{
    static const Colors colors{
        .dark = false,
        .surface = QColor(0xFFFFFF), .canvas = QColor(0xF5F6F8), .border = QColor(0xDDE1E6),
        .text = QColor(0x1A1D21), .muted = QColor(0x5F6B7A), .accent = QColor(0x2F6FED),
        .ok = QColor(0x2E7D4F), .attention = QColor(0x9A6700), .critical = QColor(0xC0362C), .offline = QColor(0x6B7785),
        .cyan = QColor(0x00A0D6), .magenta = QColor(0xD1208F), .yellow = QColor(0xE0B000), .black = QColor(0x2B2B2B),
    };
    return colors;
}

const Colors& Colors::forDark()
{
    static const Colors colors{
        .dark = true,
        .surface = QColor(0x1B1D21), .canvas = QColor(0x141518), .border = QColor(0x2C3036),
        .text = QColor(0xE8EAED), .muted = QColor(0x9AA4B2), .accent = QColor(0x7AA2FF),
        .ok = QColor(0x5CC08A), .attention = QColor(0xE3B341), .critical = QColor(0xFF7B72), .offline = QColor(0x8B949E),
        .cyan = QColor(0x00A0D6), .magenta = QColor(0xD1208F), .yellow = QColor(0xE0B000), .black = QColor(0x2B2B2B),
    };
    return colors;
}

const Colors& Colors::of(const QPalette& palette)
{
    return palette.color(QPalette::Window).lightness() < 128 ? forDark() : light();
}

QPalette Colors::palette() const
{
    QPalette p;
    p.setColor(QPalette::Window, canvas);
    p.setColor(QPalette::Base, surface);
    p.setColor(QPalette::AlternateBase, canvas);
    p.setColor(QPalette::Button, surface);
    p.setColor(QPalette::ToolTipBase, surface);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::ToolTipText, QPalette::BrightText})
        p.setColor(role, text);
    p.setColor(QPalette::PlaceholderText, muted);
    p.setColor(QPalette::Highlight, accent);
    p.setColor(QPalette::HighlightedText, dark ? canvas : surface);
    p.setColor(QPalette::Accent, accent);
    p.setColor(QPalette::Link, accent);
    p.setColor(QPalette::LinkVisited, accent);
    p.setColor(QPalette::Light, mixed(surface, text, 0.04));
    p.setColor(QPalette::Midlight, mixed(surface, text, 0.08));
    p.setColor(QPalette::Mid, border);
    p.setColor(QPalette::Dark, mixed(surface, text, 0.3));
    p.setColor(QPalette::Shadow, mixed(surface, text, 0.4));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        p.setColor(QPalette::Disabled, role, mixed(surface, muted, 0.7));
    return p;
}

QColor Colors::supply(const QString& colorant) const
{
    const QString name = colorant.toLower();
    if (name.contains("cyan"_L1) || name.contains("blue"_L1))
        return cyan;
    if (name.contains("magenta"_L1) || name.contains("red"_L1))
        return magenta;
    if (name.contains("yellow"_L1) || name.contains("orange"_L1))
        return yellow;
    if (name.contains("black"_L1))
        return black;
    return name.contains("green"_L1) ? ok : muted;
}

QColor mixed(const QColor& under, const QColor& over, double part)
{
    const auto blend = [part](int a, int b) { return qRound(a + (b - a) * part); };
    return QColor(blend(under.red(), over.red()), blend(under.green(), over.green()), blend(under.blue(), over.blue()));
}

} // namespace platen::widgets
