// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Mask.h"

#include <QHostAddress>
#include <QRegularExpression>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace platen::agent {

namespace {

const QString struckOut = u"•••"_s;

/// `word` where it stands by itself: 10.0.0.5 is not part of 10.0.0.51.
void strike(QString& text, const QString& word)
{
    const auto goesOn = [&](qsizetype at) {
        return at >= 0 && at < text.size() && (text[at].isLetterOrNumber() || text[at] == u'-');
    };
    for (qsizetype at = text.indexOf(word, 0, Qt::CaseInsensitive); at >= 0;
        at = text.indexOf(word, at + 1, Qt::CaseInsensitive))
        if (!goesOn(at - 1) && !goesOn(at + word.size()))
            text.replace(at, word.size(), struckOut);
}

void strikeEverywhere(model::Reading& reading, const QString& word)
{
    if (word.isEmpty())
        return;
    model::Identity& is = reading.identity;
    for (QString* text : {&is.description, &is.location, &is.assetNumber, &is.firmware})
        strike(*text, word);
    for (QString& line : reading.status.display)
        strike(line, word);
    for (model::Alert& alert : reading.alerts)
        strike(alert.description, word);
    for (model::Supply& supply : reading.supplies)
        strike(supply.name, word);
    for (QString& text : reading.misc)
        strike(text, word);
}

/// "00:11:22:33:44:55": a hardware address tells nothing of the network.
bool isLikeMac(QStringView text)
{
    return std::ranges::all_of(text.split(u':'), [](QStringView group) { return group.size() == 2; });
}

bool isIpv6(QStringView text)
{
    const bool isPlausible = text.count(u':') >= 2 && text.size() > 2 && !isLikeMac(text);
    return isPlausible && !QHostAddress(text.toString()).isNull();
}

/// The first part of text[from, end), which are hexadecimal digits, colons and dots, that is an IPv6 address, the longest there, as
/// {start, size}; size 0: there is none. It begins and ends where a group does ("IP:fe80::1"), but in no word ("Toner::Black").
std::pair<qsizetype, qsizetype> ipv6In(QStringView text, qsizetype from, qsizetype end)
{
    constexpr qsizetype longest = 45; // ::ffff:255.255.255.255 written in full
    const auto isOfWord = [&](qsizetype at) { return at >= 0 && at < text.size() && text[at].isLetterOrNumber(); };
    for (qsizetype start = from; start < end; ++start)
        for (qsizetype size = isOfWord(start - 1) ? 0 : std::min(longest, end - start); size > 2; --size)
            if (!isOfWord(start + size) && isIpv6(text.sliced(start, size)))
                return {start, size};
    return {0, 0};
}

/// Whatever is written as an address of IPv4 ("010.000.000.005" too) or IPv6, the device's own or not.
void strikeAddresses(QString& text)
{
    static const QRegularExpression run(u"[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*"_s);
    for (auto found = run.match(text); found.hasMatch();) {
        const auto [at, size] = ipv6In(text, found.capturedStart(), found.capturedEnd());
        if (size > 0)
            text.replace(at, size, struckOut);
        found = run.match(text, size > 0 ? at + struckOut.size() : found.capturedEnd());
    }
    static const QString octet = u"0{0,2}(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"_s;
    static const QRegularExpression ipv4(u"(?<![0-9])(?<![0-9]\\.)(?:%1\\.){3}%1(?![0-9]|\\.[0-9])"_s.arg(octet));
    text.replace(ipv4, struckOut);
}

/// In what the device or its people write freely. Its firmware is left: 4.11.2.1 may be a version.
void strikeAddresses(model::Reading& reading)
{
    strikeAddresses(reading.identity.location);
    for (QString& line : reading.status.display)
        strikeAddresses(line);
    for (model::Alert& alert : reading.alerts)
        strikeAddresses(alert.description);
    for (QString& text : reading.misc)
        strikeAddresses(text);
}

} // namespace

model::Reading masked(model::Reading reading, const Mask& mask)
{
    if (mask.hostName)
        strikeEverywhere(reading, reading.misc.take(profiles::hostNameKey));
    if (mask.location)
        reading.identity.location.clear();
    if (mask.address) {
        strikeAddresses(reading);
        strikeEverywhere(reading, std::exchange(reading.address, {}));
    }
    return reading;
}

QStringList namesOf(const Mask& mask)
{
    QStringList names;
    if (mask.address)
        names.append(u"address"_s);
    if (mask.hostName)
        names.append(u"hostName"_s);
    if (mask.location)
        names.append(u"location"_s);
    return names;
}

} // namespace platen::agent
