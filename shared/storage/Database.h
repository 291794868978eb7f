// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Answer.h>
#include <base/Result.h>

#include <QCoro/QCoroTask>
#include <QSqlDatabase>

#include <functional>
#include <memory>
#include <optional>
#include <type_traits>

namespace platen::storage {

/// The program's database: one thread that writes and one that reads, each with a connection of its own. Work goes there as a
/// function and comes back as a Result on the thread that made the Database (which needs an event loop).
///
/// Writing is a group commit: all writes that are waiting run in one transaction, each in a savepoint of its own, so that a
/// failing Result undoes only its own work; every one of them is answered after the COMMIT is durable, and none when it fails.
class Database {
public:
    struct Settings {
        QString driver = QStringLiteral("QSQLITE");
        QString name; ///< SQLite: the path of the file, in a folder that exists
        int cacheKb = 32000; ///< SQLite: what each of the two connections may keep of the file in memory
        int busyTimeoutMs = 10000; ///< how long to wait for another process that writes
        int groupLimit = 512; ///< most writes in one transaction
        int queueLimit = 20000; ///< more waiting writes than this are refused with LimitExceeded
    };

    /// What the writer has done since the start; any thread.
    struct Counts {
        quint64 commits = 0;
        quint64 writes = 0; ///< answered well; writes ÷ commits is what the group commit saves
        quint64 failed = 0;
    };

    explicit Database(Settings settings);
    ~Database(); ///< waits for the writes that are queued

    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    /// Connects and proves that the database can be written. Call once, before any other work.
    /// Fails with StorageFailed: not there, not a database, read-only, held by another process.
    QCoro::Task<Status> open();

    /// Runs `work(QSqlDatabase) → Result<T>` on the writing thread; what it returns comes back after it is durable. Nothing is
    /// stored when it fails. StorageFailed also when the COMMIT itself failed (disk full, read-only).
    template <typename Work>
    auto write(Work work) -> QCoro::Task<std::invoke_result_t<Work, QSqlDatabase>>
    {
        using Outcome = std::invoke_result_t<Work, QSqlDatabase>;
        co_return co_await Answer<Outcome>(&m_context, [this, &work](std::optional<Outcome>& outcome, Resumption resume) {
            queue({[&outcome, work = std::move(work)](QSqlDatabase db) mutable {
                       outcome = work(db);
                       return outcome->has_value() ? std::optional<Error>() : outcome->error();
                   },
                [&outcome, resume = std::move(resume)](const Error* lost) {
                    if (lost)
                        outcome = Outcome(std::unexpect, *lost);
                    resume();
                }});
        });
    }

    /// Runs `work(QSqlDatabase) → Result<T>` on the reading thread: what is committed, never anything half done. Writing fails there.
    template <typename Work>
    auto read(Work work) -> QCoro::Task<std::invoke_result_t<Work, QSqlDatabase>>
    {
        return ask(std::move(work), &Database::postToReader);
    }

    /// Runs `work` on the writing thread outside any transaction: for the Migrator, which has transactions of its own.
    template <typename Work>
    auto run(Work work) -> QCoro::Task<std::invoke_result_t<Work, QSqlDatabase>>
    {
        return ask(std::move(work), &Database::postToWriter);
    }

    Counts counts() const;

private:
    using Job = std::move_only_function<void(QSqlDatabase)>;
    struct Write {
        std::move_only_function<std::optional<Error>(QSqlDatabase)> work; ///< nothing: keep what it did
        std::move_only_function<void(const Error*)> answer; ///< null: what the work returned; otherwise why it was lost
    };
    struct Threads;

    void queue(Write write);
    void postToReader(Job job);
    void postToWriter(Job job);

    template <typename Work>
    auto ask(Work work, void (Database::*post)(Job)) -> QCoro::Task<std::invoke_result_t<Work, QSqlDatabase>>
    {
        using Outcome = std::invoke_result_t<Work, QSqlDatabase>;
        co_return co_await Answer<Outcome>(&m_context, [this, &work, post](std::optional<Outcome>& outcome, Resumption resume) {
            (this->*post)([&outcome, resume = std::move(resume), work = std::move(work)](QSqlDatabase db) mutable {
                outcome = work(db);
                resume();
            });
        });
    }

    QObject m_context; // before the threads, which answer through it until they have ended
    std::unique_ptr<Threads> m_threads;
};

} // namespace platen::storage
