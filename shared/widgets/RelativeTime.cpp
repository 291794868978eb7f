// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "RelativeTime.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

namespace platen::widgets {

namespace {
QString words(const char* text, int n = -1) { return QCoreApplication::translate("RelativeTime", text, nullptr, n); }
}

QString relativeTime(Instant then, Instant now)
{
    using namespace std::chrono;
    if (toMs(then) == 0)
        return words(QT_TRANSLATE_NOOP("RelativeTime", "never"));
    const auto passed = duration_cast<seconds>(now - then);
    if (passed < 60s)
        return words(QT_TRANSLATE_NOOP("RelativeTime", "just now"));
    if (passed < 60min)
        return words(QT_TRANSLATE_N_NOOP("RelativeTime", "%n min ago"), static_cast<int>(duration_cast<minutes>(passed).count()));
    if (passed < 24h)
        return words(QT_TRANSLATE_N_NOOP("RelativeTime", "%n h ago"), static_cast<int>(duration_cast<hours>(passed).count()));
    const int days = static_cast<int>(duration_cast<std::chrono::days>(passed).count());
    if (days < 30)
        return words(QT_TRANSLATE_N_NOOP("RelativeTime", "%n day(s) ago"), days);
    return QLocale().toString(QDateTime::fromMSecsSinceEpoch(toMs(then)).date(), QLocale::ShortFormat);
}

QString exactTime(Instant then)
{
    if (toMs(then) == 0)
        return {};
    return QLocale().toString(QDateTime::fromMSecsSinceEpoch(toMs(then)), QLocale::ShortFormat);
}

} // namespace platen::widgets
