// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Message.h"

namespace platen::snmp {

/// Starts the library once a process: no configuration files, no MIB files, no state on disk, no lines on stderr.
void startNetSnmp();

/// The PDU at the beginning of `bytes`; nothing when it is no PDU or a broken one.
std::optional<Pdu> parsedPdu(QByteArrayView bytes);

} // namespace platen::snmp
