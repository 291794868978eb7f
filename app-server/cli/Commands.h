// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Server.h"

#include <base/Secret.h>

#include <QCoro/QCoroTask>

#include <variant>

namespace platen::cli {

/// `run --data DIR [--listen ADDR:PORT] [--listen-plain ADDR:PORT] [--ready-file PATH]`
struct RunCommand {
    Server::Settings settings;
};

/// `admin create NAME [--data DIR] [--password-stdin]`
struct AdminCreateCommand {
    QString data;
    QString name;
    bool passwordFromStdin = false;
};

/// `pin create [--data DIR] [--group G] [--hours N] [--server URL] [--json]`
struct PinCreateCommand {
    QString data;
    QString group;
    int hours = 72;
    QString server; ///< for the line to type at the site; empty: what the server said when it last started
    bool json = false;
};

/// Said by itself: `--help`, `--version`.
struct SayCommand {
    QString text;
};

using Command = std::variant<RunCommand, AdminCreateCommand, PinCreateCommand, SayCommand>;

/// What the arguments ask for, the program's name first. Fails with InvalidInput.
Result<Command> parse(const QStringList& arguments);

/// Does it; results on standard output. Also while a server runs on the same folder; NotFound where none ever ran.
QCoro::Task<Status> createAdministrator(AdminCreateCommand command);
QCoro::Task<Status> createPin(PinCreateCommand command);

/// Starts the server and says on standard output where it listens.
QCoro::Task<Status> start(std::shared_ptr<Server> server);

} // namespace platen::cli
