// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>

#include <QMap>
#include <QStringList>

#include <span>

namespace platen::fleetsim {

/// How a broken or hostile device behaves; everything else about it is as its recording says.
enum class Fault : quint8 {
    None,
    EndlessWalk,
    Backwards,
    HugeStrings,
    WrongTypes,
    WrongRequestId,
    WrongPort,
    WrongAddress,
    Late,
    HalfLost,
    Duplicates,
    ReportLoop,
    TooBig,
    Truncated,
    TarPit,
    GzipBomb,
    MetadataRedirect,
};

struct FaultMode {
    Fault fault;
    QLatin1StringView name;    ///< as the command line has it: "endless-walk"
    QLatin1StringView meaning; ///< a line of help
};

/// All faults except None, in the order of the enumeration.
std::span<const FaultMode> faultModes();

/// Does the device misbehave on TCP, where correct printers of the fleet do not listen at all?
bool isHttpFault(Fault fault);

/// By printer index, those that misbehave.
using Faults = QMap<qsizetype, Fault>;

/// From options like "late=127.0.2.3,127.0.2.7-127.0.2.9" of a fleet of `count` printers. Fails with InvalidInput for an unknown
/// mode, an address that is no printer's, and one that has two faults.
Result<Faults> parseFaults(const QStringList& options, quint32 firstAddress, qsizetype count);

} // namespace platen::fleetsim
