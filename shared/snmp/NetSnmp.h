// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Exchange.h"

struct snmp_pdu;

namespace platen::snmp {

/// Starts the library once a process: no configuration files, no MIB files, no state on disk, no lines on stderr.
void startNetSnmp();

/// A message of Net-SNMP with its own destination and community; snmp_free_pdu frees it.
snmp_pdu* toPdu(const Question& question);

/// The objects of an answer, as sent.
VarBinds varBindsOf(const snmp_pdu& answer);

/// Where an answer came from; a null address when the library does not say.
std::pair<QHostAddress, quint16> sourceOf(const snmp_pdu& answer);

} // namespace platen::snmp
