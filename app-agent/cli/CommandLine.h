// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>
#include <storage/FolderLock.h>

#include <QCoro/QCoroTask>
#include <QStringList>

#include <functional>
#include <optional>

class QCommandLineParser;

namespace platen::agent {

/// What `platen-agent` does with these arguments (without the program's name); its exit code: 0 only on success. Errors are one
/// sentence on stderr. Needs the application object.
int runCommandLine(const QStringList& arguments);

// For the commands:

/// One command: its name, its line in the help, and what it does with what follows its name.
struct Command {
    QLatin1StringView name;
    QLatin1StringView summary;
    int (*run)(const QStringList& arguments);
};

int runAgent(const QStringList& arguments);
int activate(const QStringList& arguments);
int deactivate(const QStringList& arguments);
int showStatus(const QStringList& arguments);
int checkConfig(const QStringList& arguments);
int collect(const QStringList& arguments);
int walk(const QStringList& arguments);

/// collect --once: the agent's scheduled task, and its options.
int collectOnce(const QCommandLineParser& parser);
void addOnceOptions(QCommandLineParser& parser);

/// Parses for a command; an exit code when that is all there is to do: help was asked for, or an option is wrong.
std::optional<int> parse(QCommandLineParser& parser, const QString& command, const QStringList& arguments);

int failWith(const QString& sentence); ///< says it on stderr; 1
int failWith(const Error& error);
void print(const QString& text); ///< to stdout, as it is
void say(const QString& sentence); ///< to stderr, with a line end
bool isTerminal(); ///< is stderr one?

/// Runs the task that `begin` starts, in the application's event loop, until it ends with an exit code. Ctrl-C ends it with 130;
/// with `stop` it calls that instead, and the task ends by itself.
int exitCodeOf(const std::function<QCoro::Task<int>()>& begin, std::function<void()> stop = {});

/// The lock of the agent's folder. Tries for half a second: `status` holds it for an instant to see whether the agent runs.
Result<storage::FolderLock> lockOf(const QString& folder);

/// "--data": where the agent's folder is.
QString dataFolderOf(const QCommandLineParser& parser);

} // namespace platen::agent
