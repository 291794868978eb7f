// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ThinningPlan.h"

#include <QDateTime>

#include <algorithm>

namespace platen::spool {

namespace {

constexpr qsizetype mostFolded = 64;
constexpr qint64 mostFoldedRoom = 1 << 20;

/// The day at the site: bills are made by it.
qint64 dayOf(Instant instant) { return QDateTime::fromMSecsSinceEpoch(toMs(instant)).date().toJulianDay(); }

} // namespace

void ThinningPlan::passOver(quint64 seq) { m_done = std::max(m_done, seq); }

void ThinningPlan::startOver()
{
    m_done = 0;
    m_isAcrossDays = false;
}

std::optional<ThinningPlan::Stretch> ThinningPlan::next(const Files& files, Instant now)
{
    m_isCrowded = files.room() > m_limits.bytes / 8 * (m_isCrowded ? 6 : 7);
    if (!m_isCrowded)
        m_isAcrossDays = false;
    if (const auto stretch = search(files, now))
        return stretch;
    if (!m_isCrowded || m_isAcrossDays)
        return std::nullopt;
    m_isAcrossDays = true;
    m_done = 0;
    return search(files, now);
}

std::optional<ThinningPlan::Stretch> ThinningPlan::search(const Files& files, Instant now)
{
    const qint64 today = dayOf(now);
    qsizetype begin = std::max(untouched, files.indexAfter(m_done));
    while (begin < files.count()) {
        const File& first = files.at(begin);
        const qint64 day = dayOf(first.created);
        const bool isDue = m_isCrowded ? m_isAcrossDays || day != today : now - first.created > m_limits.age;
        if (!isDue)
            return std::nullopt;
        qsizetype end = begin + 1;
        for (qint64 room = first.room(); end < files.count() && end - begin < mostFolded; ++end) {
            room += files.at(end).room();
            if (room > mostFoldedRoom || (!m_isAcrossDays && dayOf(files.at(end).created) != day))
                break;
        }
        if (end - begin >= 3) // two would become a GAP and one
            return Stretch{begin, end};
        m_done = files.at(end - 1).seq;
        begin = end;
    }
    return std::nullopt;
}

} // namespace platen::spool
