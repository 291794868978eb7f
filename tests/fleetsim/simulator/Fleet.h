// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Drift.h"
#include "Fault.h"
#include "Table.h"

#include <base/Result.h>

#include <memory>

namespace platen::fleetsim {

/// The printers that are served: one per address, from 1 upwards in the net.
class Fleet {
public:
    struct Printer {
        QString name;
        std::shared_ptr<const Table> table;
        std::unique_ptr<Drift> drift; ///< null until the fleet drifts
        Fault fault = Fault::None;
    };

    /// Every *.snmprec of `folder`, by name; with `count` > 0 that many printers, the recordings over and
    /// over (each with a serial number and hardware addresses of its own). Fails with
    /// NotFound (no folder, no recordings) or Malformed (the sentence names file and line).
    static Result<Fleet> load(const QString& folder, qsizetype count = 0);

    /// Lets some printers misbehave from now on; before the fleet drifts.
    void misbehave(const Faults& faults);

    /// Gives every printer a life of its own; step() then moves them all on.
    void startDrifting(quint32 seed);
    /// Returns how many printers changed.
    qsizetype step();

    qsizetype size() const { return qsizetype(m_printers.size()); }
    const Printer& operator[](qsizetype index) const { return m_printers[size_t(index)]; }
    /// What the printer holds now.
    const snmp::Answers& objects(qsizetype index) const;

private:
    std::vector<Printer> m_printers;
    QList<snmp::Answers> m_recordings; ///< by printer index
};

} // namespace platen::fleetsim
