// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Completions.h"
#include "Finder.h"
#include "Intake.h"
#include "Schedule.h"

#include <completion/Completer.h>
#include <dnssd/Browser.h>
#include <profiles/Reader.h>

namespace platen::agent {

/// One round at the site: search when that is due, then read every known device and what was found, at most so many at once.
/// A device's round ends with its first time-out; one that was silent before gets a single packet. A printer that stops to answer SNMP
/// is asked by IPP before it is called offline, and read that way until SNMP answers again. Must outlive its tasks; so must
/// everything it was given.
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
    QCoro::Task<> pass(QList<Found> devices, QCoro::Task<> (Rounds::*read)(Found));
    QCoro::Task<> passOne(QCoro::Task<> (Rounds::*read)(Found), Found where);
    QCoro::Task<> lookForLife(Findings findings);
    QCoro::Task<> readKnown(Found where);
    QCoro::Task<> readNew(Found where);
    QCoro::Task<Taken> completed(QHostAddress address, profiles::ReadOutcome outcome, bool isFull);
    QCoro::Task<bool> readOtherwise(Found where, profiles::ReadOptions options, std::shared_ptr<Error> error);
    QCoro::Task<bool> readByIpp(Place place, std::shared_ptr<Error> error, quint32 onlyOf = 0);
    QCoro::Task<bool> readAt(Found where, profiles::ReadOptions options, int tries, std::shared_ptr<Error> error);
    QList<Place> knownPlaces() const;
    QList<QHostAddress> answering() const;
    QList<Place> otherWays(const Place& place) const;
    Place snmpOf(Place place) const;
    Place ippOf(Place place) const;

    Settings m_settings;
    Logins m_logins;
    KnownDevices& m_devices;
    Intake& m_intake;
    Finder m_finder;
    profiles::Reader m_reader;
    completion::Completer* m_completer;
    std::optional<Completions> m_completions; ///< when there is a completer
    ScanPlan m_plan;
    QHash<QHostAddress, Place> m_announced; ///< where IPP is spoken, as the last search heard
    std::stop_source m_stop;
    Schedule::Work m_work = Schedule::Work::Nothing; ///< of the round that runs
    bool m_isPlanned = false;
};

/// Where printers that announced themselves may be asked, within the ranges: first those that speak IPP, then, by SNMP, those that only
/// say that they take raw print data.
QList<Place> placesOf(const QList<dnssd::Service>& services, const ScanPlan& plan);

} // namespace platen::agent
