// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Database.h"

#include "Log.h"
#include "Prepared.h"
#include "Query.h"

#include <QFileInfo>
#include <QMutex>
#include <QSqlError>
#include <QThread>
#include <QUuid>

#include <atomic>
#include <vector>

using namespace Qt::StringLiterals;

namespace platen::storage {

namespace {

Status pragma(QSqlDatabase db, const QString& setting)
{
    const auto done = query(db, u"PRAGMA "_s + setting);
    if (!done)
        return fail(done.error());
    return {};
}

/// SQLite as we want it: readers never wait for the writer, and a COMMIT that returned survives a power cut.
Status prepareSqlite(QSqlDatabase db, bool reader, const Database::Settings& settings)
{
    QStringList pragmas = {u"busy_timeout = %1"_s.arg(settings.busyTimeoutMs), u"foreign_keys = ON"_s,
        u"synchronous = FULL"_s, u"secure_delete = FAST"_s, // what is deleted is overwritten
        u"cache_size = -%1"_s.arg(settings.cacheKb)};
    if (reader)
        pragmas.append(u"query_only = ON"_s);
    for (const QString& setting : pragmas) {
        if (const Status done = pragma(db, setting); !done)
            return done;
    }
    if (reader)
        return {};

    auto mode = query(db, u"PRAGMA journal_mode = WAL"_s);
    if (!mode)
        return fail(mode.error());
    if (!mode->next() || mode->value(0).toString() != u"wal")
        return fail(ErrorCode::StorageFailed, u"the folder or its disk does not allow writing"_s);
    mode->finish();
    const auto begun = execute(db, u"BEGIN IMMEDIATE"_s); // a read-only disk says so here, not at the first reading
    if (!begun)
        return fail(begun.error());
    if (const auto ended = execute(db, u"ROLLBACK"_s); !ended)
        return fail(ended.error());
    return {};
}

} // namespace

/// Both threads, their connections, and what waits to be written.
struct Database::Threads {
    explicit Threads(Settings given)
        : settings(std::move(given))
    {
        for (auto* side : {&writer, &reader}) {
            side->object.moveToThread(&side->thread);
            side->thread.start();
        }
        writer.thread.setObjectName(u"database-write"_s);
        reader.thread.setObjectName(u"database-read"_s);
    }

    struct Side {
        QThread thread;
        QObject object;
        QString connection = QUuid::createUuid().toString();
    };

    Status connect(Side& side);
    void close(Side& side);
    void drain();
    Status begin(QSqlDatabase db) const;
    Status runGroup(QSqlDatabase db, std::vector<Write>& group, std::vector<bool>& kept) const;
    void writeGroup(std::vector<Write> group);

