// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Message.h"
#include "UsmKeys.h"

#include <expected>

namespace platen::snmp {

/// A PDU with its context (RFC 3412 §6.8).
QByteArray scopedPdu(QByteArrayView contextEngineId, QByteArrayView contextName, const QByteArray& pdu);

/// A whole SNMPv3 message (RFC 3414 §3.1): encrypted and authenticated as `header` says, which needs the keys for it; its digest
/// is computed here. header.salt must be 8 bytes, used with no other message under that key, when it is encrypted.
QByteArray sealed(const UsmHeader& header, const UsmKeys& keys, const QByteArray& scopedPdu);

enum class UsmTrouble {
    WrongDigest, ///< not from who has the keys, or changed on the way
    NotDecrypted, ///< no keys, or not a length that the cipher makes
};

/// The scoped PDU of a message that `parsed` took out of `datagram`, authenticated and decrypted as its own header says.
/// Whether that level is what was asked for is the caller's to check, and what is in it may be rubbish when the key is wrong.
std::expected<QByteArray, UsmTrouble> opened(const Incoming& message, QByteArrayView datagram, const UsmKeys& keys);

} // namespace platen::snmp
