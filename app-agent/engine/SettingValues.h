// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Settings.h"

namespace platen::agent {

/// Takes the JSON value of one key; says what is wrong, each beginning so that it fits behind "is wrong:".
QStringList takeSetting(const SettingKey& key, const QJsonValue& value, Settings& settings);

/// The value of one key as agent.json has it, secrets as dots; "public" is none.
QJsonValue valueOf(const SettingKey& key, const Settings& settings);

/// One JSON value on one line.
QString jsonText(const QJsonValue& value);

} // namespace platen::agent
