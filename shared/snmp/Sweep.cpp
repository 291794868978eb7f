// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Sweep.h"

#include <QCoro/QCoroTimer>
#include <QElapsedTimer>
#include <QSet>

#include <coroutine>

using namespace std::chrono_literals;

namespace platen::snmp {

namespace {

constexpr int sendsPerTurn = 128; // then the event loop gets its turn, or answers overflow the socket's buffer

/// A bucket of permissions to send, refilled at a steady rate.
class TokenBucket {
public:
    explicit TokenBucket(int perSecond) : m_perSecond(perSecond), m_tokens(capacity()) { m_sinceRefill.start(); }

    /// False when it is too early.
    bool take()
    {
        if (m_perSecond <= 0)
            return true;
        m_tokens = std::min(capacity(), m_tokens + static_cast<double>(m_sinceRefill.nsecsElapsed()) / 1e9 * m_perSecond);
        m_sinceRefill.restart();
        if (m_tokens < 1)
            return false;
        m_tokens -= 1;
        return true;
    }
    /// Until there is a token again; at least what timers can tell apart.
    std::chrono::milliseconds pause() const { return std::max(2ms, std::chrono::milliseconds(1000 / m_perSecond)); }

private:
    double capacity() const { return std::max(1.0, m_perSecond / 100.0); } // ten milliseconds' worth

    int m_perSecond;
    double m_tokens;
    QElapsedTimer m_sinceRefill;
};

/// What the sweep and the requests in flight share.
struct Run {
    QList<Oid> oids;
    SweepPace pace;
    std::function<void(const SweepHit&)> found;
    QList<SweepHit> hits;
    QSet<QHostAddress> answered;
    QList<Target> silent;             ///< for the next pass
    std::optional<Error> firstError;  ///< of those that could not be asked at all
    bool hasSent = false;
    int inFlight = 0;
    int roomFor = 0;                  ///< the sweep waits until fewer than this are in flight
    std::coroutine_handle<> waiting;

    /// co_await it: goes on when fewer than `count` requests are in flight.
    auto until(int count)
    {
        struct Room {
            Run& run;
            int count;
            bool await_ready() const { return run.inFlight < count; }
            void await_suspend(std::coroutine_handle<> sweep)
            {
                run.roomFor = count;
                run.waiting = sweep;
            }
            void await_resume() const {}
        };
        return Room{*this, count};
    }
    void landed()
    {
        --inFlight;
        if (waiting && inFlight < roomFor)
            std::exchange(waiting, {}).resume();
    }
};

void note(Run& run, const Target& target, Result<VarBinds> answer)
{
    if (answer && !run.answered.contains(target.address)) {
        run.answered.insert(target.address);
        run.hits.append({target, *std::move(answer)});
        if (run.found)
            run.found(run.hits.last());
    } else if (!answer && answer.error().code == ErrorCode::Timeout) {
        run.silent.append(target);
    } else if (!answer && !run.firstError) {
        run.firstError = answer.error();
    }
    const bool wasSent = answer || answer.error().code == ErrorCode::Timeout || answer.error().code == ErrorCode::PermissionDenied;
    run.hasSent = run.hasSent || wasSent;
}

QCoro::Task<> askOne(std::shared_ptr<Run> run, Engine* engine, Target target)
{
    ++run->inFlight;
    Target once = target;
    once.tries = 1;
    once.timeout = run->pace.timeout;
    Result<VarBinds> answer = co_await engine->get(std::move(once), run->oids);
    note(*run, target, std::move(answer));
    run->landed();
}

} // namespace

QCoro::Task<Result<QList<SweepHit>>> sweep(Engine& engine, QList<Target> targets, QList<Oid> oids, SweepPace pace,
                                           std::function<void(const SweepHit&)> found)
{
    Engine* const asker = &engine;
    const auto run = std::make_shared<Run>();
    run->oids = std::move(oids);
    run->pace = pace;
    run->found = std::move(found);
    run->silent = std::move(targets);
    TokenBucket bucket(pace.packetsPerSecond);

    int sends = 0;
    for (int pass = 0; pass < pace.passes && !run->silent.isEmpty(); ++pass) {
        const QList<Target> batch = std::exchange(run->silent, {});
        for (const Target& target : batch) {
            co_await run->until(std::max(pace.window, 1));
            if (run->answered.contains(target.address))
                continue;
            while (!bucket.take())
                co_await QCoro::sleepFor(bucket.pause());
            if (++sends % sendsPerTurn == 0)
                co_await QCoro::sleepFor(0ms);
            askOne(run, asker, target);
        }
        co_await run->until(1);
    }
    if (!run->hasSent && run->firstError)
        co_return fail(*run->firstError);
    co_return run->hits;
}

} // namespace platen::snmp
