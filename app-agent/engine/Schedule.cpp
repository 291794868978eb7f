// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Schedule.h"

#include <QDateTime>

#include <algorithm>

namespace platen::agent {

using std::chrono::milliseconds;

Schedule::Schedule(const Settings& settings, Past past, const Clock& clock)
    : m_discoveryInterval(settings.discoveryInterval)
    , m_statusInterval(settings.statusInterval)
    , m_metersAt(settings.metersAt)
    , m_past(past)
    , m_clock(clock)
    , m_nextStatus(clock.monotonic())
    , m_nextDiscovery(clock.monotonic())
{
    // A search lasts through restarts, but not one that the clock puts into the future.
    const milliseconds since = clock.now() - past.discovery;
    if (since >= milliseconds(0) && since < m_discoveryInterval)
        m_nextDiscovery += m_discoveryInterval - since;
    if (past.meters == Instant{}) // a new agent's first round reads meters in any case
        m_past.meters = clock.now();
}

/// The latest moment, not after now, at which meters are to be read.
Instant Schedule::lastMetersTime() const
{
    const QDateTime now = QDateTime::fromMSecsSinceEpoch(toMs(m_clock.now()));
    const auto onDay = [this](QDate day) { return QDateTime(day, m_metersAt).addDuration(m_metersPutOff); };
    QDateTime latest = onDay(now.date());
    if (latest > now)
        latest = onDay(now.date().addDays(-1));
    return fromMs(latest.toMSecsSinceEpoch());
}

Schedule::Work Schedule::due() const
{
    const milliseconds now = m_clock.monotonic();
    if (now >= m_nextDiscovery)
        return Work::Discovery;
    if (m_past.meters < lastMetersTime())
        return Work::Meters;
    return now >= m_nextStatus ? Work::Status : Work::Nothing;
}

void Schedule::begun(Work work)
{
    if (work == Work::Nothing)
        return;
    m_nextStatus = m_clock.monotonic() + m_statusInterval;
    if (work == Work::Status && m_past.meters <= m_clock.now())
        return;
    m_past.meters = m_clock.now();
    if (work != Work::Discovery)
        return;
    m_past.discovery = m_clock.now();
    m_nextDiscovery = m_clock.monotonic() + m_discoveryInterval;
}

void Schedule::discoveryFailed()
{
    m_past.discovery = {};
    m_nextDiscovery = m_clock.monotonic() + std::min<milliseconds>(m_discoveryInterval / 10, std::chrono::hours(1));
}

milliseconds Schedule::untilStatus() const
{
    return std::max(milliseconds(0), std::min(m_nextStatus, m_nextDiscovery) - m_clock.monotonic());
}

milliseconds Schedule::untilNext() const
{
    if (due() != Work::Nothing)
        return milliseconds(0);
    const milliseconds next = std::min(m_nextStatus, m_nextDiscovery) - m_clock.monotonic();
    return std::min<milliseconds>(next, std::chrono::minutes(1));
}

milliseconds jitterOf(const QByteArray& agentId, const Settings& settings)
{
    quint64 number = 14'695'981'039'346'656'037U; // FNV-1a: the same in every version of the program
    for (const char byte : agentId)
        number = (number ^ quint8(byte)) * 1'099'511'628'211U;
    return milliseconds(number % quint64(settings.jitter.count() + 1));
}

} // namespace platen::agent
