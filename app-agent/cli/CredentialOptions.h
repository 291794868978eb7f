// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <agent/engine/Settings.h>

class QCommandLineParser;

namespace platen::agent {

/// The options by which collect and walk are told how to be let in by SNMP.
void addCredentialOptions(QCommandLineParser& parser);

/// Puts what these options, the files they name and the environment say into `settings`: an SNMP v3 user, communities; "public"
/// when there is neither. Asks for a passphrase that is missing when a person is there to ask. Fails with InvalidInput, or as
/// readFile does.
Status takeCredentials(const QCommandLineParser& parser, Settings& settings);

/// A number of an option from `least` to `most`; `otherwise` when it is not given.
Result<int> numberOf(const QCommandLineParser& parser, const QString& option, int otherwise, int least, int most);

} // namespace platen::agent
