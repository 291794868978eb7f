// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "KnownDevices.h"

#include <profiles/Catalogue.h>
#include <snmp/Sweep.h>

namespace platen::agent {

/// Where to search, and with what.
struct Search {
    QList<QHostAddress> addresses;
    QList<Secret> communities;
    quint16 port = 161;
    snmp::SweepPace pace;
};

/// What a search found.
struct Findings {
    QList<Place> printers; ///< in order of their addresses
    qsizetype answered = 0; ///< addresses that spoke SNMP at all
};

/// How to ask the device at `place`.
snmp::Target targetOf(const Place& place, const QList<Secret>& communities, std::chrono::milliseconds timeout);

/// Searches addresses for printers: one GET each (v2c, then v1 where nothing answered), one GETBULK more where that does not
/// tell. Never gates on ping. Must outlive its tasks, as must the engine.
class Finder {
public:
    Finder(snmp::Engine& engine, std::shared_ptr<const profiles::Catalogue> catalogue);

    /// Fails with NetworkFailed when nothing can be sent.
    QCoro::Task<Result<Findings>> find(Search search);

private:
    QCoro::Task<> judge(snmp::SweepHit hit, std::shared_ptr<QList<snmp::Target>> printers);

    snmp::Engine& m_engine;
    std::shared_ptr<const profiles::Catalogue> m_catalogue;
};

} // namespace platen::agent
