// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>
#include <base/Secret.h>

#include <QString>

namespace platen::access {

/// The form in which a password is hashed: UTF-8, Unicode composed (NFC), so that the same keys give the same password on
/// every system. Bytes that are not UTF-8 stay as they are and match nothing that was accepted.
Secret canonicalPassword(const Secret& typed);

/// A new password in its canonical form. Fails with InvalidInput, one sentence that says what to change: fewer than 10
/// characters, more than 1,024 bytes, not UTF-8, with control characters.
Result<Secret> acceptPassword(const Secret& typed);

/// A user's name as it is stored: lower case. Fails with InvalidInput: not 1–64 letters a–z, digits and . _ - @, or not
/// starting with a letter or digit.
Result<QString> acceptUserName(QStringView typed);

/// The name by which an existing user is looked up; whatever was typed, bounded.
QString canonicalUserName(QStringView typed);

inline constexpr qsizetype longestPassword = 1024; ///< bytes

} // namespace platen::access
