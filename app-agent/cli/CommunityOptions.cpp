// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "CommunityOptions.h"

#include <base/File.h>

#include <QCommandLineParser>

using namespace Qt::StringLiterals;

namespace platen::agent {

namespace {
constexpr qsizetype mostCommunities = 8;
}

void addCommunityOptions(QCommandLineParser& parser)
{
    parser.addOptions({
        {u"community"_s,
            u"An SNMP v1/v2c community to try; may be repeated. Default: public. Others on this computer can see it in "
            u"the list "
            "of processes: use one of the two ways below for one that is a secret."_s,
            u"C"_s},
        {u"community-file"_s,
            u"A file with one community a line. The environment variable PLATEN_COMMUNITIES, separated by commas, does the same."_s,
            u"FILE"_s},
    });
}

Result<QList<Secret>> communitiesOf(const QCommandLineParser& parser)
{
    QByteArrayList texts;
    for (const QString& text : parser.values(u"community"_s))
        texts.append(text.toUtf8());
    if (parser.isSet(u"community-file"_s)) {
        const Result<QByteArray> file = readFile(parser.value(u"community-file"_s), 64 << 10);
        if (!file)
            return fail(file.error());
        for (const QByteArray& line : file->split('\n'))
            texts.append(line.trimmed());
    }
    for (const QByteArray& text : qgetenv("PLATEN_COMMUNITIES").split(','))
        texts.append(text.trimmed());

    QList<Secret> communities;
    for (const QByteArray& text : std::as_const(texts))
        if (!text.isEmpty() && !communities.contains(Secret(text)))
            communities.append(Secret(text));
    if (communities.isEmpty())
        communities.append(Secret("public"));
    if (communities.size() > mostCommunities)
        return fail(ErrorCode::InvalidInput,
            u"%1 communities are too many: name at most %2"_s.arg(communities.size()).arg(mostCommunities));
    return communities;
}

Result<int> numberOf(const QCommandLineParser& parser, const QString& option, int otherwise, int least, int most)
{
    if (!parser.isSet(option))
        return otherwise;
    bool isNumber = false;
    const int number = parser.value(option).toInt(&isNumber);
    if (!isNumber || number < least || number > most)
        return fail(ErrorCode::InvalidInput,
            u"--%1 must be a whole number from %2 to %3, not \"%4\""_s.arg(option).arg(least).arg(most).arg(
                parser.value(option)));
    return number;
}

} // namespace platen::agent
