// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Catalogue.h"

#include <snmp/Heard.h>

#include <QHostAddress>

namespace platen::profiles {

/// What is still to be asked of a printer of `maker` (makerOf() of what was heard), the most telling first; empty when a
/// reading of what was heard is complete. Asks for nothing that could not change the reading: a maker's second choice only
/// when the first gave nothing, the columns of a table only for rows that are there, interfaces' states only when they
/// decide, its name in the network (sysName) only with `hostName`.
QList<snmp::Chain> wishes(
    const Catalogue& catalogue, const QString& maker, const snmp::Heard& heard, const QHostAddress& address, bool hostName);

/// For the catalogue, which keeps it in the profile.
Interest interestIn(const Catalogue& catalogue, const Profile& profile, bool hostName);

} // namespace platen::profiles
