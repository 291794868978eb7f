// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Times.h"

#include <QDateTime>

using namespace Qt::StringLiterals;

namespace platen::cli {

QString shown(Instant instant)
{
    return QDateTime::fromMSecsSinceEpoch(toMs(instant)).toString(u"yyyy-MM-dd HH:mm"_s);
}

QString iso(Instant instant) { return QDateTime::fromMSecsSinceEpoch(toMs(instant), QTimeZone::UTC).toString(Qt::ISODateWithMs); }

Result<Instant> instantFrom(const QString& text)
{
    QString given = text.trimmed();
    if (const QDate day = QDate::fromString(given, Qt::ISODate); day.isValid() && given.size() == 10)
        return fromMs(day.addDays(1).startOfDay().toMSecsSinceEpoch() - 1);
    if (given.size() > 10 && given.at(10) == u' ')
        given[10] = u'T';
    const QDateTime time = QDateTime::fromString(given, Qt::ISODate);
    if (!time.isValid())
        return fail(ErrorCode::InvalidInput,
            u"'%1' is no time: write 2026-12-31, '2026-12-31 18:00' or 2026-12-31T17:00:00Z."_s.arg(text));
    return fromMs(time.toMSecsSinceEpoch());
}

} // namespace platen::cli
