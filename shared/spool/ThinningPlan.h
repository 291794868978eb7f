// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Files.h"

#include <optional>

namespace platen::spool {

/// Which stretch of the spool is folded into less next, when it holds too much or what is too old: at first the days before
/// today, the oldest first, each by itself; when that is not enough, several days together.
class ThinningPlan {
public:
    struct Limits {
        qint64 bytes; ///< begins at 7/8 of it, ends at 3/4
        std::chrono::milliseconds age; ///< of what is folded day by day in any case
    };

    /// The oldest files stay as they are: they may have been sent, and one number must never have two contents. Twice what an
    /// agent sends without an answer (channel::AgentLink::Settings::window).
    static constexpr qsizetype untouched = 64;

    explicit ThinningPlan(Limits limits) : m_limits(limits) {}

    /// Indices in `files`, `end` not included.
    struct Stretch {
        qsizetype begin = 0;
        qsizetype end = 0;
    };
    /// At most 64 files of at most a megabyte; nothing when there is nothing to fold now.
    std::optional<Stretch> next(const Files& files, Instant now);

    void passOver(quint64 seq); ///< up to this number it does not get less
    void startOver(); ///< the oldest are gone

private:
    std::optional<Stretch> search(const Files& files, Instant now);

    Limits m_limits;
    quint64 m_done = 0; ///< what is up to here is folded
    bool m_isCrowded = false;
    bool m_isAcrossDays = false;
};

} // namespace platen::spool
