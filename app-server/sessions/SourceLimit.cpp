// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "SourceLimit.h"

namespace platen::sessions {

namespace {

constexpr qsizetype mostSources = 10'000;

QString keyOf(const QHostAddress& source)
{
    bool mapped = false;
    const quint32 v4 = source.toIPv4Address(&mapped); // also ::ffff:10.0.0.1
    if (mapped)
        return QHostAddress(v4).toString();
    const Q_IPV6ADDR address = source.toIPv6Address();
    return QString::fromLatin1(QByteArray(reinterpret_cast<const char*>(address.c), 8).toHex());
}

} // namespace

SourceLimit::SourceLimit(const Clock& clock, int most, std::chrono::milliseconds within)
    : m_clock(clock)
    , m_most(most)
    , m_within(within)
{
}

bool SourceLimit::allow(const QHostAddress& source)
{
    const QString key = keyOf(source);
    if (!m_times.contains(key) && m_times.size() >= mostSources) {
        forgetOld();
        if (m_times.size() >= mostSources)
            return false; // an attack from everywhere: better nobody than everybody
    }
    auto& times = m_times[key];
    const auto now = m_clock.monotonic();
    times.removeIf([&](auto time) { return time + m_within <= now; });
    if (times.size() >= m_most)
        return false;
    times.append(now);
    return true;
}

void SourceLimit::forgetOld()
{
    const auto now = m_clock.monotonic();
    m_times.removeIf([&](auto entry) { return entry.value().isEmpty() || entry.value().last() + m_within <= now; });
}

} // namespace platen::sessions
