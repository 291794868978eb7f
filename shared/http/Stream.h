// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Asio.h"
#include "TlsContext.h"

#include <boost/beast/core/role.hpp>
#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <vector>

namespace platen::http {

/// TCP, with TLS on it where the endpoint has a context: what Boost.Beast asks of a stream (AsyncReadStream, AsyncWriteStream,
/// teardown) plus handshake, finish and abort. One class for both, because Beast over a second one would take as long again to
/// compile. OpenSSL reads and writes the socket itself and frees its buffers when idle: 28 kB a connection, where
/// asio::ssl::stream keeps four buffers of 17 kB for good.
class Stream {
public:
    using executor_type = Executor;
    using next_layer_type = TcpSocket;

    Stream(TcpSocket socket, const TlsContext& context)
        : m_socket(std::move(socket))
        , m_ssl(context ? SSL_new(context.get()) : nullptr, SSL_free)
    {
        if (context && !m_ssl)
            throw std::bad_alloc();
        Failure ignored;
        m_socket.non_blocking(true, ignored);
        if (m_ssl) {
            SSL_set_fd(m_ssl.get(), m_socket.native_handle());
            SSL_set_accept_state(m_ssl.get());
        }
    }

    bool isEncrypted() const { return m_ssl != nullptr; }
    Executor get_executor() { return m_socket.get_executor(); }
    TcpSocket& next_layer() { return m_socket; } ///< Beast closes it when a WebSocket times out

    /// The TLS one; true at once without TLS.
    Awaitable<bool> handshake();

    template <typename Buffers, typename Token>
    auto async_read_some(const Buffers& buffers, Token&& token)
    {
        asio::mutable_buffer into;
        for (auto i = asio::buffer_sequence_begin(buffers); i != asio::buffer_sequence_end(buffers) && into.size() == 0; ++i)
            into = *i;
        return repeat([this, into] { return read(into); }, std::forward<Token>(token));
    }

    template <typename Buffers, typename Token>
    auto async_write_some(const Buffers& buffers, Token&& token)
    {
        asio::const_buffer from;
        for (auto i = asio::buffer_sequence_begin(buffers); i != asio::buffer_sequence_end(buffers) && from.size() == 0; ++i)
            from = *i;
        // A header and its body go as one record; a large piece goes from where it is.
        std::unique_ptr<std::vector<char>> gathered;
        const size_t total = beast::buffer_bytes(buffers);
        if (from.size() < total && from.size() < largestRecord / 2) {
            gathered = std::make_unique<std::vector<char>>(std::min(largestRecord, total));
            asio::buffer_copy(asio::buffer(*gathered), buffers);
            from = asio::buffer(*gathered);
        }
        return repeat(
            [this, from, gathered = std::move(gathered)] { return write(from); }, std::forward<Token>(token));
    }

    /// Nothing more will be written: close_notify if it fits, then FIN.
    void finish()
    {
        ERR_clear_error();
        if (m_ssl && !m_isBroken && SSL_is_init_finished(m_ssl.get()))
            SSL_shutdown(m_ssl.get());
        Failure ignored;
        m_socket.shutdown(TcpSocket::shutdown_send, ignored);
    }
    /// Whoever waits on it is told now.
    void abort()
    {
        Failure ignored;
        m_socket.shutdown(TcpSocket::shutdown_both, ignored);
    }

private:
    static constexpr size_t largestRecord = 16 * 1024;
    static int boundedSize(size_t size) { return static_cast<int>(std::min(size, largestRecord)); }

    /// What one call came to.
    struct Step {
        enum class Kind { Done, WaitToRead, WaitToWrite };
        Kind kind = Kind::Done;
        size_t bytes = 0;
        Failure failure{};
    };

