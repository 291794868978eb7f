// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "UsmKeys.h"

#include <cstddef>

namespace platen::snmp {

/// How Net-SNMP's primitives are told what to do: by the object identifier of the protocol (RFC 3414 §5, RFC 3826, RFC 7860).
struct Algorithm {
    unsigned long* id = nullptr; ///< Net-SNMP's oid; lives as long as the library
    unsigned int idLength = 0;
};

Algorithm algorithmOf(AuthProtocol protocol); ///< not None
Algorithm algorithmOf(PrivProtocol protocol); ///< not None

size_t digestLength(AuthProtocol protocol); ///< of what stands in a message, truncated as the RFCs say; None: 0
size_t privacyKeyLength(PrivProtocol protocol); ///< DES: with the pre-IV; None: 0
int extensionType(
    PrivProtocol protocol, KeyExtension extension); ///< the library's number for the cipher with that extension

} // namespace platen::snmp
