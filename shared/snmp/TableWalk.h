// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Engine.h"

#include <QElapsedTimer>

namespace platen::snmp {

/// The thinking behind a walk of everything below one object: what to ask next, what an answer means, when to stop. No I/O.
/// Answers are planned to stay below about 1,400 B, from what the objects seen so far took.
class TableWalk {
public:
    TableWalk(Oid root, WalkLimits limits);

    /// One GETBULK.
    struct Step {
        Oid after;
        int maxRepetitions = 1;
    };
    /// Nothing when the end was reached or a limit is passed.
    std::optional<Step> next();
    void take(const VarBinds& answer);

    const Answers& found() const { return m_found; }
    /// Why the walk ended before its end, as an English sentence; empty when it did not.
    const QString& trouble() const { return m_trouble; }

private:
    void takeOne(const VarBind& varBind);
    void stop(const QString& why);
    bool isPastLimits();

    Oid m_root;
    Oid m_last; ///< what was read last
    bool m_hasEnded = false;
    WalkLimits m_limits;
    QElapsedTimer m_time;
    Answers m_found;
    qint64 m_bytes = 0;   ///< of all objects seen
    qint64 m_objects = 0; ///< seen, those past the end included
    QString m_trouble;
};

} // namespace platen::snmp
