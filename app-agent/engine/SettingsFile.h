// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Settings.h"

namespace platen::agent {

/// What a settings file holds, and everything that is wrong with it.
struct CheckedSettings {
    Settings settings; ///< what is wrong is at its default
    QStringList problems; ///< a sentence each, with the file, the key and what to do; empty: none

    bool isFine() const { return problems.isEmpty(); }
};

/// The text of `file`, which is only named in problems: a syntax error (with line and column), keys that do not exist, wrong
/// types, values out of range, ranges that name credentials that are not there.
CheckedSettings checkSettings(const QByteArray& text, const QString& file);

/// The file at `path`, also whether others can read its secrets. All defaults when there is none. Fails as readFile does, except
/// with NotFound.
Result<CheckedSettings> checkSettingsFile(const QString& path);

/// As checkSettingsFile, for those who can only go on when all is well: fails with InvalidInput and the first problem.
Result<Settings> loadSettings(const QString& path);

/// The server's address as a person gives it: http or https, a host, maybe a port and a path. Fails with InvalidInput.
Result<QUrl> serverUrlFrom(const QString& text);

/// For the manual and for errors: "list of address ranges", "whole number", …; "15min"; "10s to 30d".
QString typeText(const SettingKey& key);
QString defaultText(const SettingKey& key);
QString rangeText(const SettingKey& key);

/// agent.json with every key at its default: what a new data folder gets.
QByteArray defaultFile();

/// agent.json as `settings` would have it, a key a line, secrets as dots.
QByteArray fileOf(const Settings& settings);

} // namespace platen::agent
