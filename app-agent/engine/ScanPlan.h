// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Logins.h"

#include <snmp/Sweep.h>

#include <QCoro/QCoroTask>
#include <QHash>

#include <functional>

namespace platen::agent {

/// Where to search, and who may be asked with what: the settings with their host names looked up.
class ScanPlan {
public:
    using LookUp = std::function<QCoro::Task<Result<QList<snmp::AddressRange>>>(QList<snmp::AddressRange>, snmp::Use)>;

    ScanPlan();

    /// Never fails: a range whose name nobody knows today is left out, as left() says. An exclusion by a name that cannot be
    /// looked up stands for the addresses it had in `earlier`; where it never had any, what it is an exclusion of is not searched.
    static QCoro::Task<ScanPlan> make(
        Settings settings, Logins logins, ScanPlan earlier = {}, LookUp lookUp = snmp::resolved);

    const Logins& logins() const { return m_logins; }
    const QList<snmp::SearchRange>& ranges() const { return m_ranges; }
    const QStringList& left() const { return m_left; } ///< what is not searched and why, a sentence each

    /// What a search asks. `besides` is left out, too. Fails with InvalidInput when nothing or too much is left,
    /// NotFound when nobody knows what an exclusion stands for.
    Result<QList<snmp::SweepSpan>> spans(const QList<snmp::AddressRange>& besides = {}) const;

    bool isExcluded(const QHostAddress& address) const;
    bool isSearched(const QHostAddress& address) const; ///< in a range and not excluded

    /// Where SNMP is asked there: the port of the first range that has it, else that of the settings.
    quint16 portAt(const QHostAddress& address) const;

    /// Indices of the logins that a device at this address is asked with, in their order: those of the first range that has it;
    /// outside all ranges those that are not kept for a range (PROTOCOL.md §4).
    QList<int> loginsAt(const QHostAddress& address) const;

private:
    struct Making;

    QList<snmp::SearchRange>::const_iterator rangeOf(const QHostAddress& address) const;
    void add(const snmp::AddressRange& range, const RangeSetting& setting, quint16 port);

    Logins m_logins;
    QList<snmp::SearchRange> m_ranges;
    quint16 m_port = 161; ///< outside all ranges
    QList<snmp::AddressRange> m_exclusions;
    QList<int> m_general; ///< logins that no range names
    QStringList m_left;
    QString m_unknown; ///< which exclusion of the whole search stands for nobody knows what, and why; mostly empty
    QHash<QString, QList<snmp::AddressRange>> m_excludedNames; ///< what exclusions stood for last, by their texts
};

} // namespace platen::agent
