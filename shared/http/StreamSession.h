// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Network.h"
#include "StreamSettings.h"

#include <protocol/EventStream.h>

#include <QTimer>

#include <deque>

namespace platen::http {

/// One session without a WebSocket: messages come in numbered POSTs and leave as numbered events, by a stream, by polls or in a
/// POST's answer. What is not confirmed is kept and said again, what was taken is not taken twice: so no answer that gets lost, no
/// request that comes twice or late can lose, double or reorder a message. Lives on the Edge's thread.
class StreamSession final : public SocketLink, public std::enable_shared_from_this<StreamSession> {
public:
    using Now = std::chrono::milliseconds; ///< monotonic
    using Tokens = std::function<Fields(bool mayStream)>; ///< fresh ones, as header fields

    /// `total`: the bytes that all sessions keep.
    StreamSession(const StreamSettings& settings, Carrier carrier, Tokens tokens, std::shared_ptr<qint64> total, Now now);
    ~StreamSession() override;

    // For the application's Socket.
    void send(const QByteArray& bytes, bool binary) override;
    void close(quint16 code, const QByteArray& reason) override;
    void hold(bool on) override;
    void taken(qsizetype) override {}
    qint64 pendingBytes() const override { return m_waitingBytes; }
    Carrier carrier() const override { return m_carrier; }

    // For Streams. A request that makes no sense ends the session and is answered with 400 or 409.
    void post(const Request& request, const Reply& reply, Now now);
    void poll(const Request& request, const Reply& reply, Now now);
    void stream(const Request& request, const Reply& reply, Now now);

    Response greeting() { return postAnswer(); } ///< the answer to the POST that opened it
    void tick(Now now); ///< every second or so: what has become due
    bool mayStream() const { return m_taken >= static_cast<quint64>(m_settings.messagesBefore); }
    bool isOver() const { return m_isOver; } ///< nothing more will come of it: to be forgotten
    std::optional<Refusal> fault() const { return m_fault; } ///< what the peer did wrong

private:
    struct Parked {
        Reply reply;
        Now until{};
    };
    struct Waiting {
        quint64 id;
        QByteArray bytes;
    };

    bool confirm(const Request& request, Now now);
    void deliver(const QList<QByteArray>& messages, quint64 first, bool binary);
    void append(const protocol::StreamEvent& event);
    void keep(qint64 bytes); ///< more, or less
    void flushSoon();
    void flush();
    void speak();
    void opened(const std::shared_ptr<Socket>& stream);
    void answerPost();
    void answerPoll();
    void dropReaders();
    void breakOff(const Reply& reply, int status);
    void end();
    Response events() const;
    Response postAnswer();

    const StreamSettings m_settings;
    const Carrier m_carrier;
    const Tokens m_tokens;
    const std::shared_ptr<qint64> m_total;
    std::deque<Waiting> m_waiting; ///< events that nobody has confirmed
    qint64 m_waitingBytes = 0;
    quint64 m_lastId = 0; ///< of the last event
    quint64 m_confirmed = 0;
    quint64 m_taken = 0; ///< messages delivered to the application
    std::shared_ptr<Socket> m_stream; ///< the open stream's connection
    quint64 m_streamed = 0; ///< the last event said on it
    Now m_spokenAt{}; ///< on it
    std::optional<Parked> m_poll;
    std::optional<Parked> m_post;
    bool m_postWaitsForRoom = false; ///< else for the answer to its message
    Now m_now{}; ///< of the last call from outside
    Now m_heardAt{};
    std::optional<Now> m_closedAt;
    bool m_isHeld = false;
    bool m_isFlushing = false;
    bool m_isOver = false;
    std::optional<Refusal> m_fault;
    QObject m_context; ///< what queued calls are bound to
};

} // namespace platen::http
