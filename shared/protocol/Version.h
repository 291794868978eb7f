// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace platen::protocol {

/// The number every envelope and every activation carries; it names the whole suite of PROTOCOL.md §1, nothing is
/// negotiated.
///  1  before Platen: 3DES-CBC, kept as `legacy-3des` only (§3.4), not spoken here
///  2  2026-11-22: CPace activation, XChaCha20-Poly1305 envelopes, CBOR bodies, readings of schema 1;
///     LEAVE (12) by POST /a/v2/leave; session and acknowledged in HELLO, session in READY, REKEY (8)
inline constexpr int version = 2;

/// The oldest number we still answer.
inline constexpr int oldestVersion = 2;

/// What `schema` in a reading says; a field added is no new schema, a field that changed its meaning is.
inline constexpr int readingSchema = 1;

} // namespace platen::protocol
