// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ScanPlan.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace platen::agent {

namespace {

/// The exclusions of these texts with host names looked up; a name that nobody knows excludes nothing and is said.
QCoro::Task<QList<snmp::AddressRange>> excluded(QStringList texts, std::shared_ptr<QStringList> left)
{
    QList<snmp::AddressRange> ranges;
    for (const QString& text : texts) {
        const auto range = snmp::AddressRange::parseExclusion(text);
        const auto found = range ? co_await snmp::resolved({*range}) : fail(range.error());
        if (found)
            ranges.append(*found);
        else
            left->append(u"The exclusion of %1 does not count: %2"_s.arg(text, found.error().detail));
    }
    co_return ranges;
}

/// `range` without `exclusions`, in pieces.
QList<snmp::AddressRange> carved(const snmp::AddressRange& range, const QList<snmp::AddressRange>& exclusions)
{
    if (exclusions.isEmpty())
        return {range};
    QList<snmp::AddressRange> pieces;
    const auto spans = snmp::planned({{range, 161, {}}}, exclusions, 1);
    for (const snmp::SweepSpan& span : spans.value_or(QList<snmp::SweepSpan>()))
        pieces.append({range.text, {}, span.first, span.last, span.scope});
    return pieces;
}

} // namespace

QCoro::Task<ScanPlan> ScanPlan::make(Settings settings, Logins logins)
{
    ScanPlan plan;
    plan.m_logins = logins;
    QStringList kept;
    for (const RangeSetting& setting : std::as_const(settings.ranges))
        kept += setting.credentials;
    for (int index = 0; index < int(logins.count()); ++index)
        if (!kept.contains(logins.at(index).name))
            plan.m_general.append(index);

    const auto left = std::make_shared<QStringList>();
    plan.m_exclusions = co_await excluded(settings.exclude, left);
    for (const RangeSetting& setting : std::as_const(settings.ranges)) {
        const auto range = snmp::AddressRange::parse(setting.range);
        const auto found = range ? co_await snmp::resolved({*range}) : fail(range.error());
        const auto without = co_await excluded(setting.exclude, left);
        if (!found)
            left->append(u"%1 is left out of the search: %2"_s.arg(setting.range, found.error().detail));
        for (const snmp::AddressRange& one : found.value_or(QList<snmp::AddressRange>()))
            for (const snmp::AddressRange& piece : carved(one, without))
                plan.add(piece, setting, quint16(settings.port));
    }
    if (settings.ranges.isEmpty()) {
        const snmp::LocalRanges local = snmp::localRanges();
        for (const snmp::AddressRange& range : local.ranges)
            plan.add(range, {}, quint16(settings.port));
        *left += local.left;
    }
    plan.m_left = *left;
    co_return plan;
}

void ScanPlan::add(const snmp::AddressRange& range, const RangeSetting& setting, quint16 port)
{
    snmp::SearchRange entry{range, quint16(setting.port.value_or(port)), {}};
    for (const QString& name : setting.credentials)
        if (const int index = m_logins.indexOfName(name); index >= 0)
            entry.credentials.append(index);
    if (setting.credentials.isEmpty())
        entry.credentials = m_general;
    if (!entry.credentials.isEmpty())
        m_ranges.append(entry);
}

Result<QList<snmp::SweepSpan>> ScanPlan::spans(const QList<snmp::AddressRange>& besides) const
{
    return snmp::planned(m_ranges, m_exclusions + besides, int(m_logins.count()));
}

bool ScanPlan::isExcluded(const QHostAddress& address) const
{
    return std::ranges::any_of(
        m_exclusions, [&](const snmp::AddressRange& range) { return range.contains(address); });
}

bool ScanPlan::isSearched(const QHostAddress& address) const
{
    return !isExcluded(address) && std::ranges::any_of(m_ranges, [&](const snmp::SearchRange& entry) {
        return entry.range.contains(address);
    });
}

QList<int> ScanPlan::loginsAt(const QHostAddress& address) const
{
    const auto there = std::ranges::find_if(
        m_ranges, [&](const snmp::SearchRange& entry) { return entry.range.contains(address); });
    return there == m_ranges.end() ? m_general : there->credentials;
}

} // namespace platen::agent
