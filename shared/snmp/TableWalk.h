// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Engine.h"

#include <QElapsedTimer>

namespace platen::snmp {

/// The thinking behind a walk of one or several columns side by side: what to ask next, what an answer means, when to stop.
/// No I/O. Answers are planned to stay below about 1,400 B, from what the objects seen so far took.
class TableWalk {
public:
    /// `repetitions` of each column are asked at once, when they fit.
    TableWalk(QList<Oid> columns, int repetitions, WalkLimits limits);

    /// One GETBULK.
    struct Step {
        QList<Oid> oids;
        QList<qsizetype> columns; ///< of each of `oids`, its place among the columns
        int maxRepetitions = 1;
    };
    /// Nothing when every column has ended or a limit is passed.
    std::optional<Step> next();
    void take(const Step& step, const VarBinds& answer);

    const Answers& found() const { return m_found; }
    /// Why columns ended before their end, as an English sentence; empty when none did.
    const QString& trouble() const { return m_trouble; }

private:
    struct Column {
        Oid root;
        Oid last; ///< what was read last
        bool hasEnded = false;
    };

    void takeOne(Column& column, const VarBind& varBind);
    void stop(const QString& why);
    bool isPastLimits();

    QList<Column> m_columns;
    int m_repetitions;
    WalkLimits m_limits;
    QElapsedTimer m_time;
    Answers m_found;
    qint64 m_bytes = 0;   ///< of all objects seen
    qint64 m_objects = 0; ///< seen, those past a column's end included
    QString m_trouble;
};

} // namespace platen::snmp
