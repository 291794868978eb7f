// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Clock.h>

#include <QHash>
#include <QHostAddress>
#include <QList>

namespace platen::sessions {

/// How often one source address may do something. IPv6 counts by /64, which is what one customer has.
class SourceLimit {
public:
    SourceLimit(const Clock& clock, int most, std::chrono::milliseconds within);

    /// Counts one and says whether that was still allowed.
    bool allow(const QHostAddress& source);

private:
    void forgetOld();

    const Clock& m_clock;
    const qsizetype m_most;
    const std::chrono::milliseconds m_within;
    QHash<QString, QList<std::chrono::milliseconds>> m_times;
};

} // namespace platen::sessions
