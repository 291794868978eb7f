// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Secret.h>

#include <QString>

/// Console passwords: Argon2id, 64 MiB, t = 3. Each call takes about 100 ms and 64 MiB: never on an event loop's
/// thread, and at most four at once (PROTOCOL.md §9).
namespace platen::crypto {

/// The PHC string with its own salt; empty when there was no memory for it.
QString hashPassword(const Secret& password);

/// False as well for a string that is no hash.
bool verifyPassword(const QString& hash, const Secret& password);

/// Was `hash` made with other costs than today's? Then hash the password anew at the next login.
bool isOutdatedHash(const QString& hash);

} // namespace platen::crypto
