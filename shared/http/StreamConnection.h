// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "SocketConnection.h"

namespace platen::http {

/// The life of a connection whose answer goes on (Response::stream), after its head was sent: what the application sends leaves as
/// it is. Nothing more is expected of the peer than that it hangs up.
class StreamConnection final : public SocketPeer, public std::enable_shared_from_this<StreamConnection> {
public:
    StreamConnection(Stream stream, IoThread& io, std::shared_ptr<const Endpoint> endpoint, std::unique_ptr<Doorkeeper::Place> place)
        : m_io(io)
        , m_endpoint(std::move(endpoint))
        , m_place(std::move(place))
        , m_stream(std::move(stream))
        , m_sendLimit(io.context.get_executor(), [this] { cut(); })
    {
    }

    /// `self` keeps it alive until the end.
    Awaitable<> run(std::shared_ptr<StreamConnection> self, StreamHandler handler, Request request)
    {
        const Enrolment enrolment(m_io, self.get());
        m_peerAddress = request.peer;
        m_link = std::make_shared<NetworkLink>(m_io.weak_from_this(), this->weak_from_this(), m_endpoint);
        m_endpoint->listener.streamOpened(std::move(handler), m_link, std::move(request));
        std::array<char, 256> ignored;
        co_await m_stream.async_read_some(asio::buffer(ignored), outcome); // whatever comes: it hung up, or it misbehaves
        cut();
        m_endpoint->listener.socketClosed(m_link);
    }

    void enqueue(const QByteArray& bytes, bool) override
    {
        if (m_isOver || m_isClosing) {
            m_link->written(bytes.size());
            return;
        }
        m_out.push_back(bytes);
        startWriting();
    }

    void closeWith(quint16, const QByteArray&) override
    {
        if (!std::exchange(m_isClosing, true))
            startWriting();
    }

    void resume() override {}
    void drain() override {} // the session says farewell and closes it
    void cut() override
    {
        m_isOver = true;
        m_stream.abort();
    }

private:
    void startWriting()
    {
        if (!m_isOver && !std::exchange(m_isWriting, true))
            asio::co_spawn(m_io.context, writeAll(this->shared_from_this()), asio::detached);
    }

    Awaitable<> writeAll(std::shared_ptr<StreamConnection>)
    {
        while (!m_out.empty() && !m_isOver) {
            const QByteArray bytes = m_out.front();
            m_sendLimit.within(m_endpoint->limits.timeToSend(bytes.size()));
            const auto [failure, size] = co_await asio::async_write(
                m_stream, asio::buffer(bytes.constData(), static_cast<size_t>(bytes.size())), outcome);
            m_sendLimit.clear();
            m_link->written(bytes.size());
            m_out.pop_front();
            if (failure)
                break;
        }
        if (m_sendLimit.hasExpired())
            m_endpoint->doorkeeper->refused(Refusal::SlowReader, m_peerAddress);
        if (m_out.empty() && m_isClosing && !m_isOver) {
            m_stream.finish();
            m_sendLimit.within(patience); // for the peer to hang up
        }
        for (const QByteArray& bytes : m_out)
            m_link->written(bytes.size());
        m_out.clear();
        m_out.shrink_to_fit();
        m_isWriting = false;
    }

    static constexpr std::chrono::milliseconds patience = std::chrono::seconds(2);

    IoThread& m_io;
    const std::shared_ptr<const Endpoint> m_endpoint;
    const std::unique_ptr<Doorkeeper::Place> m_place;
    Stream m_stream;
    Deadline m_sendLimit;
    std::shared_ptr<NetworkLink> m_link;
    QHostAddress m_peerAddress;
    std::deque<QByteArray> m_out;
    bool m_isWriting = false;
    bool m_isClosing = false;
    bool m_isOver = false;
};

} // namespace platen::http
