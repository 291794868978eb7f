// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Catalogue.h"
#include "Memory.h"
#include "Precedents.h"

#include <base/Clock.h>
#include <model/Reading.h>
#include <snmp/Engine.h>

#include <QCoro/QCoroTask>
#include <QHostAddress>

namespace platen::profiles {

struct InterpretOptions {
    QHostAddress address; ///< that answered; tells the interface
    Instant takenAt{};
    bool sources = false; ///< record where each value came from
    bool hostName = false; ///< take sysName into `misc`
    QString maker = {}; ///< makerOf() of the answers, where that is known
};

/// Where a device's name in the network (sysName) stands in a reading's `misc`.
inline constexpr QLatin1StringView hostNameKey{"hostName"};

/// What the answers say. Fails with NotFound when they are not a printer's. Pure; never trusts a value: wrong types, sizes
/// and numbers are left out.
Result<model::Reading> interpret(
    const Catalogue& catalogue, const snmp::Answers& answers, const InterpretOptions& options);

/// A reading from the network's questions, answered by a recording of the device.
Result<model::Reading> readRecording(
    const Catalogue& catalogue, const snmp::Answers& all, const InterpretOptions& options);

/// How one device is read.
struct ReadOptions {
    snmp::VarBinds known; ///< what it has just answered (the sweep's): not asked again
    Memory memory;        ///< of its last reading; null: all is asked
    bool full = false;    ///< all is asked, whatever the memory says
    bool sources = false; ///< record where each value came from
    bool hostName = false; ///< ask for its name in the network, too; it is not asked again while the memory holds it
};

/// A reading, and what to keep so that the next one takes one request.
struct ReadOutcome {
    model::Reading reading;
    Memory memory;
};

/// Reads devices over the network. Must outlive its tasks, as must the engine and the clock.
class Reader {
public:
    Reader(snmp::Engine& engine, std::shared_ptr<const Catalogue> catalogue, const Clock& clock = Clock::system());

    /// One reading, always complete. The first request goes out as often as `target` says (a device that may sleep: once),
    /// later ones, and all to a device that has just answered (`known`), patiently. Fails with Timeout (the first time-out ends
    /// the round: the device is offline), NotFound (it answers but is no printer), or what the engine says.
    QCoro::Task<Result<ReadOutcome>> read(snmp::Target target, ReadOptions options = {});

private:
    snmp::Engine& m_engine;
    std::shared_ptr<const Catalogue> m_catalogue;
    const Clock& m_clock;
    Precedents m_precedents;
};

} // namespace platen::profiles
