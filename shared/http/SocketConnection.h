// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Network.h"
#include "Stream.h"

#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>

#include <QRandomGenerator>

#include <deque>
#include <optional>

namespace platen::http {

namespace websocket = beast::websocket;

using UpgradeRequest = beast::http::request<beast::http::string_body>;

/// What the connections of one endpoint have in common.
struct Endpoint {
    Limits limits;
    TlsContext tls;           ///< null: plain; read and renewed on the first thread only
    quint16 redirectPort = 0; ///< not 0: everything is sent on to https there
    const Routes& routes;
    NetworkListener& listener;
    std::shared_ptr<Doorkeeper> doorkeeper;
};

/// A WebSocket connection, as its link sees it. On the connection's thread.
class SocketPeer : public Peer {
public:
    virtual void enqueue(const QByteArray& bytes, bool binary) = 0;
    virtual void closeWith(quint16 code, const QByteArray& reason) = 0;
    virtual void resume() = 0; ///< there may be room for more input
};

/// The books of what is under way in both directions, and the way from the application's thread to the connection's.
class NetworkLink final : public SocketLink {
public:
    NetworkLink(std::weak_ptr<IoThread> io, std::weak_ptr<SocketPeer> peer, std::shared_ptr<const Endpoint> endpoint)
        : m_io(std::move(io))
        , m_peer(std::move(peer))
        , m_limits(endpoint->limits)
        , m_doorkeeper(endpoint->doorkeeper)
    {
    }

    ~NetworkLink() override { m_doorkeeper->outBytes -= m_out; }

    void send(const QByteArray& bytes, bool binary) override
    {
        if (m_isCut)
            return;
        const qint64 mine = m_out += bytes.size();
        const qint64 all = m_doorkeeper->outBytes += bytes.size();
        // When memory runs short, who has read everything so far may still be answered.
        const bool isTooMuch = mine > m_limits.socketOutBytes || (all > m_limits.totalOutBytes && mine > bytes.size());
        if (!isTooMuch)
            onNetwork([bytes, binary](SocketPeer& peer) { peer.enqueue(bytes, binary); });
        else if (!m_isCut.exchange(true))
            onNetwork([doorkeeper = m_doorkeeper](SocketPeer& peer) {
                doorkeeper->refused(Refusal::SlowReader, {});
                peer.cut();
            });
    }
    void close(quint16 code, const QByteArray& reason) override
    {
        onNetwork([code, reason](SocketPeer& peer) { peer.closeWith(code, reason); });
    }
    void hold(bool on) override
    {
        m_isHeld = on;
        if (!on && m_isStarving)
            onNetwork([](SocketPeer& peer) { peer.resume(); });
    }
    void taken(qsizetype bytes) override
    {
        m_in -= costOf(bytes);
        m_doorkeeper->inBytes -= costOf(bytes);
        if (m_isStarving)
            onNetwork([](SocketPeer& peer) { peer.resume(); });
    }
    qint64 pendingBytes() const override { return m_out; }

    // For the connection.
    void written(qsizetype bytes)
    {
        m_out -= bytes;
        m_doorkeeper->outBytes -= bytes;
    }
    void arrived(qsizetype bytes)
    {
        m_in += costOf(bytes);
        m_doorkeeper->inBytes += costOf(bytes);
    }
    bool isFull() const
    {
        return m_isHeld || m_in > m_limits.socketInBytes || m_out > m_limits.socketOutHoldBytes || isEverythingFull();
    }
    bool isEverythingFull() const { return m_doorkeeper->inBytes > m_limits.totalInBytes; }
    void setStarving(bool on) { m_isStarving = on; }
    bool isStarving() const { return m_isStarving; }

private:
    /// What a message under way holds of memory, small ones included.
    static qint64 costOf(qsizetype bytes) { return bytes + 256; }

    template <typename Work>
    void onNetwork(Work work)
    {
        if (const auto io = m_io.lock())
            asio::post(io->context, [peer = m_peer, work = std::move(work)] {
                if (const auto open = peer.lock())
                    work(*open);
            });
    }

    const std::weak_ptr<IoThread> m_io;
    const std::weak_ptr<SocketPeer> m_peer;
    const Limits m_limits;
    const std::shared_ptr<Doorkeeper> m_doorkeeper;
    std::atomic<qint64> m_out = 0;
    std::atomic<qint64> m_in = 0;
    std::atomic<bool> m_isHeld = false;
    std::atomic<bool> m_isStarving = false; ///< the connection waits for room
    std::atomic<bool> m_isCut = false;
};

/// The life of a WebSocket after its upgrade request was found good.
class SocketConnection final : public SocketPeer, public std::enable_shared_from_this<SocketConnection> {
public:
    SocketConnection(Stream stream, IoThread& io, std::shared_ptr<const Endpoint> endpoint, std::unique_ptr<Doorkeeper::Place> place)
        : m_io(io)
        , m_endpoint(std::move(endpoint))
        , m_place(std::move(place))
        , m_ws(std::move(stream))
        , m_room(io.context.get_executor())
        , m_sendLimit(io.context.get_executor(), [this] { cut(); })
    {
    }

    /// `self` keeps it alive until the end.
    Awaitable<> run(std::shared_ptr<SocketConnection> self, int route, UpgradeRequest upgrade, Request request)
    {
        const Enrolment enrolment(m_io, self.get());
        m_peerAddress = request.peer;
        prepare();
        const auto [failure] = co_await m_ws.async_accept(upgrade, outcome);
        if (failure || m_io.isDraining)
            co_return m_ws.next_layer().abort();

        upgrade = {};
        m_link = std::make_shared<NetworkLink>(m_io.weak_from_this(), this->weak_from_this(), m_endpoint);
        m_endpoint->listener.socketOpened(route, m_link, std::move(request));
        co_await readAll();
        if (!m_isOver)
            co_await linger(m_ws.next_layer(), m_sendLimit);
        m_isOver = true;
        m_ws.next_layer().abort();
        m_endpoint->listener.socketClosed(m_link);
    }

