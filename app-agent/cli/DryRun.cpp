// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "DryRun.h"

#include <agent/engine/SettingValues.h>
#include <agent/engine/SettingsFile.h>

#include <QLocale>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace platen::agent {

namespace {

constexpr int passes = 2;
constexpr int bytesOfAFrame = 85; // of one search packet with its Ethernet, IP and UDP heads

QString line(const QString& name, const QString& text) { return u"  "_s + name.leftJustified(12) + text + u'\n'; }
QString number(qint64 value) { return QLocale(QLocale::English).toString(value); }

QString loginNames(const QList<int>& indices, const Logins& logins)
{
    QStringList names;
    for (const int index : indices)
        names.append(logins.at(index).name);
    return names.join(u", "_s);
}

QString spanText(const snmp::SweepSpan& span, const Logins& logins)
{
    const QString first = span.first.toAddress().toString();
    const QString last = span.last.toAddress().toString();
    const QString addresses = span.count() == 1 ? first : first + u" - "_s + last;
    return u"%1%2  UDP port %3, by %4"_s.arg(addresses.leftJustified(34), number(qint64(span.count())).rightJustified(7))
        .arg(span.port)
        .arg(loginNames(span.credentials, logins));
}

QString secondsText(double seconds) { return seconds < 1 ? u"1 s"_s : number(qint64(seconds + 0.5)) + u" s"_s; }

} // namespace

QString scanText(const ScanPlan& plan, const Settings& settings)
{
    QString text = u"A search would ask:\n"_s;
    const auto spans = plan.spans();
    if (!spans)
        text += line(u"nobody"_s, spans.error().detail);
    qint64 packets = 0;
    qsizetype logins = 0;
    for (const snmp::SweepSpan& span : spans.value_or(QList<snmp::SweepSpan>())) {
        text += u"  "_s + spanText(span, plan.logins()) + u'\n';
        packets += qint64(span.count()) * span.credentials.size() * passes;
        logins = std::max(logins, span.credentials.size());
    }
    for (const QString& sentence : plan.left())
        text += line(u"not"_s, sentence);
    const double seconds = double(packets) / settings.packetsPerSecond
        + double(logins) * passes * double(settings.timeout.count()) / 1000;
    text += line(u"packets"_s,
        u"at most %1: %2 to a silent address for each login, %3 in all"_s.arg(number(packets))
            .arg(passes)
            .arg(QLocale::c().formattedDataSize(packets * bytesOfAFrame)));
    text += line(u"rate"_s,
        u"at most %1 packets a second; about %2"_s.arg(number(settings.packetsPerSecond), secondsText(seconds)));
    text += line(u"printers"_s, u"then at most 3 requests to each the first time, 1 later, %1 at a time"_s.arg(settings.devicesAtOnce));
    QStringList others;
    if (settings.ipp)
        others.append(u"IPP (TCP 631)"_s);
    if (settings.pages)
        others.append(u"its web page (TCP 443, 80)"_s);
    text += line(u"what SNMP"_s,
        others.isEmpty() ? u"did not give stays unknown"_s : u"did not give is asked by "_s + others.join(u", "_s));
    if (settings.dnssd)
        text += line(u"announced"_s, u"printers are looked for by multicast DNS (UDP 5353)"_s);
    if (settings.hints)
        text += line(u"silent"_s, u"addresses get an ICMP echo and a connection to TCP 9100 without a byte"_s);
    return text + line(u"never"_s, u"a byte to the ports 9100-9109 and 515"_s);
}

QString sendingText(const Settings& settings, const QString& server)
{
    QStringList sent{u"address"_s, u"host name"_s, u"location"_s};
    QStringList kept;
    const auto keep = [&](bool isMasked, const QString& what) {
        if (isMasked)
            kept.append(sent.takeAt(sent.indexOf(what)));
    };
    keep(settings.mask.address, u"address"_s);
    keep(settings.mask.hostName, u"host name"_s);
    keep(settings.mask.location, u"location"_s);
    const auto shown = [&](auto Settings::* member) {
        const auto key = std::ranges::find_if(settingKeys, [&](const SettingKey& one) {
            const auto* held = std::get_if<std::decay_t<decltype(member)>>(&one.member);
            return held && *held == member;
        });
        return jsonText(valueOf(*key, settings)).remove(u'"');
    };
    QString text = u"Of each printer would be sent to %1, sealed:\n"_s.arg(server);
    text += line(u"who it is"_s,
        u"maker, model, type, description, serial number, asset number, MAC, firmware, colour, sysObjectID"_s
            + (sent.isEmpty() ? QString() : u", "_s + sent.join(u", "_s)));
    text += line(u"its state"_s, u"state, errors, panel text, alerts"_s);
    text += line(u"its counts"_s, u"meters; supplies with levels and cartridge serial numbers; what its profile names besides"_s);
    text += line(u"masked"_s, kept.isEmpty() ? u"nothing"_s : kept.join(u", "_s));
    if (settings.mask.hostName)
        text += line(u"not asked"_s, u"its host name; one that it writes into its own texts is not recognised"_s);
    text += line(u"never"_s, u"a job, a document, a user, a community or passphrase"_s);
    text += line(u"when"_s,
        u"search every %1, state every %2, meters at %3 (up to %4 later), whole every %5; between only what changed"_s.arg(
            shown(&Settings::discoveryInterval), shown(&Settings::statusInterval), shown(&Settings::metersAt),
            shown(&Settings::jitter), shown(&Settings::fullReadingInterval)));
    return text;
}

} // namespace platen::agent
