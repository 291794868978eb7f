// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>
#include <base/Secret.h>
#include <widgets/Theme.h>

#include <QSize>
#include <QStringList>
#include <QUrl>

namespace platen::console {

/// What the command line asks for.
struct StartOptions {
    QUrl server;            ///< empty: the one remembered
    QString serverTyped;
    QString user;
    Secret token;           ///< of an earlier login: goes on with that session
    QByteArray fingerprint; ///< SHA-256 of the server's certificate, trusted beforehand
    std::optional<widgets::Theme::Choice> theme;

    QString picture;        ///< file: takes a picture of a screen and ends
    QSize size{1440, 900};
    QString screen;         ///< "devices", "login", "details", "device" (details over the whole page), "agents"
    QString device;         ///< model or serial number of the one in the picture's details; empty: the first

    /// Fails with InvalidInput, NotFound or StorageFailed; help and version are answered by themselves.
    static Result<StartOptions> parse(const QStringList& arguments);
};

} // namespace platen::console
