// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>

#include <QByteArray>
#include <QByteArrayView>
#include <QCborMap>

namespace platen::protocol {

/// What we accept of a peer's CBOR (PROTOCOL.md §1). Every key and every value is an item; the outermost map is
/// depth 1.
namespace cborLimit {
inline constexpr int depth = 8;
inline constexpr int items = 4096;
inline constexpr qsizetype bytes = 8 * 1024 * 1024;
} // namespace cborLimit

/// The map these bytes are, all of them and nothing after it. They are walked once, without allocating, before anything
/// is built: lengths inside the buffer, the limits above, valid UTF-8, text keys without repetition, no indefinite
/// lengths, no tags, no values but integers (64 bit signed), finite floats, strings, arrays, maps, true, false and
/// null. Fails with LimitExceeded or Malformed.
Result<QCborMap> decodeMap(QByteArrayView bytes);

/// The one encoding of `map` (RFC 8949 §4.2.1): keys in bytewise order of their encoding, shortest integers and floats.
QByteArray encodeMap(const QCborMap& map);

/// How many items `value` holds, itself included, as decodeMap counts them.
int itemCount(const QCborValue& value);

} // namespace platen::protocol
