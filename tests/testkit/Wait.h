// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoro/QCoroTask>
#include <QEventLoop>
#include <QTimer>

#include <chrono>
#include <optional>

namespace platen::test {

/// The outcome of a task, spinning the event loop meanwhile; ends the test program after `limit`. Tests only: the product
/// never nests loops. (QCoro::waitFor wants a default-constructible type, which Result of a reference-like type is not.)
template <typename T>
T wait(QCoro::Task<T> task, std::chrono::seconds limit = std::chrono::seconds(30))
{
    std::optional<T> outcome;
    QEventLoop loop;
    QTimer::singleShot(limit, &loop, [] { qFatal("a task did not end in time"); });
    task.then([&](T value) {
        outcome = std::move(value);
        loop.quit();
    });
    if (!outcome)
        loop.exec();
    return *std::move(outcome);
}

/// Spins the event loop until `claim` holds; false when it does not within `limit`.
template <typename Claim>
bool eventually(Claim claim, std::chrono::milliseconds limit = std::chrono::seconds(10))
{
    QEventLoop loop;
    QTimer poll, end;
    poll.setInterval(2);
    end.setSingleShot(true);
    bool held = claim();
    QObject::connect(&poll, &QTimer::timeout, &loop, [&] {
        held = claim();
        if (held)
            loop.quit();
    });
    QObject::connect(&end, &QTimer::timeout, &loop, &QEventLoop::quit);
    poll.start();
    end.start(limit);
    if (!held)
        loop.exec();
    return held;
}

} // namespace platen::test
