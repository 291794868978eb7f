// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>

namespace platen::spool {

/// The folder `quarantine` of a spool: damaged and foreign files are put there for people to look at. It keeps the newest
/// thousand of them and at most 64 MiB.
class Quarantine {
public:
    explicit Quarantine(const QString& spoolFolder);

    /// Moves the spool's file `name` there; why is said in the log, of the first few at each start.
    void take(const QString& name, const QString& why);

    quint64 highestSeq(quint64 below) const; ///< of the files that are there, when it is below; else 0
    quint64 takenCount() const { return m_taken; } ///< since the spool was opened
    qsizetype count() const { return m_count; } ///< files that are there

private:
    void prune();

    QString m_spool;
    QString m_folder;
    quint64 m_taken = 0;
    qsizetype m_count = 0;
};

} // namespace platen::spool
