// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>
#include <model/Reading.h>

#include <QByteArray>
#include <QCborMap>
#include <QJsonObject>

/// A Reading has two written forms. *JSON* is that of DESIGN.md §3: lists, unknown values null. *Keyed* travels: the
/// same names, but meters are a map by "name" or "name/marker", supplies and alerts maps by index, unknown values
/// absent, takenAt ms since 1970, and never any sources; so a merge patch (RFC 7386) of two keyed forms says exactly
/// what changed.
namespace platen::protocol {

/// What one reading may hold. A device's own text is never trusted: toKeyed cuts to this, fromKeyed refuses what is
/// above it.
namespace readingLimit {
inline constexpr qsizetype textBytes = 1024; ///< of UTF-8
inline constexpr int supplies = 200;
inline constexpr int alerts = 500;
inline constexpr int meters = 100;
inline constexpr int displayLines = 50;
inline constexpr int errors = 64;
inline constexpr int misc = 64;
inline constexpr qsizetype keyBytes = 128; ///< of an index, a meter's name and marker, a key of misc
inline constexpr int items = 3000; ///< CBOR items of the keyed form: fits a DATA message of its own
/// Bytes of the keyed form, each item counted as its text and 9 bytes: no less than it has encoded.
inline constexpr qsizetype bytes = 160 * 1024;
} // namespace readingLimit

/// The keyed form. Cut to the limits: texts cleaned (`cleaned`), rows above a limit or without an index left out (the
/// room goes to meters, supplies, misc and alerts in this order), a number out of its range taken as not known;
/// whatever comes out is accepted by fromKeyed. Of rows with the same key the last one stays.
QCborMap toKeyed(const model::Reading& reading);

/// The reading of a full keyed form: rows in order (`putInOrder`), texts cleaned, unknown fields ignored, `sources`
/// empty. Fails with Malformed (a field of the wrong type or out of its range, no takenAt), Unsupported (another
/// schema) or LimitExceeded; the sentence names the field.
Result<model::Reading> fromKeyed(const QCborMap& keyed);

/// DESIGN.md §3, rows in order; `sources` only when asked for.
QJsonObject toJson(const model::Reading& reading, bool withSources = false);

/// The reverse, with fromKeyed's limits and errors. A missing field is an unknown one; takenAt must be there.
Result<model::Reading> fromJson(const QJsonObject& json);

/// Names a keyed form without its takenAt: the first 8 bytes of the SHA-256 of its one encoding.
QByteArray baseOf(const QCborMap& keyed);

/// The merge patch that makes `to` of `from`; always with `to`'s takenAt. With nothing else in it, nothing changed
/// (`isEmptyPatch`).
QCborMap difference(const QCborMap& from, const QCborMap& to);

/// Nothing but takenAt?
bool isEmptyPatch(const QCborMap& patch);

/// `base` with `patch` applied. Fails with LimitExceeded when the outcome is larger than a reading may be.
Result<QCborMap> patched(const QCborMap& base, const QCborMap& patch);

/// A device's text as we keep it: control characters and those that turn the direction of writing are gone (line ends
/// and tabs become a space), at most `limit` bytes of UTF-8, cut between characters.
QString cleaned(const QString& text, qsizetype limit = readingLimit::textBytes);

/// Orders meters by name and marker, supplies and alerts by index, its numbers compared as numbers.
void putInOrder(model::Reading& reading);

} // namespace platen::protocol
