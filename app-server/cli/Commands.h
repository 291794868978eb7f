// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Server.h"

#include <base/Clock.h>
#include <base/Secret.h>

#include <QCoro/QCoroTask>

#include <optional>
#include <variant>

namespace platen::cli {

/// `run --data DIR [--listen ADDR:PORT] [--listen-plain ADDR:PORT] [--force-https] [--tls-certificate FILE --tls-key FILE] …`
struct RunCommand {
    Server::Settings settings;
};

/// `admin create NAME [--data DIR] [--password-stdin]`
struct AdminCreateCommand {
    QString data;
    QString name;
    bool passwordFromStdin = false;
};

/// `pin create [--data DIR] [--group G] [--uses N] [--hours N] [--server URL] [--json]`
struct PinCreateCommand {
    QString data;
    QString group;
    int uses = 1;
    int hours = 72;
    QString server; ///< for the line to type at the site; empty: what the server said when it last started
    bool json = false;
};

/// `pin list [--data DIR] [--json]`
struct PinListCommand {
    QString data;
    bool json = false;
};

/// `pin revoke LLLL [--data DIR]`: the PIN's first four characters, or the PIN itself.
struct PinRevokeCommand {
    QString data;
    QString pin;
};

/// `agent list [--data DIR] [--json]`
struct AgentListCommand {
    QString data;
    bool json = false;
};

/// `agent expire AGENT --at TIME | --now | --never`
struct AgentExpireCommand {
    QString data;
    QString agent; ///< id, start of the id, or name
    std::optional<Instant> at; ///< nothing: never
};

/// `agent deactivate AGENT`
struct AgentDeactivateCommand {
    QString data;
    QString agent;
};

/// `agent show AGENT [--json]`: one agent with what happened to it and what it lost.
struct AgentShowCommand {
    QString data;
    QString agent;
    bool json = false;
};

/// `agent rekey AGENT`
struct AgentRekeyCommand {
    QString data;
    QString agent;
};

/// `kek rotate`
struct KekRotateCommand {
    QString data;
};

/// Said by itself: `--help`, `--version`.
struct SayCommand {
    QString text;
};

using Command = std::variant<RunCommand, AdminCreateCommand, PinCreateCommand, PinListCommand, PinRevokeCommand,
    AgentListCommand, AgentShowCommand, AgentExpireCommand, AgentDeactivateCommand, AgentRekeyCommand, KekRotateCommand,
    SayCommand>;

/// What the arguments ask for, the program's name first. Fails with InvalidInput.
Result<Command> parse(const QStringList& arguments);

/// Does it; results on standard output. Also while a server runs on the same folder; NotFound where none ever ran.
QCoro::Task<Status> carryOut(AdminCreateCommand command);
QCoro::Task<Status> carryOut(PinCreateCommand command);
QCoro::Task<Status> carryOut(PinListCommand command);
QCoro::Task<Status> carryOut(PinRevokeCommand command);
QCoro::Task<Status> carryOut(AgentListCommand command);
QCoro::Task<Status> carryOut(AgentShowCommand command);
QCoro::Task<Status> carryOut(AgentExpireCommand command);
QCoro::Task<Status> carryOut(AgentDeactivateCommand command);
QCoro::Task<Status> carryOut(AgentRekeyCommand command);
QCoro::Task<Status> carryOut(KekRotateCommand command); ///< not while a server runs on the folder

/// Starts the server and says on standard output where it listens.
QCoro::Task<Status> start(std::shared_ptr<Server> server);

} // namespace platen::cli
