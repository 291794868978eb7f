// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Theme.h"

#include "StyleSheet.h"

#include <QApplication>
#include <QFontDatabase>
#include <QFontInfo>
#include <QLabel>
#include <QStyle>
#include <QStyleFactory>
#include <QStyleHints>

using namespace Qt::StringLiterals;

namespace platen::widgets {

namespace {

QFont sized(int pixels, QFont::Weight weight = QFont::Normal)
{
    QFont font = QApplication::font();
    font.setPixelSize(pixels);
    font.setWeight(weight);
    return font;
}

// The system's UI font. Where no desktop names one, Qt takes fontconfig's last resort; a better one may be installed.
QFont systemFont()
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::GeneralFont);
    const QString resolved = QFontInfo(font).family();
    if (resolved.startsWith("DejaVu"_L1) || resolved.startsWith("Bitstream Vera"_L1) || resolved.startsWith("WenQuanYi"_L1)) {
        for (const QString& better : {u"Inter"_s, u"Noto Sans"_s, u"Cantarell"_s, u"Liberation Sans"_s}) {
            if (QFontDatabase::hasFamily(better)) {
                font.setFamily(better);
                break;
            }
        }
    }
    font.setPixelSize(13);
    return font;
}

} // namespace

namespace fonts {

QFont body() { return sized(13); }
QFont title() { return sized(20, QFont::DemiBold); }
QFont section() { return sized(15, QFont::DemiBold); }
QFont caption() { return sized(11); }
QFont strong() { return sized(13, QFont::DemiBold); }

QFont numbers()
{
    QFont font = sized(13);
    font.setFeature("tnum", 1);
    return font;
}

QFont mono()
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setPixelSize(13);
    return font;
}

} // namespace fonts

Theme::Theme(QApplication& application, Choice choice)
    : QObject(&application)
    , m_application(application)
    , m_choice(choice)
{
    QApplication::setStyle(QStyleFactory::create(u"Fusion"_s));
    QApplication::setFont(systemFont());
    connect(QApplication::styleHints(), &QStyleHints::colorSchemeChanged, this, [this] {
        if (m_choice == Choice::System)
            apply();
    });
    apply();
}

void Theme::choose(Choice choice)
{
    m_choice = choice;
    apply();
}

void Theme::apply()
{
    const bool systemDark = QApplication::styleHints()->colorScheme() == Qt::ColorScheme::Dark;
    const bool dark = m_choice == Choice::Dark || (m_choice == Choice::System && systemDark);
    const Colors& colors = dark ? Colors::forDark() : Colors::light();
    QApplication::setPalette(colors.palette());
    m_application.setStyleSheet(styleSheet(colors));
    emit changed();
}

QLabel* makeCaption(const QString& text, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setFont(fonts::caption());
    setLook(label, "muted");
    return label;
}

void setLook(QWidget* widget, const char* look)
{
    widget->setProperty("look", QLatin1StringView(look).toString());
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
}

} // namespace platen::widgets
