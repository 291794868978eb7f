// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "CredentialSettings.h"
#include "Mask.h"
#include "RangeSetting.h"

#include <channel/Proxy.h>

#include <QStringList>
#include <QTime>
#include <QUrl>

#include <array>
#include <chrono>
#include <variant>

namespace platen::agent {

/// What the site tells its agent: the file agent.json of the data folder (docs/agent-settings.md). The member initialisers are
/// the defaults; what each means stands in the table below. SettingsFile.h reads and writes it.
struct Settings {
    using Duration = std::chrono::milliseconds;

    QList<RangeSetting> ranges;
    QStringList exclude;
    int port = 161;
    QList<NamedCredentials> credentials;
    QList<Secret> communities{Secret("public")};
    Duration discoveryInterval = std::chrono::hours(24);
    Duration statusInterval = std::chrono::minutes(15);
    QTime metersAt{23, 30};
    Duration fullReadingInterval = std::chrono::hours(7 * 24);
    Duration jitter = std::chrono::minutes(5);
    int packetsPerSecond = 1000;
    Duration timeout{1000};
    int devicesAtOnce = 64;
    bool ipp = true;
    bool pages = true;
    bool dnssd = false;
    bool hints = false;
    QString profiles;
    Mask mask;
    QUrl serverUrl;
    bool allowPlainHttp = false;
    channel::Proxy proxy;
    Secret proxyPassword;
    bool transparency = true;
    int spoolMegabytes = 512;
    int spoolDays = 30;

    /// The proxy to the server, with its password.
    channel::Proxy wayOut() const { return proxy.withPassword(proxyPassword); }

    /// Holds something that others must not read: a passphrase, or a community that is not everybody's "public".
    bool hasSecrets() const;
};

/// One key of agent.json.
struct SettingKey {
    using Member = std::variant<QList<RangeSetting> Settings::*, QStringList Settings::*, int Settings::*,
        QList<NamedCredentials> Settings::*, QList<Secret> Settings::*, Settings::Duration Settings::*, QTime Settings::*,
        QUrl Settings::*, bool Settings::*, Mask Settings::*, QString Settings::*, channel::Proxy Settings::*, Secret Settings::*>;

