// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Mask.h"

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

} // namespace

model::Reading masked(model::Reading reading, const Mask& mask)
{
    if (mask.hostName)
        strikeEverywhere(reading, reading.misc.take(hostNameKey));
    if (mask.location)
        reading.identity.location.clear();
    if (mask.address)
        strikeEverywhere(reading, std::exchange(reading.address, {}));
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
