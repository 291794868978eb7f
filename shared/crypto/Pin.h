// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>
#include <base/Secret.h>

#include <QString>
#include <QStringView>

namespace platen::crypto {

/// What an administrator types at a site, once: `LLLL-SSSS-SSSC` in Crockford base32 (PROTOCOL.md §2).
struct Pin {
    static constexpr int locatorChars = 4;
    static constexpr int fewestSecretChars = 4;
    static constexpr int mostSecretChars = 26;

    QString locator; ///< LLLL: public, how the server finds the PIN
    Secret characters; ///< locator and secret without dashes and check character: CPace's password

    /// A new one; 4 to 26 secret characters of 5 bits each.
    static Pin generate(int secretChars = 7);

    /// As a person types it: any case, O for 0, I and L for 1, dashes and spaces anywhere. Fails with InvalidInput: a
    /// character that is none, a wrong length, or a typing mistake that the check character shows.
    static Result<Pin> parse(QStringView typed);

    /// In groups of four, check character last: the PIN itself, for the one who may see it.
    QString toString() const;
};

} // namespace platen::crypto
