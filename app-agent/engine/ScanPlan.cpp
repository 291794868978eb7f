// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ScanPlan.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace platen::agent {

namespace {

struct Excluded {
    QList<snmp::AddressRange> ranges;
    QString unknown; ///< a sentence about one of which nobody knows what it stands for; else empty
};

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

ScanPlan::ScanPlan() {} // not "= default": beside a coroutine that takes one, GCC 14 takes that for a second definition

/// A plan while it is made.
struct ScanPlan::Making {
    Settings settings;
    ScanPlan plan;
    ScanPlan earlier;
    LookUp lookUp;

    static QCoro::Task<Excluded> excluded(std::shared_ptr<Making> making, QStringList texts);
    static QCoro::Task<> addRange(std::shared_ptr<Making> making, RangeSetting setting);
};

/// The exclusions of these texts with host names looked up.
QCoro::Task<Excluded> ScanPlan::Making::excluded(std::shared_ptr<Making> making, QStringList texts)
{
    Excluded excluded;
    for (const QString& text : texts) {
        const auto range = snmp::AddressRange::parseExclusion(text);
        auto found = range ? co_await making->lookUp({*range}, snmp::Use::LeavingOut) : fail(range.error());
        const auto last = making->earlier.m_excludedNames.constFind(text);
        if (!found && last != making->earlier.m_excludedNames.constEnd()) {
            making->plan.m_left.append(u"The exclusion of %1 counts for the addresses it had before: %2"_s.arg(text, found.error().detail));
            found = *last;
        }
        if (!found) {
            excluded.unknown = u"nobody knows what the exclusion of %1 stands for: %2"_s.arg(text, found.error().detail);
            continue;
        }
        excluded.ranges.append(*found);
        if (!range->hostName.isEmpty())
            making->plan.m_excludedNames.insert(text, *found);
    }
    co_return excluded;
}

QCoro::Task<> ScanPlan::Making::addRange(std::shared_ptr<Making> making, RangeSetting setting)
{
    const auto range = snmp::AddressRange::parse(setting.range);
    const auto found = range ? co_await making->lookUp({*range}, snmp::Use::Asking) : fail(range.error());
    const Excluded without = co_await excluded(making, setting.exclude);
    const QString why = found ? without.unknown : found.error().detail;
    if (!why.isEmpty()) {
        making->plan.m_left.append(u"%1 is left out of the search: %2"_s.arg(setting.range, why));
        co_return;
    }
    for (const snmp::AddressRange& one : *found)
        for (const snmp::AddressRange& piece : carved(one, without.ranges))
            making->plan.add(piece, setting, quint16(making->settings.port));
}

QCoro::Task<ScanPlan> ScanPlan::make(Settings settings, Logins logins, ScanPlan earlier, LookUp lookUp)
{
    const auto making = std::make_shared<Making>(settings, ScanPlan(), earlier, lookUp);
    ScanPlan& plan = making->plan;
    plan.m_logins = logins;
    plan.m_port = quint16(settings.port);
    QStringList kept;
    for (const RangeSetting& setting : std::as_const(settings.ranges))
        kept += setting.credentials;
    for (int index = 0; index < int(logins.count()); ++index)
        if (!kept.contains(logins.at(index).name))
            plan.m_general.append(index);

    const Excluded excluded = co_await Making::excluded(making, settings.exclude);
    plan.m_exclusions = excluded.ranges;
    plan.m_unknown = excluded.unknown;
    for (const RangeSetting& setting : std::as_const(settings.ranges))
        co_await Making::addRange(making, setting);
    if (settings.ranges.isEmpty()) {
        const snmp::LocalRanges local = snmp::localRanges();
        for (const snmp::AddressRange& range : local.ranges)
            plan.add(range, {}, quint16(settings.port));
        plan.m_left += local.left;
    }
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
    if (!m_unknown.isEmpty())
        return fail(ErrorCode::NotFound, u"The search is left out, as it might ask what it must not: "_s + m_unknown);
    return snmp::planned(m_ranges, m_exclusions + besides, int(m_logins.count()));
}

bool ScanPlan::isExcluded(const QHostAddress& address) const
{
    return std::ranges::any_of(
        m_exclusions, [&](const snmp::AddressRange& range) { return range.contains(address); });
}

bool ScanPlan::isSearched(const QHostAddress& address) const
{
    return m_unknown.isEmpty() && !isExcluded(address) && rangeOf(address) != m_ranges.end();
}

QList<snmp::SearchRange>::const_iterator ScanPlan::rangeOf(const QHostAddress& address) const
{
    return std::ranges::find_if(
        m_ranges, [&](const snmp::SearchRange& entry) { return entry.range.contains(address); });
}

quint16 ScanPlan::portAt(const QHostAddress& address) const
{
    const auto there = rangeOf(address);
    return there == m_ranges.end() ? m_port : there->port;
}

QList<int> ScanPlan::loginsAt(const QHostAddress& address) const
{
    const auto there = rangeOf(address);
    return there == m_ranges.end() ? m_general : there->credentials;
}

} // namespace platen::agent
