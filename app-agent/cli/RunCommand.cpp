// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "CommandLine.h"
#include "Preparation.h"

#include <QCommandLineParser>

using namespace Qt::StringLiterals;

namespace platen::agent {

int runAgent(const QStringList& arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        u"\nWatches the site's printers and reports to the server, until it is stopped (Ctrl-C, SIGTERM).\n"
        "Its settings are in the file agent.json of its data folder; docs/agent-settings.md explains them, and\n"
        "platen-agent config check looks them over."_s);
    addDataOption(parser);
    parser.addOption({u"dry-run"_s, u"Only say what would be asked at the site and sent to the server; no packet is sent."_s});
#ifdef PLATEN_LEGACY_3DES
    parser.addOption({u"legacy-3des"_s, u"Obsolete: sends by the file submission of 4.x (docs/legacy-3des.md); the server must allow it."_s});
#endif
    if (const auto code = parse(parser, u"run"_s, arguments))
        return *code;
    if (!parser.positionalArguments().isEmpty())
        return failWith(
            u"run takes no \"%1\"; see platen-agent run --help"_s.arg(parser.positionalArguments().first()));
    if (parser.isSet(u"dry-run"_s))
        return showDryRun(parser);
    Result<Prepared> ready = prepared(parser);
    if (!ready)
        return failWith(ready.error());
    ready->setup.legacy3des = parser.optionNames().contains(u"legacy-3des"_s);
    return runUntilStopped(std::make_shared<Agent>(ready->setup));
}

} // namespace platen::agent