    const Settings settings;
    Side writer, reader;
    bool refusing = false; ///< writer's thread only
    QMutex mutex; // guards the three below
    std::vector<Write> waiting;
    bool draining = false;
    Counts counts;
};

Status Database::Threads::connect(Side& side)
{
    QSqlDatabase db = QSqlDatabase::addDatabase(settings.driver, side.connection);
    db.setDatabaseName(settings.name);
    if (settings.driver == u"QSQLITE")
        db.setConnectOptions(u"QSQLITE_ENABLE_NON_ASCII_CASE_FOLDING"_s); // lower() beyond ASCII, as PostgreSQL has it
    Status done;
    if (!db.open())
        done = fail(storageError(u"it cannot be opened"_s, db.lastError()));
    else if (settings.driver == u"QSQLITE")
        done = prepareSqlite(db, &side == &reader, settings);
    if (!done)
        return fail(ErrorCode::StorageFailed,
            u"The database %1 cannot be used: %2. Check the disk and who may write there, or restore a backup."_s.arg(
                settings.name, done.error().detail));
    return {};
}

void Database::Threads::close(Side& side)
{
    QMetaObject::invokeMethod(&side.object, [&side] {
        {
            forgetPrepared(side.connection);
            QSqlDatabase db = QSqlDatabase::database(side.connection, false);
            db.close();
        }
        QSqlDatabase::removeDatabase(side.connection);
        side.object.moveToThread(nullptr);
        QThread::currentThread()->quit(); // here, so that nothing queued before is left undone
    });
    side.thread.wait();
}

Status Database::Threads::begin(QSqlDatabase db) const
{
    const auto begun = execute(db, settings.driver == u"QSQLITE" ? u"BEGIN IMMEDIATE"_s : u"BEGIN"_s);
    if (!begun)
        return fail(begun.error());
    return {};
}

/// Every work in a savepoint. Fails when the transaction as a whole is gone (SQLite ends it by itself when the disk is full).
Status Database::Threads::runGroup(QSqlDatabase db, std::vector<Write>& group, std::vector<bool>& kept) const
{
    if (const Status begun = begin(db); !begun)
        return begun;
    for (size_t i = 0; i < group.size(); ++i) {
        if (const auto saved = execute(db, u"SAVEPOINT one"_s); !saved)
            return fail(saved.error());
        const std::optional<Error> failure = group[i].work(db);
        kept[i] = !failure;
        if (failure && !execute(db, u"ROLLBACK TO SAVEPOINT one"_s))
            return fail(*failure); // the cause; that the savepoint is gone is only its consequence
        if (const auto released = execute(db, u"RELEASE SAVEPOINT one"_s); !released)
            return fail(released.error());
    }
    if (const auto committed = execute(db, u"COMMIT"_s); !committed)
        return fail(committed.error());
    return {};
}

void Database::Threads::writeGroup(std::vector<Write> group)
{
    QSqlDatabase db = QSqlDatabase::database(writer.connection, false);
    std::vector<bool> kept(group.size(), false);
    const Status done = runGroup(db, group, kept);
    if (!done)
        (void)execute(db, u"ROLLBACK"_s); // may have happened by itself
    const Error lost{ErrorCode::StorageFailed,
        done
            ? QString()
            : u"The database %1 cannot be written: %2. Make room on the disk or let the server write there; nothing of this was stored."_s
                  .arg(settings.name, done.error().detail)};
    if (!done && !std::exchange(refusing, true)) // a full disk is told once, not with every reading
        qCCritical(lcStorage).noquote() << group.size() << "writes lost:" << lost.detail;
    if (done && std::exchange(refusing, false))
        qCInfo(lcStorage).noquote() << "the database" << settings.name << "can be written again";

    {
        const QMutexLocker lock(&mutex);
        const auto well = done ? static_cast<quint64>(std::ranges::count(kept, true)) : 0;
        counts.commits += done ? 1 : 0;
        counts.writes += well;
        counts.failed += group.size() - well;
    }
    for (Write& write : group)
        write.answer(done ? nullptr : &lost);
}

void Database::Threads::drain()
{
    for (;;) {
        std::vector<Write> group;
        {
            const QMutexLocker lock(&mutex);
            if (waiting.empty()) {
                draining = false;
                return;
            }
            const auto count = std::min(waiting.size(), static_cast<size_t>(settings.groupLimit));
            const auto end = waiting.begin() + static_cast<std::ptrdiff_t>(count);
            group.assign(std::make_move_iterator(waiting.begin()), std::make_move_iterator(end));
            waiting.erase(waiting.begin(), end);
        }
        writeGroup(std::move(group));
    }
}

Database::Database(Settings settings)
    : m_threads(std::make_unique<Threads>(std::move(settings)))
{
}

Database::~Database()
{
    m_threads->close(m_threads->reader);
    m_threads->close(m_threads->writer); // after the drain that is queued before it
}

QCoro::Task<Status> Database::open()
{
    Threads* threads = m_threads.get();
    Status connected = co_await run([threads](QSqlDatabase) { return threads->connect(threads->writer); });
    if (!connected)
        co_return connected;
    co_return co_await read([threads](QSqlDatabase) { return threads->connect(threads->reader); });
}

void Database::queue(Write write)
{
    bool wake = false;
    {
        const QMutexLocker lock(&m_threads->mutex);
        if (m_threads->waiting.size() < static_cast<size_t>(m_threads->settings.queueLimit)) {
            m_threads->waiting.push_back(std::move(write));
            wake = !std::exchange(m_threads->draining, true);
            if (!wake)
                return;
        }
    }
    if (!wake) {
        const Error full{
            ErrorCode::LimitExceeded, u"The database is busy: too many writes wait already. Try again later."_s};
        write.answer(&full);
        return;
    }
    QMetaObject::invokeMethod(&m_threads->writer.object, [threads = m_threads.get()] { threads->drain(); });
}

void Database::postToReader(Job job)
{
    QMetaObject::invokeMethod(&m_threads->reader.object, [threads = m_threads.get(), job = std::move(job)]() mutable {
        job(QSqlDatabase::database(threads->reader.connection, false));
    });
}

void Database::postToWriter(Job job)
{
    QMetaObject::invokeMethod(&m_threads->writer.object, [threads = m_threads.get(), job = std::move(job)]() mutable {
        job(QSqlDatabase::database(threads->writer.connection, false));
    });
}

Database::Counts Database::counts() const
{
    const QMutexLocker lock(&m_threads->mutex);
    return m_threads->counts;
}

} // namespace platen::storage
