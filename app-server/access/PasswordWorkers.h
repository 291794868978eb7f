// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>
#include <base/Secret.h>

#include <QCoro/QCoroTask>
#include <QObject>
#include <QThreadPool>

#include <functional>

namespace platen::access {

/// Runs Argon2id off the event loop: at most 4 at once (64 MiB each), a limited number waiting; more fail with TooManyAttempts.
class PasswordWorkers {
public:
    explicit PasswordWorkers(int mostWaiting = 64);

    QCoro::Task<Result<QString>> hash(Secret password);

    /// Whether the password is the one of `hash`. An empty hash (there is no such user) takes as long and is never right.
    QCoro::Task<Result<bool>> verify(QString hash, Secret password);

private:
    /// Both answers of one piece of work: the text of a hash, or whether a password was right.
    struct Outcome {
        QString hash;
        bool isRight = false;
    };
    QCoro::Task<Result<Outcome>> run(std::function<Outcome()> work);

    QObject m_context; // before the pool, whose end waits for the work that answers through it
    QThreadPool m_pool;
    const int m_mostWaiting;
    int m_underWay = 0;
};

} // namespace platen::access
