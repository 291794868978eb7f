// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <agent/engine/Agent.h>
#include <storage/FolderLock.h>

#include <memory>

class QCommandLineParser;

namespace platen::agent {

/// An agent that may start: its folder is there and ours alone, its settings are fine, it is activated.
struct Prepared {
    Agent::Setup setup;
    storage::FolderLock lock; ///< keep it while the agent runs
};

/// Prepares the agent of "--data" and makes the process fit for it (umask, limits on files, crypto). Fails in one sentence that
/// says what to do; Conflict when another agent runs in the folder.
Result<Prepared> prepared(const QCommandLineParser& parser);

/// "--data", for the commands that have a data folder.
void addDataOption(QCommandLineParser& parser);

/// Starts the agent and runs the event loop until it has stopped by itself or a signal; 1 when it could not start.
int runUntilStopped(std::shared_ptr<Agent> agent);

/// What `agent` would ask and send, for --dry-run of run and collect --once; the exit code. Nothing is sent.
int showDryRun(const QCommandLineParser& parser);

} // namespace platen::agent
