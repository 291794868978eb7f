// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Catalogue.h"
#include "Columns.h"

#include <snmp/Heard.h>

namespace platen::profiles {

/// What followed from comparing the answers with those of before.
enum class Change {
    Values, ///< what was watched is all that can have changed
    More,   ///< other objects can have changed too; they are forgotten and to be asked now
    Device, ///< it is another device, or has other rows: read it from the start
};

/// What has to be asked again of a device that was read before, to see whether it changed: its serial number, status, life
/// count, levels, alerts, first line of the panel, and a counter of scans, which move without marks on paper.
class Watch {
public:
    /// `last`: the answers of its last reading; of these only what is watched is kept.
    Watch(const Catalogue& catalogue, const Profile& profile, const snmp::Answers& last);

    const snmp::Answers& before() const { return m_before; }
    void forgetWhatChanges(snmp::Heard& heard) const;
    /// When what was forgotten is known again.
    Change forgetWhatFollows(snmp::Heard& heard) const;

private:
    using Objects = QList<snmp::Oid>;

    void addMeters(const Columns& columns, quint32 device);
    void keepBefore(const Columns& columns);
    QList<const Objects*> watched() const { return {&m_identity, &m_state, &m_lifeCounts, &m_levels, &m_vendorLevels, &m_panel, &m_tellingMeters}; }
    bool forgetReplaced(snmp::Heard& heard) const;
    bool differ(const Objects& objects, const snmp::Heard& now) const;

    const Profile& m_profile;
    snmp::Answers m_before;
    Objects m_identity; ///< what another device in its place would say otherwise
    Objects m_state;
    Objects m_lifeCounts;
    Objects m_levels;
    Objects m_vendorLevels;
    Objects m_panel;
    Objects m_meters;      ///< all the maker's counters
    Objects m_tellingMeters; ///< of these, what tells of the others when no mark was put on paper
};

} // namespace platen::profiles
