// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Rounds.h"

#include "InParallel.h"
#include "Log.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace platen::agent {

namespace {

/// The ranges of these texts with host names looked up; a name that nobody knows today is left out and said.
QCoro::Task<QList<snmp::AddressRange>> rangesOf(QStringList texts, bool excluded)
{
    QList<snmp::AddressRange> ranges;
    for (const QString& text : texts) {
        const auto range = excluded ? snmp::AddressRange::parseExclusion(text) : snmp::AddressRange::parse(text);
        if (!range)
            continue; // the settings were checked
        const auto found = co_await snmp::resolved({*range});
        if (found)
            ranges.append(*found);
        else
            qCWarning(lcAgent) << "left out of this search:" << found.error();
    }
    co_return ranges;
}

} // namespace

Rounds::Rounds(snmp::Engine& engine, std::shared_ptr<const profiles::Catalogue> catalogue, const Settings& settings,
    KnownDevices& devices, Intake& intake, const Clock& clock)
    : m_settings(settings)
    , m_devices(devices)
    , m_intake(intake)
    , m_finder(engine, catalogue)
    , m_reader(engine, catalogue, clock)
{
}

QCoro::Task<Status> Rounds::run(bool searches)
{
    Status outcome;
    if (searches || !m_isResolved)
        co_await resolveRanges();
    QList<Place> found;
    if (searches) {
        const Result<QList<Place>> searched = co_await search();
        if (searched)
            found = *searched;
        else
            outcome = fail(searched.error());
    }

    m_intake.begin();
    QHash<QHostAddress, Place> places;
    for (const Place& place : knownPlaces())
        places.insert(place.address, place);
    QList<Place> fresh;
    for (const Place& place : std::as_const(found)) {
        if (const auto known = places.find(place.address); known != places.end())
            *known = place; // with the community that worked just now
        else
            fresh.append(place);
    }
    co_await inParallel<Place>(
        places.values(), m_settings.devicesAtOnce, [this](const Place& place) { return readKnown(place); });
    co_await inParallel<Place>(fresh, m_settings.devicesAtOnce, [this](const Place& place) { return readNew(place); });
    m_intake.end();
    co_return outcome;
}

QCoro::Task<> Rounds::resolveRanges()
{
    m_exclusions = co_await rangesOf(m_settings.exclude, true);
    m_ranges = m_settings.ranges.isEmpty() ? snmp::localRanges().ranges : co_await rangesOf(m_settings.ranges, false);
    m_isResolved = true;
}

QCoro::Task<Result<QList<Place>>> Rounds::search()
{
    const Result<QList<QHostAddress>> addresses = snmp::expanded(m_ranges, m_exclusions);
    if (!addresses)
        co_return fail(addresses.error());
    Search search{*addresses, m_settings.communities, quint16(m_settings.port), {}};
    search.pace.packetsPerSecond = m_settings.packetsPerSecond;
    search.pace.timeout = m_settings.timeout;
    const Result<Findings> findings = co_await m_finder.find(search);
    if (!findings)
        co_return fail(findings.error());
    qCInfo(lcAgent) << "searched" << addresses->size() << "addresses:" << findings->answered << "answered,"
                    << findings->printers.size() << "are printers";
    co_return findings->printers;
}

QList<Place> Rounds::knownPlaces() const
{
    QList<Place> places;
    for (const quint32 id : m_devices.ids()) {
        const KnownDevice* device = std::as_const(m_devices).find(id);
        if (!isExcluded(device->place.address) && m_devices.at(device->place.address) == device)
            places.append(device->place);
    }
    return places;
}

bool Rounds::isExcluded(const QHostAddress& address) const
{
    return address.isNull() || std::ranges::any_of(m_exclusions, [&](const snmp::AddressRange& range) { return range.contains(address); });
}

QCoro::Task<> Rounds::readKnown(Place place)
{
    if (m_isStopping)
        co_return;
    const KnownDevice* device = m_devices.at(place.address);
    const bool wasSilent = device && device->misses > 0;
    Result<profiles::ReadOutcome> reading =
        co_await m_reader.read(targetOf(place, m_settings.communities, m_settings.timeout));

    // Silent twice: before it is called offline, perhaps only its community has changed.
    for (int other = 0;
        wasSilent && !reading && reading.error().code == ErrorCode::Timeout && other < m_settings.communities.size();
        ++other) {
        if (other == place.community || m_isStopping)
            continue;
        Place elsewhere = place;
        elsewhere.community = other;
        reading = co_await m_reader.read(targetOf(elsewhere, m_settings.communities, m_settings.timeout));
        if (reading)
            place = elsewhere;
    }
    if (m_isStopping)
        co_return;
    if (reading)
        m_intake.take(place, reading->reading);
    else if (reading.error().code != ErrorCode::NetworkFailed) // our own network is no state of the printer
        m_intake.miss(place.address);
}

QCoro::Task<> Rounds::readNew(Place place)
{
    if (m_isStopping)
        co_return;
    const Result<profiles::ReadOutcome> reading =
        co_await m_reader.read(targetOf(place, m_settings.communities, m_settings.timeout));
    if (reading && !m_isStopping)
        m_intake.take(place, reading->reading);
}

} // namespace platen::agent
