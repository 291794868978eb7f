// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "SettingsFile.h"

#include "SettingValues.h"

#include <base/File.h>

#include <QFileInfo>
#include <QJsonDocument>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace platen::agent {

namespace {

constexpr qint64 largestFile = 1 << 20;

/// "line 3, column 14" of a place in the text.
QString placeIn(const QByteArray& text, qsizetype offset)
{
    const QByteArray before = text.left(offset);
    const qsizetype line = before.count('\n') + 1;
    const qsizetype column = QString::fromUtf8(before.mid(before.lastIndexOf('\n') + 1)).size() + 1;
    return u"line %1, column %2"_s.arg(line).arg(column);
}

/// What no key can see by itself.
QStringList contradictionsIn(const Settings& settings)
{
    QStringList problems;
    QStringList names;
    for (const NamedCredentials& entry : settings.credentials) {
        if (names.contains(entry.name))
            problems.append(u"\"credentials\" is wrong: two entries are named \"%1\": give each a name of its own"_s.arg(entry.name));
        names.append(entry.name);
    }
    if (settings.credentials.isEmpty() && settings.communities.isEmpty())
        problems.append(u"\"communities\" is wrong: without credentials and communities no printer can be asked: name one"_s);
    if (!settings.proxyPassword.isEmpty() && !settings.proxy.hasUser())
        problems.append(u"\"proxyPassword\" is wrong: it belongs to a user, and \"proxy\" names none: write http://user@host:port there"_s);
    for (const RangeSetting& range : settings.ranges)
        for (const QString& name : range.credentials)
            if (!names.contains(name))
                problems.append(u"\"ranges\" is wrong: %1 wants the credentials \"%2\", which \"credentials\" does not have: correct the name"_s
                        .arg(range.range, name));
    return problems;
}

} // namespace

CheckedSettings checkSettings(const QByteArray& text, const QString& file)
{
    CheckedSettings checked;
    const auto note = [&](const QString& problem) { checked.problems.append(problem); };
    QJsonParseError error{};
    const QJsonDocument document = QJsonDocument::fromJson(text, &error);
    if (error.error != QJsonParseError::NoError) {
        note(u"%1 is not JSON at %2 (%3): correct it there"_s.arg(file, placeIn(text, error.offset), error.errorString()));
        return checked;
    }
    if (!document.isObject()) {
        note(u"%1 must hold one JSON object, { \"key\": value, … }"_s.arg(file));
        return checked;
    }
    const QJsonObject object = document.object();
    for (auto entry = object.begin(); entry != object.end(); ++entry) {
        const auto key = std::ranges::find(settingKeys, entry.key(), &SettingKey::name);
        if (key == settingKeys.end()) {
            note(u"%1: there is no setting \"%2\": correct its spelling or remove it"_s.arg(file, entry.key()));
            continue;
        }
        for (const QString& what : takeSetting(*key, entry.value(), checked.settings))
            note(u"%1: \"%2\" is wrong: %3"_s.arg(file, entry.key(), what));
    }
    for (const QString& what : contradictionsIn(checked.settings))
        note(u"%1: %2"_s.arg(file, what));
    return checked;
}

Result<CheckedSettings> checkSettingsFile(const QString& path)
{
    const Result<QByteArray> text = readFile(path, largestFile);
    if (!text && text.error().code == ErrorCode::NotFound)
        return CheckedSettings();
    if (!text)
        return fail(text.error());
    CheckedSettings checked = checkSettings(*text, path);
    const auto others = QFileDevice::ReadGroup | QFileDevice::ReadOther;
    if (checked.settings.hasSecrets() && (QFileInfo(path).permissions() & others))
        checked.problems.append(u"%1 holds passwords and can be read by others: chmod 600 it"_s.arg(path));
    return checked;
}

Result<Settings> loadSettings(const QString& path)
{
    const Result<CheckedSettings> checked = checkSettingsFile(path);
    if (!checked)
        return fail(checked.error());
    if (checked->isFine())
        return checked->settings;
    QString first = checked->problems.first();
    if (checked->problems.size() > 1)
        first += u" (and %1 more: platen-agent config check)"_s.arg(checked->problems.size() - 1);
    return fail(ErrorCode::InvalidInput, first);
}

Result<QUrl> serverUrlFrom(const QString& text)
{
    const QUrl url(text, QUrl::StrictMode);
    const bool isWeb = url.scheme() == "https"_L1 || url.scheme() == "http"_L1;
    if (!url.isValid() || !isWeb || url.host().isEmpty() || !url.userInfo().isEmpty() || url.hasQuery()
        || url.hasFragment())
        return fail(
            ErrorCode::InvalidInput, u"it must be the server's address such as \"https://platen.example:8443\""_s);
    return url;
}

QString defaultText(const SettingKey& key) { return jsonText(valueOf(key, Settings())); }

QByteArray fileOf(const Settings& settings)
{
    QStringList lines;
    for (const SettingKey& key : settingKeys)
        lines.append(u"  \"%1\": %2"_s.arg(key.name, jsonText(valueOf(key, settings))));
    return "{\n" + lines.join(u",\n"_s).toUtf8() + "\n}\n";
}

QByteArray defaultFile() { return fileOf(Settings()); }

bool Settings::hasSecrets() const
{
    const auto isEverybodys = [](const Secret& community) { return community == Secret("public"); };
    return !proxyPassword.isEmpty() || !std::ranges::all_of(communities, isEverybodys)
        || std::ranges::any_of(credentials, [&](const NamedCredentials& entry) {
               const bool isUser = entry.credentials.version == snmp::Version::V3;
               return isUser ? !entry.credentials.authPassphrase.isEmpty() : !isEverybodys(entry.credentials.community);
           });
}

} // namespace platen::agent
