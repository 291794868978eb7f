// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <snmp/Value.h>

#include <QRandomGenerator>
#include <QSet>

namespace platen::fleetsim {

/// Lets one device live: each step it may print some pages (every page counter that it has grows by the same number, and whatever its
/// vendor counts that stood where a page counter did), its
/// supplies fall and are replaced when empty, and now and then an alert comes and goes.
class Drift {
public:
    /// `objects` is the device's recording; the same seed gives the same life.
    Drift(snmp::Answers objects, quint32 seed);

    /// One step; true when something changed.
    bool step();
    const snmp::Answers& objects() const { return m_objects; }

private:
    void print(int pages);
    void drain(int pages);
    void toggleAlert();
    void setStatus(qint64 printerStatus);

    snmp::Answers m_objects;
    QRandomGenerator m_random;
    QList<snmp::Oid> m_counters;
    QList<snmp::Oid> m_levels;
    std::optional<snmp::Oid> m_printerStatus, m_errorState;
    QMap<snmp::Oid, int> m_pagesSinceDrop; ///< per supply
    snmp::Answers m_calm;                  ///< what the alert changed, as it was before; empty when there is none
    bool m_isPrinting = false;
};

} // namespace platen::fleetsim
