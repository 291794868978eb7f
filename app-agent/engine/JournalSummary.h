// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "KnownDevices.h"

#include <protocol/Messages.h>

#include <QJsonObject>
#include <QStringList>

namespace platen::agent {

/// What the journal may say.
struct JournalRules {
    bool transparency = true; ///< it names printers and fields, else only how many
    QStringList masks = {}; ///< what the readings lack
};

/// DATA in plain words.
QJsonObject summaryOf(const protocol::Data& data, const KnownDevices& devices, const JournalRules& rules);

/// The places a keyed form or a patch touches, two levels deep: "status.state", "supplies.1.1", "identity.model".
QStringList fieldsOf(const QCborMap& keyed);

} // namespace platen::agent
