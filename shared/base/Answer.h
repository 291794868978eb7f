// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QThreadPool>

#include <coroutine>
#include <functional>
#include <optional>
#include <type_traits>

namespace platen {

/// Goes on with the coroutine that waits; any thread, once.
using Resumption = std::function<void()>;

/// Awaitable for work done on another thread: `ask` starts it, and whoever does it fills the outcome and then resumes. The
/// coroutine goes on in the context's thread. When the context is gone by then it never goes on, so a service that owns the
/// context may be destroyed while somebody waits for it.
template <typename Outcome> class Answer {
public:
    using Ask = std::move_only_function<void(std::optional<Outcome>&, Resumption)>;

    Answer(QObject* context, Ask ask)
        : m_context(context)
        , m_ask(std::move(ask))
    {
    }

    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> waiting)
    {
        m_ask(m_outcome, [context = m_context, waiting] {
            QMetaObject::invokeMethod(context, [waiting] { waiting.resume(); }, Qt::QueuedConnection);
        });
    }
    Outcome await_resume() { return std::move(*m_outcome); }

private:
    QObject* m_context;
    Ask m_ask;
    std::optional<Outcome> m_outcome;
};

/// What `work()` returns, done by the pool. The context outlives the pool's work: declare it before the pool.
template <typename Work> auto inPool(QThreadPool& pool, QObject* context, Work work) -> Answer<std::invoke_result_t<Work>>
{
    using Outcome = std::invoke_result_t<Work>;
    return {context, [&pool, work = std::move(work)](std::optional<Outcome>& outcome, Resumption resume) mutable {
                pool.start([&outcome, work = std::move(work), resume = std::move(resume)]() mutable {
                    outcome = work();
                    resume();
                });
            }};
}

} // namespace platen