    QLatin1StringView name;
    Member member; ///< its type is the key's type
    qint64 least = 0; ///< of a number, of a duration in ms, of the entries of a list
    qint64 most = 0;
    QLatin1StringView meaning;
};

/// Every key there is, in the manual's order.
inline const std::array settingKeys{
    SettingKey{QLatin1StringView("ranges"), &Settings::ranges, 0, 1000,
        QLatin1StringView("Where to look for printers: networks (10.0.0.0/24), spans (10.0.0.5-10.0.0.90), single addresses, host "
                          "names; or objects with a range and what is different there. Empty: the networks this computer is in.")},
    SettingKey{QLatin1StringView("exclude"), &Settings::exclude, 0, 1000,
        QLatin1StringView(
            "Addresses that are never asked anything, written as in ranges; also printers that are known already.")},
    SettingKey{QLatin1StringView("port"), &Settings::port, 1, 65535,
        QLatin1StringView("UDP port on which printers answer SNMP.")},
    SettingKey{QLatin1StringView("credentials"), &Settings::credentials, 0, 16,
        QLatin1StringView("How to be let in by SNMP v3, v2c or v1, tried in this order and before the communities.")},
    SettingKey{QLatin1StringView("communities"), &Settings::communities, 0, 8,
        QLatin1StringView("Short for credentials: SNMP communities, tried in this order, first as v2c and then as v1. They are "
                          "passwords: keep the file readable by its owner only.")},
    SettingKey{QLatin1StringView("discoveryInterval"), &Settings::discoveryInterval, 10'000, 30LL * 86'400'000,
        QLatin1StringView("How often the ranges are searched for new printers.")},
    SettingKey{QLatin1StringView("statusInterval"), &Settings::statusInterval, 1'000, 86'400'000,
        QLatin1StringView("How often known printers are read for status, supplies and alerts.")},
    SettingKey{QLatin1StringView("metersAt"), &Settings::metersAt, 0, 0,
        QLatin1StringView("Local time of day at which every printer's meters are read in any case.")},
    SettingKey{QLatin1StringView("fullReadingInterval"), &Settings::fullReadingInterval, 3'600'000, 30LL * 86'400'000,
        QLatin1StringView("How often everything is sent of a printer, not only what changed.")},
    SettingKey{QLatin1StringView("jitter"), &Settings::jitter, 0, 3'600'000,
        QLatin1StringView("How far metersAt is put off at the most; by how much depends on the agent's id, so that the agents of many "
                          "sites do not report in the same second.")},
    SettingKey{QLatin1StringView("packetsPerSecond"), &Settings::packetsPerSecond, 10, 100'000,
        QLatin1StringView("The most requests a search sends in a second.")},
    SettingKey{QLatin1StringView("timeout"), &Settings::timeout, 100, 30'000,
        QLatin1StringView("How long one request waits for its answer; each is sent up to three times, up to six when the device answered "
                          "in this round, once when it was silent in the round before.")},
    SettingKey{QLatin1StringView("devicesAtOnce"), &Settings::devicesAtOnce, 1, 1000,
        QLatin1StringView("How many printers are read at the same time.")},
    SettingKey{QLatin1StringView("ipp"), &Settings::ipp, 0, 0,
        QLatin1StringView("Whether a printer is asked by IPP for what SNMP did not give.")},
    SettingKey{QLatin1StringView("pages"), &Settings::pages, 0, 0,
        QLatin1StringView("Whether a printer's own web page, where its profile names one, is read for what is still missing.")},
    SettingKey{QLatin1StringView("dnssd"), &Settings::dnssd, 0, 0,
        QLatin1StringView("Whether a search also asks the local network by multicast DNS which printers announce themselves.")},
    SettingKey{QLatin1StringView("hints"), &Settings::hints, 0, 0,
        QLatin1StringView("Whether a search also looks for addresses that are silent to SNMP by an ICMP echo and a connection to port "
                          "9100 that is closed without a byte.")},
    SettingKey{QLatin1StringView("profiles"), &Settings::profiles, 0, 0,
        QLatin1StringView("A folder of more profiles (docs/profiles.md), by its whole path; they come before those built in. Empty: none.")},
    SettingKey{QLatin1StringView("mask"), &Settings::mask, 0, 0,
        QLatin1StringView("What never leaves the site, true for each: IP addresses, host names, locations.")},
    SettingKey{QLatin1StringView("serverUrl"), &Settings::serverUrl, 0, 0,
        QLatin1StringView(
            "Where the server is now, if it moved after the activation; empty: where the agent was activated.")},
    SettingKey{QLatin1StringView("allowPlainHttp"), &Settings::allowPlainHttp, 0, 0,
        QLatin1StringView("Whether an http:// server may be used; what is sent is sealed all the same, but the server "
                          "must allow it, too.")},
    SettingKey{QLatin1StringView("proxy"), &Settings::proxy, 0, 0,
        QLatin1StringView("The way to the server: \"system\" (https_proxy and no_proxy in the environment, or the desktop's settings), \"none\", or a "
                          "proxy such as \"http://user@proxy.example:3128\" or \"socks5://proxy.example:1080\".")},
    SettingKey{QLatin1StringView("proxyPassword"), &Settings::proxyPassword, 0, 0,
        QLatin1StringView("The password of the user that proxy names, for Basic, Digest or SOCKS5. Keep the file readable by its owner only.")},
    SettingKey{QLatin1StringView("transparency"), &Settings::transparency, 0, 0,
        QLatin1StringView("Whether the journal of what was sent names the printers and fields; numbers, sizes and "
                          "times are always kept.")},
    SettingKey{QLatin1StringView("spoolMegabytes"), &Settings::spoolMegabytes, 8, 65'536,
        QLatin1StringView("How much disk, in MiB, what the server has not taken yet may use. From 7/8 of it on, the days before today are "
                          "thinned to one reading per printer and day, the oldest first.")},
    SettingKey{QLatin1StringView("spoolDays"), &Settings::spoolDays, 1, 3650,
        QLatin1StringView("For how many days all of it is kept; older days are thinned to one reading per printer and day.")},
};

} // namespace platen::agent
