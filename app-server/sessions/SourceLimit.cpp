// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "SourceLimit.h"

namespace platen::sessions {

namespace {

constexpr qsizetype mostSources = 10'000;

/// The bytes of an address that say who it is, and those that say which network.
struct Source {
    QByteArray own;
    QByteArray network;
};

Source sourceOf(const QHostAddress& address)
{
    bool isV4 = false;
    const quint32 v4 = address.toIPv4Address(&isV4); // also ::ffff:10.0.0.1
    if (isV4) {
        const QByteArray bytes = "4:" + QByteArray::number(v4, 16).rightJustified(8, '0');
        return {bytes, bytes.chopped(2)};
    }
    const Q_IPV6ADDR v6 = address.toIPv6Address();
    const QByteArray bytes(reinterpret_cast<const char*>(v6.c), sizeof v6.c);
    return {bytes.first(8), bytes.first(6)};
}

} // namespace

SourceLimit::SourceLimit(const Clock& clock, int most, std::chrono::milliseconds within)
    : m_clock(clock)
    , m_most(most)
    , m_within(within)
{
}

bool SourceLimit::allow(const QHostAddress& address)
{
    const Source source = sourceOf(address);
    auto* const network = recent(m_networks, source.network);
    auto* const own = network ? recent(m_sources, source.own) : nullptr;
    if (!own || own->size() >= m_most || network->size() >= m_most * perNetwork)
        return false;
    own->append(m_clock.monotonic());
    network->append(m_clock.monotonic());
    return true;
}

/// When it happened to `key` lately; null when there are too many keys: an attack from everywhere, and better nobody than everybody.
QList<std::chrono::milliseconds>* SourceLimit::recent(Times& times, const QByteArray& key)
{
    const auto now = m_clock.monotonic();
    if (!times.contains(key) && times.size() >= mostSources) {
        times.removeIf([&](auto entry) { return entry.value().isEmpty() || entry.value().last() + m_within <= now; });
        if (times.size() >= mostSources)
            return nullptr;
    }
    auto& list = times[key];
    list.removeIf([&](auto time) { return time + m_within <= now; });
    return &list;
}

} // namespace platen::sessions
