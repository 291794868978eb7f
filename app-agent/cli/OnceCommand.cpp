// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "CommandLine.h"
#include "CredentialOptions.h"
#include "Preparation.h"

#include <QCommandLineParser>

using namespace Qt::StringLiterals;

namespace platen::agent {

namespace {

/// How it ended, in one sentence; empty when all is well.
QString shortcomingOf(const Agent& agent)
{
    const Report report = agent.report();
    if (!report.problem.isEmpty())
        return u"the search failed: "_s + report.problem;
    if (report.readAt == Instant{})
        return u"it was stopped before its round was over"_s;
    if (agent.isDelivered())
        return {};
    return u"%1 envelopes wait for the server and go with the next run: %2"_s.arg(report.waitingEnvelopes)
        .arg(report.reason.isEmpty() ? u"it did not confirm them in time"_s : report.reason);
}

} // namespace

void addOnceOptions(QCommandLineParser& parser)
{
    addDataOption(parser);
    parser.addOption({u"deadline"_s,
        u"With --once: how many seconds the server has to confirm what was read. Default: 60."_s, u"S"_s});
}

int collectOnce(const QCommandLineParser& parser)
{
    const QStringList allowed{u"once"_s, u"data"_s, u"deadline"_s, u"dry-run"_s};
    for (const QString& option : parser.optionNames())
        if (!allowed.contains(option))
            return failWith(u"collect --once takes its orders from agent.json, not from --%1: put it there"_s.arg(option));
    if (!parser.positionalArguments().isEmpty())
        return failWith(u"collect --once takes its ranges from agent.json, not \"%1\": put it there"_s.arg(
            parser.positionalArguments().first()));
    const Result<int> deadline = numberOf(parser, u"deadline"_s, 60, 1, 3600);
    if (!deadline)
        return failWith(deadline.error());
    if (parser.isSet(u"dry-run"_s))
        return showDryRun(parser);
    Result<Prepared> ready = prepared(parser);
    if (!ready)
        return failWith(ready.error());
    ready->setup.once = std::chrono::seconds(*deadline);
    const auto agent = std::make_shared<Agent>(ready->setup);
    if (const int code = runUntilStopped(agent); code != 0)
        return code;
    const Intake::Counts& counts = agent->counts();
    say(u"Read %1 printers (%2 new, %3 with changes), %4 were silent."_s.arg(counts.read)
            .arg(counts.added)
            .arg(counts.changed)
            .arg(counts.silent));
    const QString shortcoming = shortcomingOf(*agent);
    if (!shortcoming.isEmpty())
        return failWith(shortcoming);
    say(u"The server has confirmed everything."_s);
    return 0;
}

} // namespace platen::agent
