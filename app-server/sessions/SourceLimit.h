// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Clock.h>

#include <QByteArray>
#include <QHash>
#include <QHostAddress>
#include <QList>

namespace platen::sessions {

/// How often one source may do something: an IPv4 address or an IPv6 /64, which is what one customer has; and the network that it
/// is in (/24, /48) `perNetwork` times as often, as whoever has one address of it often has many.
class SourceLimit {
public:
    static constexpr int perNetwork = 6;

    SourceLimit(const Clock& clock, int most, std::chrono::milliseconds within);

    /// Counts one and says whether that was still allowed.
    bool allow(const QHostAddress& source);

private:
    using Times = QHash<QByteArray, QList<std::chrono::milliseconds>>;

    QList<std::chrono::milliseconds>* recent(Times& times, const QByteArray& key);

    const Clock& m_clock;
    const qsizetype m_most;
    const std::chrono::milliseconds m_within;
    Times m_sources;
    Times m_networks;
};

} // namespace platen::sessions
