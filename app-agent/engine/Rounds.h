// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Finder.h"
#include "Intake.h"
#include "Settings.h"

#include <profiles/Reader.h>
#include <snmp/AddressRange.h>

#include <QSet>

namespace platen::agent {

/// One round at the site: search when asked to, then read every known device and what was found, at most so many at once. A
/// device's round ends with its first time-out. Must outlive its tasks; so must everything it was given.
class Rounds {
public:
    Rounds(snmp::Engine& engine, std::shared_ptr<const profiles::Catalogue> catalogue, const Settings& settings,
        KnownDevices& devices, Intake& intake, const Clock& clock = Clock::system());

    /// Fails when a search was asked for and could not be made; known devices are read all the same. One at a time.
    QCoro::Task<Status> run(bool searches);

    /// Asks nobody any more; a round that runs ends soon.
    void stop() { m_isStopping = true; }

private:
    QCoro::Task<> resolveRanges();
    QCoro::Task<Result<QList<Place>>> search();
    QCoro::Task<> readKnown(Place place);
    QCoro::Task<> readNew(Place place);
    QList<Place> knownPlaces() const;
    bool isExcluded(const QHostAddress& address) const;

    Settings m_settings;
    KnownDevices& m_devices;
    Intake& m_intake;
    Finder m_finder;
    profiles::Reader m_reader;
    QList<snmp::AddressRange> m_ranges;
    QList<snmp::AddressRange> m_exclusions;
    bool m_isResolved = false;
    bool m_isStopping = false;
};

} // namespace platen::agent
