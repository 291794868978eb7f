// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Finder.h"
#include "Intake.h"
#include "Schedule.h"

#include <completion/Completer.h>
#include <profiles/Reader.h>

namespace platen::agent {

/// One round at the site: search when that is due, then read every known device and what was found, at most so many at once.
/// A device's round ends with its first time-out; one that was silent before gets a single packet. Must outlive its tasks; so
/// must everything it was given.
class Rounds {
public:
    struct Tools {
        snmp::Engine& engine;
        std::shared_ptr<const profiles::Catalogue> catalogue;
        completion::Completer* completer = nullptr; ///< null: what SNMP does not give stays unknown
    };

    Rounds(Tools tools, const Settings& settings, const Logins& logins, KnownDevices& devices, Intake& intake,
        const Clock& clock = Clock::system());

    /// Fails when a search was asked for and could not be made; known devices are read all the same. One at a time.
    QCoro::Task<Status> run(Schedule::Work work);

    /// Asks nobody any more; a round that runs ends soon.
    void stop();

private:
    QCoro::Task<Result<QList<Found>>> search();
    QCoro::Task<QList<Found>> announced(QList<Found> found);
    QCoro::Task<> lookForLife(Findings findings);
    QCoro::Task<> readKnown(Found where);
    QCoro::Task<> readNew(Found where);
    QCoro::Task<Taken> completed(QHostAddress address, profiles::ReadOutcome outcome, bool isFull);
    QCoro::Task<bool> readByIpp(Place place, std::shared_ptr<Error> error);
    QCoro::Task<bool> readAt(Found where, profiles::ReadOptions options, int tries, std::shared_ptr<Error> error);
    QList<Place> knownPlaces() const;
    QList<Place> otherWays(const Place& place) const;

    Settings m_settings;
    Logins m_logins;
    KnownDevices& m_devices;
    Intake& m_intake;
    Finder m_finder;
    profiles::Reader m_reader;
    completion::Completer* m_completer;
    ScanPlan m_plan;
    std::stop_source m_stop;
    Schedule::Work m_work = Schedule::Work::Nothing; ///< of the round that runs
    bool m_isPlanned = false;
};

} // namespace platen::agent