    Step read(asio::mutable_buffer into)
    {
        if (into.size() == 0)
            return {};
        if (m_ssl)
            return judgeTls(SSL_read(m_ssl.get(), into.data(), boundedSize(into.size())));
        Failure failure;
        const size_t bytes = m_socket.read_some(asio::buffer(into), failure);
        return judge(bytes, failure, Step::Kind::WaitToRead);
    }
    Step write(asio::const_buffer from)
    {
        if (from.size() == 0)
            return {};
        if (m_ssl)
            return judgeTls(SSL_write(m_ssl.get(), from.data(), boundedSize(from.size())));
        Failure failure;
        const size_t bytes = m_socket.write_some(asio::buffer(from), failure);
        return judge(bytes, failure, Step::Kind::WaitToWrite);
    }
    static Step judge(size_t bytes, const Failure& failure, Step::Kind wait)
    {
        if (failure == asio::error::would_block || failure == asio::error::try_again)
            return {wait};
        return {Step::Kind::Done, bytes, failure};
    }
    Step judgeTls(int result)
    {
        if (result > 0)
            return {Step::Kind::Done, static_cast<size_t>(result)};
        const int why = SSL_get_error(m_ssl.get(), result);
        if (why == SSL_ERROR_WANT_READ)
            return {Step::Kind::WaitToRead};
        if (why == SSL_ERROR_WANT_WRITE)
            return {Step::Kind::WaitToWrite};
        m_isBroken = m_isBroken || why != SSL_ERROR_ZERO_RETURN;
        return {Step::Kind::Done, 0,
            why == SSL_ERROR_ZERO_RETURN ? Failure(asio::error::eof) : Failure(asio::error::connection_reset)};
    }

    /// Repeats a call until it is done, waiting for the socket in between. One that is done at once is completed through the
    /// event loop, never from inside the initiating call (Asio's rule).
    template <typename Call, typename Token>
    auto repeat(Call call, Token&& token)
    {
        enum class Phase { First, Waited, Done };
        return asio::async_compose<Token, void(Failure, size_t)>(
            [this, call = std::move(call), phase = Phase::First, last = Step()](auto& self, Failure waited = {}) mutable {
                if (phase == Phase::Done)
                    return self.complete(last.failure, last.bytes);
                if (waited)
                    return self.complete(waited, 0);
                ERR_clear_error();
                last = call();
                if (last.kind != Step::Kind::Done) {
                    phase = Phase::Waited;
                    return m_socket.async_wait(
                        last.kind == Step::Kind::WaitToRead ? TcpSocket::wait_read : TcpSocket::wait_write, std::move(self));
                }
                if (phase == Phase::Waited)
                    return self.complete(last.failure, last.bytes);
                phase = Phase::Done;
                asio::post(m_socket.get_executor(), std::move(self));
            },
            token, m_socket);
    }

    TcpSocket m_socket;
    std::unique_ptr<SSL, void (*)(SSL*)> m_ssl;
    bool m_isBroken = false; ///< OpenSSL forbids SSL_shutdown after a fatal error
};

inline Awaitable<bool> Stream::handshake()
{
    if (!m_ssl)
        co_return true;
    const auto [failure, ignored] = co_await repeat([this] { return judgeTls(SSL_accept(m_ssl.get())); }, outcome);
    co_return !failure;
}

// Beast calls these, found by their argument, when a WebSocket is over.

inline void teardown(beast::role_type, Stream& stream, Failure& failure)
{
    stream.finish();
    stream.abort();
    failure = {};
}

template <typename Handler>
void async_teardown(beast::role_type, Stream& stream, Handler&& handler)
{
    stream.finish();
    asio::post(stream.get_executor(), [handler = std::forward<Handler>(handler)]() mutable { handler(Failure()); });
}

/// After a refusal: says that nothing more comes and lets the peer finish its sentence. Closing a socket with unread input
/// makes the system send a reset, which can overtake the answer.
inline Awaitable<> linger(Stream& stream, Deadline& deadline)
{
    constexpr std::chrono::milliseconds patience = std::chrono::seconds(2);
    constexpr size_t most = 4 << 20;
    stream.finish();
    deadline.within(patience);
    std::array<char, 4096> ignored;
    for (size_t total = 0; total < most;) {
        const auto [failure, size] = co_await stream.next_layer().async_read_some(asio::buffer(ignored), outcome);
        if (failure)
            break;
        total += size;
    }
    deadline.clear();
}

} // namespace platen::http
