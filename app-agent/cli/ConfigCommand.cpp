// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "CommandLine.h"
#include "Preparation.h"
#include "Profiles.h"

#include <agent/engine/SettingsFile.h>

#include <QCommandLineParser>
#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace platen::agent {

int checkConfig(const QStringList& arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        u"\nLooks over the settings: says everything that is wrong (exit code 1), or prints them as the agent takes them, with\n"
        "every default and with secrets hidden (exit code 0). Sends nothing.\n\n"
        "  platen-agent config check\n"
        "  platen-agent config check new-agent.json"_s);
    addDataOption(parser);
    parser.addPositionalArgument(u"check"_s, u"The one thing it does."_s);
    parser.addPositionalArgument(u"file"_s, u"The file. Default: agent.json of the data folder."_s, u"[FILE]"_s);
    if (const auto code = parse(parser, u"config"_s, arguments))
        return *code;
    const QStringList given = parser.positionalArguments();
    if (given.isEmpty() || given.first() != "check"_L1 || given.size() > 2)
        return failWith(u"say platen-agent config check [FILE]"_s);
    const QString file = given.size() == 2
        ? given.last()
        : DataFolder{QFileInfo(dataFolderOf(parser)).absoluteFilePath()}.settings();
    if (!QFileInfo::exists(file))
        return failWith(u"there is no %1: name the settings file, or the agent's folder by --data"_s.arg(file));
    const Result<CheckedSettings> checked = checkSettingsFile(file);
    if (!checked)
        return failWith(checked.error());
    for (const QString& problem : checked->problems)
        failWith(problem);
    if (!checked->isFine())
        return 1;
    if (const Result<Profiles> profiles = profilesWith(checked->settings.profiles); !profiles)
        return failWith(u"%1: \"profiles\" is wrong: %2"_s.arg(file, profiles.error().detail));
    print(QString::fromUtf8(fileOf(checked->settings)));
    return 0;
}

} // namespace platen::agent
