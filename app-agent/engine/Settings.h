// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>
#include <base/Secret.h>

#include <QList>
#include <QStringList>
#include <QTime>
#include <QUrl>

#include <array>
#include <chrono>
#include <span>
#include <variant>

namespace platen::agent {

/// What the site tells its agent: the file agent.json of the data folder (docs/agent-settings.md). The member initialisers are
/// the defaults; what each means stands in the table below.
struct Settings {
    using Duration = std::chrono::milliseconds;

    QStringList ranges;
    QStringList exclude;
    int port = 161;
    QList<Secret> communities{Secret("public")};
    Duration discoveryInterval = std::chrono::hours(24);
    Duration statusInterval = std::chrono::minutes(15);
    QTime metersAt{23, 30};
    Duration fullReadingInterval = std::chrono::hours(7 * 24);
    int packetsPerSecond = 1000;
    Duration timeout{1000};
    int devicesAtOnce = 64;
    QUrl serverUrl;
    bool allowPlainHttp = false;
    bool transparency = true;

    /// From the text of `file`, which is only named in errors. Fails with InvalidInput: a syntax error (with line and column), a
    /// key that does not exist, a wrong type, a value out of range; always with the key and what to do.
    static Result<Settings> parse(const QByteArray& text, const QString& file);

    /// The file at `path`; all defaults when there is none. Fails as parse and readFile do.
    static Result<Settings> load(const QString& path);
};

/// One key of agent.json.
struct SettingKey {
    using Member = std::variant<QStringList Settings::*, int Settings::*, QList<Secret> Settings::*,
        Settings::Duration Settings::*, QTime Settings::*, QUrl Settings::*, bool Settings::*>;

    QLatin1StringView name;
    Member member; ///< its type is the key's type
    qint64 least = 0; ///< of a number, of a duration in ms, of the entries of a list
    qint64 most = 0;
    QLatin1StringView meaning;
};

/// Every key there is, in the manual's order.
inline const std::array settingKeys{
    SettingKey{QLatin1StringView("ranges"), &Settings::ranges, 0, 1000,
        QLatin1StringView("Where to look for printers: networks (10.0.0.0/24), spans (10.0.0.5-10.0.0.90), single "
                          "addresses, host names. Empty: the networks this computer is in.")},
    SettingKey{QLatin1StringView("exclude"), &Settings::exclude, 0, 1000,
        QLatin1StringView(
            "Addresses that are never asked anything, written as in ranges; also printers that are known already.")},
    SettingKey{QLatin1StringView("port"), &Settings::port, 1, 65535,
        QLatin1StringView("UDP port on which printers answer SNMP.")},
    SettingKey{QLatin1StringView("communities"), &Settings::communities, 1, 8,
        QLatin1StringView("SNMP v1/v2c communities, tried in this order. They are passwords: keep the file readable by "
                          "its owner only.")},
    SettingKey{QLatin1StringView("discoveryInterval"), &Settings::discoveryInterval, 10'000, 30LL * 86'400'000,
        QLatin1StringView("How often the ranges are searched for new printers.")},
    SettingKey{QLatin1StringView("statusInterval"), &Settings::statusInterval, 1'000, 86'400'000,
        QLatin1StringView("How often known printers are read for status, supplies and alerts.")},
    SettingKey{QLatin1StringView("metersAt"), &Settings::metersAt, 0, 0,
        QLatin1StringView("Local time of day at which every printer's meters are read in any case.")},
    SettingKey{QLatin1StringView("fullReadingInterval"), &Settings::fullReadingInterval, 3'600'000, 30LL * 86'400'000,
        QLatin1StringView("How often everything is sent of a printer, not only what changed.")},
    SettingKey{QLatin1StringView("packetsPerSecond"), &Settings::packetsPerSecond, 10, 100'000,
        QLatin1StringView("The most requests a search sends in a second.")},
    SettingKey{QLatin1StringView("timeout"), &Settings::timeout, 100, 30'000,
        QLatin1StringView("How long one request waits for its answer; each is sent up to three times, up to six when the device answered before.")},
    SettingKey{QLatin1StringView("devicesAtOnce"), &Settings::devicesAtOnce, 1, 1000,
        QLatin1StringView("How many printers are read at the same time.")},
    SettingKey{QLatin1StringView("serverUrl"), &Settings::serverUrl, 0, 0,
        QLatin1StringView(
            "Where the server is now, if it moved after the activation; empty: where the agent was activated.")},
    SettingKey{QLatin1StringView("allowPlainHttp"), &Settings::allowPlainHttp, 0, 0,
        QLatin1StringView("Whether an http:// server may be used; what is sent is sealed all the same, but the server "
                          "must allow it, too.")},
    SettingKey{QLatin1StringView("transparency"), &Settings::transparency, 0, 0,
        QLatin1StringView("Whether the journal of what was sent names the printers and fields; numbers, sizes and "
                          "times are always kept.")},
};

/// The server's address as a person gives it: http or https, a host, maybe a port and a path. Fails with InvalidInput.
Result<QUrl> serverUrlFrom(const QString& text);

/// For the manual and for errors: "list of address ranges", "whole number", …; "15min"; "10s to 30d".
QString typeText(const SettingKey& key);
QString defaultText(const SettingKey& key);
QString rangeText(const SettingKey& key);

/// agent.json with every key at its default: what a new data folder gets.
QByteArray defaultFile();

} // namespace platen::agent
