// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// For Network.cpp and the headers it is made of: Boost stays in that one source file.

#include <boost/asio.hpp>
#include <boost/beast/core.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <thread>
#include <unordered_set>

namespace platen::http {

namespace asio = boost::asio;
namespace beast = boost::beast;

using Executor = asio::io_context::executor_type; // the plain type: any_io_executor costs memory and time
using TcpSocket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;
using Failure = boost::system::error_code;

template <typename T = void>
using Awaitable = asio::awaitable<T, Executor>;

/// `co_await operation(…, outcome)` gives [failure, value]: no exceptions.
inline constexpr asio::as_tuple_t<asio::use_awaitable_t<Executor>> outcome;

/// An open connection, as its thread sees it.
class Peer {
public:
    virtual ~Peer() = default;
    virtual void drain() = 0; ///< end when what is under way is done
    virtual void cut() = 0;   ///< end now
};

/// One thread with its event loop and the connections that live on it. Connections never outlive it; handles on other threads
/// hold it weakly.
struct IoThread : std::enable_shared_from_this<IoThread> {
    std::unordered_set<Peer*> peers; ///< this thread only
    bool isDraining = false;         ///< this thread only
    asio::io_context context{1};
    asio::executor_work_guard<Executor> work{context.get_executor()};
    Timer drainLimit{context.get_executor()};
    std::thread thread;
};

/// Keeps a connection in its thread's list while its coroutine runs.
class Enrolment {
public:
    Enrolment(IoThread& io, Peer* peer) : m_io(io), m_peer(peer) { m_io.peers.insert(m_peer); }
    Enrolment(const Enrolment&) = delete;
    Enrolment& operator=(const Enrolment&) = delete;
    ~Enrolment()
    {
        m_io.peers.erase(m_peer);
        if (m_io.isDraining && m_io.peers.empty())
            m_io.drainLimit.cancel();
    }

private:
    IoThread& m_io;
    Peer* m_peer;
};

/// Calls `expired` unless cleared in time. A timer that has fired can no longer be cancelled, so its handler asks first
/// whether it is still meant.
class Deadline {
public:
    Deadline(const Executor& executor, std::function<void()> expired)
        : m_timer(executor)
        , m_state(std::make_shared<State>(State{0, false, std::move(expired)}))
    {
    }
    Deadline(const Deadline&) = delete;
    Deadline& operator=(const Deadline&) = delete;
    ~Deadline() { ++m_state->round; }

    void within(std::chrono::milliseconds time)
    {
        const auto round = ++m_state->round;
        m_timer.expires_after(time);
        m_timer.async_wait([state = m_state, round](Failure failure) {
            if (failure || state->round != round)
                return;
            state->hasExpired = true;
            state->expired();
        });
    }

    void clear()
    {
        ++m_state->round;
        m_timer.cancel();
    }

    bool hasExpired() const { return m_state->hasExpired; }

private:
    struct State {
        quint64 round;
        bool hasExpired;
        std::function<void()> expired;
    };
    Timer m_timer;
    std::shared_ptr<State> m_state;
};

} // namespace platen::http
