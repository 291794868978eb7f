// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Ber.h"
#include "Fault.h"

#include <chrono>

namespace platen::fleetsim {

class Table;

/// One datagram of a device that misbehaves.
struct Misdeed {
    enum class From { Itself, OtherPort, NextAddress };

    QByteArray bytes;
    std::chrono::milliseconds delay{0};
    From from = From::Itself;
};

/// What a device with these objects and this fault (which drops no requests: HalfLost is the server's) sends to a request.
QList<Misdeed> misdeeds(Fault fault, const Request& request, const Table& table, const snmp::Answers& objects);

/// The objects of a device whose values are the fault (HugeStrings, WrongTypes); of any other, as they are.
snmp::Answers distorted(Fault fault, snmp::Answers objects);

} // namespace platen::fleetsim
