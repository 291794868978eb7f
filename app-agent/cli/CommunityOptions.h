// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>
#include <base/Secret.h>

#include <QList>

class QCommandLineParser;

namespace platen::agent {

/// The options by which collect and walk are told SNMP communities.
void addCommunityOptions(QCommandLineParser& parser);

/// From --community, --community-file and the environment, in this order; "public" when none is given. Fails with InvalidInput, or as
/// readFile does.
Result<QList<Secret>> communitiesOf(const QCommandLineParser& parser);

/// A number of an option from `least` to `most`; `otherwise` when it is not given.
Result<int> numberOf(const QCommandLineParser& parser, const QString& option, int otherwise, int least, int most);

} // namespace platen::agent
