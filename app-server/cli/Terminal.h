// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>
#include <base/Secret.h>

namespace platen::cli {

/// Asking is the only place that blocks on a person: in commands that do one thing and have nothing else to serve.

/// Results: on standard output, as they are.
void say(const QString& text);

/// Rows under their headings, columns as wide as they need to be; `nothing` when there are none.
void sayTable(const QStringList& headings, const QList<QStringList>& rows, const QString& nothing);

bool isTerminal(); ///< does a person sit at standard input?

/// One line from standard input, without its end. Fails with InvalidInput when there is none.
Result<Secret> readSecretLine();

/// Asks twice without echo. Fails with InvalidInput when the two differ, or nothing is typed.
Result<Secret> askNewPassword(const QString& prompt);

} // namespace platen::cli
