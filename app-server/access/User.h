// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Clock.h>
#include <model/Permission.h>

#include <QByteArray>
#include <QStringList>

namespace platen::access {

/// Someone who may sign in.
struct User {
    qint64 id = 0;
    QString name; ///< lower case: names that differ by case only are one name
    QStringList roles; ///< names of model::Role

    bool operator==(const User&) const = default;
};

/// Someone who has signed in. Known by the hash of the token, so that a session in a log or a dump opens nothing.
struct Session {
    QByteArray tokenHash; ///< SHA-256 of the token
    User user;
    model::Permissions permissions; ///< what the user's roles allowed when the session was looked up
    Instant expiresAt{}; ///< the absolute end, however busy the session is
    bool isProven = false; ///< the password was given within the last five minutes: for PINs, keys, users and commands
};

} // namespace platen::access
