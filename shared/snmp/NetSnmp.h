// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Message.h"

namespace platen::snmp {

/// Keeps the library from writing to stderr. It is not started otherwise: what we use of it, PDUs and cryptographic primitives,
/// needs no configuration, no MIB files and no state.
void quietNetSnmp();

/// The PDU at the beginning of `bytes`; nothing when it is no PDU or a broken one.
std::optional<Pdu> parsedPdu(QByteArrayView bytes);

} // namespace platen::snmp
