// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Feed.h"

#include <model/Reading.h>
#include <profiles/Catalogue.h>
#include <snmp/Value.h>

namespace platen::fuzz {

/// A value of the type with this number (any number will do) made of octets.
snmp::Value valueFrom(quint8 type, QByteArrayView octets);
/// The reverse: octets that make `value`, at most 255.
QByteArray octetsOf(const snmp::Value& value);

const profiles::Catalogue& catalogue();

/// What our printers answer to all that may be asked when they are read.
const QList<snmp::Answers>& printers();

/// Every object that any of them answers.
const QList<snmp::Oid>& knownObjects();

/// qFatal when a reading has a number that cannot be.
void checkNumbers(const model::Reading& reading);

} // namespace platen::fuzz
