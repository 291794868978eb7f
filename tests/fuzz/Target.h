// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QLatin1StringView>
#include <QList>

#include <span>

namespace platen::fuzz {

/// One place where bytes that nobody vouches for are read.
struct Target {
    QLatin1StringView name;
    QLatin1StringView meaning;
    void (*run)(QByteArrayView input); ///< does with them what the product does; qFatal when what comes out breaks a promise
    QList<QByteArray> (*seeds)();      ///< good inputs to start from, made of the project's own fixtures
    int longest;                       ///< bytes; more would only be slow
    int share = 1;                     ///< of the runs that are wished for, one in so many: a run here does the work of many elsewhere
};

/// All of them, in the order of the data's way through the agent.
std::span<const Target> targets();

} // namespace platen::fuzz