    void enqueue(const QByteArray& bytes, bool binary) override
    {
        if (m_isOver || m_closing) {
            m_link->written(bytes.size());
            return;
        }
        m_out.emplace_back(bytes, binary);
        startWriting();
    }

    void closeWith(quint16 code, const QByteArray& reason) override
    {
        if (m_isOver || m_closing)
            return;
        m_closing.emplace(code);
        m_closing->reason.assign(reason.constData(), static_cast<size_t>(reason.size()));
        m_room.cancel();
        startWriting();
    }

    void resume() override { m_room.cancel(); }
    void drain() override { m_link ? closeWith(serviceRestart, retryHint(m_endpoint->doorkeeper->counters.open)) : cut(); }
    void cut() override
    {
        m_isOver = true;
        m_room.cancel();
        m_ws.next_layer().abort();
    }

private:
    void prepare()
    {
        m_ws.read_message_max(static_cast<size_t>(m_endpoint->limits.messageBytes));
        m_ws.auto_fragment(false);     // else a message leaves in frames of the next line's size
        m_ws.write_buffer_bytes(512);  // kept by each connection
        m_patience = m_endpoint->limits.idleSocket * QRandomGenerator::global()->bounded(80, 101) / 100; // spreads the pings
        setPatience(true);
    }

    /// Beast pings after half of the idle time without input, and gives up after all of it. While we do not read, we cannot see
    /// the answers, so it must not count.
    void setPatience(bool counts)
    {
        using Timeout = websocket::stream_base::timeout;
        const auto never = websocket::stream_base::none();
        m_ws.set_option(counts ? Timeout{m_endpoint->limits.head, m_patience, true} : Timeout{never, never, false});
    }

    Awaitable<> readAll()
    {
        while (!m_isOver) {
            beast::flat_buffer in(static_cast<size_t>(m_endpoint->limits.messageBytes) + 1024);
            const auto [failure, size] = co_await m_ws.async_read(in, outcome);
            if (failure) {
                countFailure(failure);
                co_return;
            }
            const QByteArray bytes(static_cast<const char*>(in.data().data()), static_cast<qsizetype>(in.size()));
            ++m_endpoint->doorkeeper->counters.messages;
            m_link->arrived(bytes.size());
            m_endpoint->listener.messageArrived(m_link, bytes, m_ws.got_binary());
            in = beast::flat_buffer();
            co_await waitForRoom();
        }
    }

    Awaitable<> waitForRoom()
    {
        while (!m_isOver && !m_closing && m_link->isFull()) {
            m_link->setStarving(true);
            if (!m_link->isFull())
                break;
            setPatience(false);
            // Room that others made is noticed by looking again; room on our own account by resume().
            m_room.expires_after(m_link->isEverythingFull() ? std::chrono::milliseconds(20) : std::chrono::hours(1));
            co_await m_room.async_wait(outcome);
            setPatience(true);
        }
        m_link->setStarving(false);
    }

    void countFailure(const Failure& failure)
    {
        const auto refused = [this](Refusal why) { m_endpoint->doorkeeper->refused(why, m_peerAddress); };
        if (failure == beast::error::timeout)
            refused(Refusal::DeadPeer);
        else if (failure == websocket::error::message_too_big || failure == websocket::error::buffer_overflow)
            refused(Refusal::MessageTooLarge);
        else if (failure == websocket::condition::protocol_violation)
            refused(Refusal::BadFrame);
    }

    void startWriting()
    {
        if (!std::exchange(m_isWriting, true))
            asio::co_spawn(m_io.context, writeAll(this->shared_from_this()), asio::detached);
    }

    Awaitable<> writeAll(std::shared_ptr<SocketConnection>)
    {
        while (!m_out.empty() && !m_isOver) {
            const auto [bytes, binary] = m_out.front();
            m_ws.binary(binary);
            m_sendLimit.within(m_endpoint->limits.timeToSend(bytes.size()));
            const auto [failure, size] = co_await m_ws.async_write(
                asio::buffer(bytes.constData(), static_cast<size_t>(bytes.size())), outcome);
            m_sendLimit.clear();
            m_link->written(bytes.size());
            m_out.pop_front();
            if (m_link->isStarving())
                resume();
            if (failure)
                break;
        }
        if (m_sendLimit.hasExpired())
            m_endpoint->doorkeeper->refused(Refusal::SlowReader, m_peerAddress);
        if (m_out.empty() && m_closing && !m_isOver) {
            setPatience(true);
            co_await m_ws.async_close(*m_closing, outcome);
            cut();
        }
        for (const auto& [bytes, binary] : m_out)
            m_link->written(bytes.size());
        m_out.clear();
        m_out.shrink_to_fit();
        m_isWriting = false;
    }

    IoThread& m_io;
    const std::shared_ptr<const Endpoint> m_endpoint;
    const std::unique_ptr<Doorkeeper::Place> m_place;
    websocket::stream<Stream, false> m_ws; // false: no permessage-deflate
    Timer m_room;
    Deadline m_sendLimit;
    std::shared_ptr<NetworkLink> m_link;
    QHostAddress m_peerAddress;
    std::chrono::milliseconds m_patience{};
    std::deque<std::pair<QByteArray, bool>> m_out;
    std::optional<websocket::close_reason> m_closing;
    bool m_isWriting = false;
    bool m_isOver = false;
};

} // namespace platen::http
