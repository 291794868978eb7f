// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Languages.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

using namespace Qt::StringLiterals;

namespace platen::console {

void speakUsersLanguage(QCoreApplication& application)
{
    if (QLocale().language() == QLocale::C)
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    auto* qt = new QTranslator(&application);
    if (qt->load(QLocale(), u"qtbase"_s, u"_"_s, QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        QCoreApplication::installTranslator(qt);
    // English has a file too: for its plurals. It stands behind any other language that lacks something.
    for (const QLocale& locale : {QLocale(QLocale::English), QLocale()}) {
        auto* ours = new QTranslator(&application);
        if (ours->load(locale, u"platen"_s, u"_"_s, u":/translations"_s))
            QCoreApplication::installTranslator(ours);
    }
}

} // namespace platen::console
