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

/// TCP as it is. Both streams are what Boost.Beast asks of one (AsyncReadStream, AsyncWriteStream, teardown) plus handshake,
/// finish and abort.
class PlainStream {
public:
    using executor_type = Executor;
    using next_layer_type = TcpSocket;

    PlainStream(TcpSocket socket, const TlsContext&) : m_socket(std::move(socket)) {}

    Executor get_executor() { return m_socket.get_executor(); }
    TcpSocket& next_layer() { return m_socket; } ///< Beast closes it when a WebSocket times out

    Awaitable<bool> handshake() { co_return true; }

    template <typename Buffers, typename Token>
    auto async_read_some(const Buffers& buffers, Token&& token)
    {
        return m_socket.async_read_some(buffers, std::forward<Token>(token));
    }
    template <typename Buffers, typename Token>
    auto async_write_some(const Buffers& buffers, Token&& token)
    {
        return m_socket.async_write_some(buffers, std::forward<Token>(token));
    }

    /// Nothing more will be written.
    void finish()
    {
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
    TcpSocket m_socket;
};

/// TLS where OpenSSL reads and writes the socket itself and frees its buffers when idle: 28 kB a connection, where
/// asio::ssl::stream keeps four buffers of 17 kB for good.
class TlsStream {
public:
    using executor_type = Executor;
    using next_layer_type = TcpSocket;

    TlsStream(TcpSocket socket, const TlsContext& context) : m_socket(std::move(socket)), m_ssl(SSL_new(context.get()), SSL_free)
    {
        if (!m_ssl)
            throw std::bad_alloc();
        Failure ignored;
        m_socket.native_non_blocking(true, ignored);
        SSL_set_fd(m_ssl.get(), m_socket.native_handle());
        SSL_set_accept_state(m_ssl.get());
    }

    Executor get_executor() { return m_socket.get_executor(); }
    TcpSocket& next_layer() { return m_socket; }

    Awaitable<bool> handshake();

    template <typename Buffers, typename Token>
    auto async_read_some(const Buffers& buffers, Token&& token)
    {
        asio::mutable_buffer into;
        for (auto i = asio::buffer_sequence_begin(buffers); i != asio::buffer_sequence_end(buffers) && into.size() == 0; ++i)
            into = *i;
        return repeat(
            [into](SSL* ssl) { return into.size() == 0 ? 1 : SSL_read(ssl, into.data(), boundedSize(into.size())); },
            std::forward<Token>(token), into.size() == 0);
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
            [from, gathered = std::move(gathered)](SSL* ssl) {
                return from.size() == 0 ? 1 : SSL_write(ssl, from.data(), boundedSize(from.size()));
            },
            std::forward<Token>(token), from.size() == 0);
    }

    void finish() // close_notify if it fits, then FIN
    {
        ERR_clear_error();
        if (!m_isBroken && SSL_is_init_finished(m_ssl.get()))
            SSL_shutdown(m_ssl.get());
        Failure ignored;
        m_socket.shutdown(TcpSocket::shutdown_send, ignored);
    }
    void abort()
    {
        Failure ignored;
        m_socket.shutdown(TcpSocket::shutdown_both, ignored);
    }

private:
    static constexpr size_t largestRecord = 16 * 1024;
    static int boundedSize(size_t size) { return static_cast<int>(std::min(size, largestRecord)); }

    /// Repeats an OpenSSL call until it is done, waiting for the socket in between. A call that succeeds at once is completed
    /// through the event loop, never from inside the initiating call (Asio's rule).
    template <typename Call, typename Token>
    auto repeat(Call call, Token&& token, bool isEmpty = false)
    {
        enum class Step { First, Waited, Done };
        return asio::async_compose<Token, void(Failure, size_t)>(
            [this, isEmpty, call = std::move(call), step = Step::First, result = Failure(), bytes = size_t(0)](
                auto& self, Failure waited = {}) mutable {
                if (step == Step::Done)
                    return self.complete(result, bytes);
                if (waited)
                    return self.complete(waited, 0);
                ERR_clear_error();
                const int n = call(m_ssl.get());
                if (n > 0) {
                    bytes = isEmpty ? 0 : static_cast<size_t>(n);
                } else {
                    const int why = SSL_get_error(m_ssl.get(), n);
                    if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) {
                        step = Step::Waited;
                        return m_socket.async_wait(
                            why == SSL_ERROR_WANT_READ ? TcpSocket::wait_read : TcpSocket::wait_write, std::move(self));
                    }
                    m_isBroken = m_isBroken || why != SSL_ERROR_ZERO_RETURN;
                    result = why == SSL_ERROR_ZERO_RETURN ? Failure(asio::error::eof) : Failure(asio::error::connection_reset);
                }
                if (step == Step::Waited)
                    return self.complete(result, bytes);
                step = Step::Done;
                asio::post(m_socket.get_executor(), std::move(self));
            },
            token, m_socket);
    }

    TcpSocket m_socket;
    std::unique_ptr<SSL, void (*)(SSL*)> m_ssl;
    bool m_isBroken = false; ///< OpenSSL forbids SSL_shutdown after a fatal error
};

inline Awaitable<bool> TlsStream::handshake()
{
    const auto [failure, ignored] = co_await repeat([](SSL* ssl) { return SSL_accept(ssl); }, outcome);
    co_return !failure;
}

// Beast calls these, found by their argument, when a WebSocket is over.

template <typename Stream>
    requires(std::is_same_v<Stream, TlsStream> || std::is_same_v<Stream, PlainStream>)
void teardown(beast::role_type, Stream& stream, Failure& failure)
{
    stream.finish();
    stream.abort();
    failure = {};
}

template <typename Stream, typename Handler>
    requires(std::is_same_v<Stream, TlsStream> || std::is_same_v<Stream, PlainStream>)
void async_teardown(beast::role_type, Stream& stream, Handler&& handler)
{
    stream.finish();
    asio::post(stream.get_executor(), [handler = std::forward<Handler>(handler)]() mutable { handler(Failure()); });
}

/// After a refusal: says that nothing more comes and lets the peer finish its sentence. Closing a socket with unread input
/// makes the system send a reset, which can overtake the answer.
template <typename Stream>
Awaitable<> linger(Stream& stream, Deadline& deadline)
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
