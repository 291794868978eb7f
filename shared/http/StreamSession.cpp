// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "StreamSession.h"

using namespace Qt::StringLiterals;

namespace platen::http {

using protocol::StreamEvent;

namespace {

constexpr qsizetype answerBytes = 1 << 20; ///< of events in one answer, or one event that is larger

/// The value of a parameter; empty when it is not there.
QByteArray parameter(const QByteArray& query, QByteArrayView name)
{
    for (const QByteArray& pair : query.split('&')) {
        if (pair.startsWith(name) && pair.size() > name.size() && pair.at(name.size()) == '=')
            return pair.sliced(name.size() + 1);
    }
    return {};
}

std::optional<quint64> number(const QByteArray& text)
{
    bool isNumber = false;
    const quint64 value = text.toULongLong(&isNumber);
    return isNumber ? std::optional(value) : std::nullopt;
}

} // namespace

StreamSession::StreamSession(
    const StreamSettings& settings, Carrier carrier, Tokens tokens, std::shared_ptr<qint64> total, Now now)
    : m_settings(settings)
    , m_carrier(carrier)
    , m_tokens(std::move(tokens))
    , m_total(std::move(total))
    , m_now(now)
    , m_heardAt(now)
{
}

StreamSession::~StreamSession()
{
    keep(-m_waitingBytes);
}

// The application's side

void StreamSession::send(const QByteArray& bytes, bool)
{
    if (m_isOver || m_closedAt)
        return;
    append({m_lastId + 1, StreamEvent::Kind::Message, bytes});
    const bool isCrowd = *m_total > m_settings.totalOutBytes && m_waiting.size() > 1;
    if (m_waitingBytes > m_settings.outBytes || isCrowd) {
        m_fault = Refusal::SlowReader;
        end();
    }
}

void StreamSession::close(quint16 code, const QByteArray& reason)
{
    if (m_isOver || m_closedAt)
        return;
    m_closedAt = m_now;
    append(StreamEvent::close(m_lastId + 1, code, reason));
    QMetaObject::invokeMethod(&m_context, [this] {
        if (const auto socket = handle.lock())
            socket->markClosed();
    }, Qt::QueuedConnection);
}

void StreamSession::hold(bool on)
{
    m_isHeld = on;
    if (!on && m_post && m_postWaitsForRoom)
        answerPost();
}

void StreamSession::append(const StreamEvent& event)
{
    m_lastId = event.id;
    m_waiting.push_back({event.id, event.encode()});
    keep(m_waiting.back().bytes.size());
    flushSoon();
}

void StreamSession::keep(qint64 bytes)
{
    m_waitingBytes += bytes;
    *m_total += bytes;
}

// Requests

/// Every request says which event it has; what came up to there is forgotten. False: it cannot have that.
bool StreamSession::confirm(const Request& request, Now now)
{
    const std::optional<quint64> last = number(parameter(request.query, "last"));
    if (!last || *last > m_lastId)
        return false;
    m_now = m_heardAt = now;
    m_confirmed = std::max(m_confirmed, *last);
    while (!m_waiting.empty() && m_waiting.front().id <= m_confirmed) {
        keep(-m_waiting.front().bytes.size());
        m_waiting.pop_front();
    }
    if (m_closedAt && m_waiting.empty())
        end(); // it has heard why
    return true;
}

void StreamSession::post(const Request& request, const Reply& reply, Now now)
{
    const std::optional<quint64> first = number(parameter(request.query, "n"));
    if (!first || *first == 0 || !confirm(request, now))
        return breakOff(reply, 400);
    if (*first > m_taken + 1)
        return breakOff(reply, 409);
    const auto messages = protocol::MessageBatch{request.body, parameter(request.query, "sizes")}.messages();
    if (!messages)
        return breakOff(reply, 400);
    if (m_post)
        answerPost(); // one that was given up

    const bool hadToAsk = !mayStream() && !messages->isEmpty();
    deliver(*messages, *first, !request.header("content-type").startsWith("text/"));
    m_post = Parked{reply, now + m_settings.answer};
    m_postWaitsForRoom = m_isHeld;
    if (!parameter(request.query, "bye").isEmpty())
        end();
    const bool mustWait = m_isHeld || (hadToAsk && !mayStream() && m_waiting.empty());
    if (m_isOver || m_closedAt || !mustWait)
        answerPost();
}

void StreamSession::deliver(const QList<QByteArray>& messages, quint64 first, bool binary)
{
    for (const QByteArray& message : messages) {
        const auto socket = handle.lock();
        if (!socket || m_isOver || m_closedAt)
            return;
        if (first++ <= m_taken) // it came before
            continue;
        ++m_taken;
        socket->deliver(message, binary);
    }
}

void StreamSession::poll(const Request& request, const Reply& reply, Now now)
{
    if (!confirm(request, now))
        return breakOff(reply, 400);
    dropReaders();
    m_poll = Parked{reply, now + m_settings.poll};
    if (m_isOver || !m_waiting.empty())
        answerPoll();
}

void StreamSession::stream(const Request& request, const Reply& reply, Now now)
{
    if (!confirm(request, now))
        return breakOff(reply, 400);
    Response response{200, "text/event-stream", {}, {{"X-Accel-Buffering", "no"}}};
    response.stream = [weak = weak_from_this()](const std::shared_ptr<Socket>& socket) {
        if (const auto self = weak.lock())
            self->opened(socket);
    };
    reply(response);
}

void StreamSession::opened(const std::shared_ptr<Socket>& stream)
{
    if (m_isOver)
        return stream->close();
    dropReaders();
    m_stream = stream;
    m_streamed = m_confirmed;
    m_spokenAt = m_now;
    QObject::connect(stream.get(), &Socket::closed, &m_context, [this, key = stream.get()] {
        if (m_stream.get() == key)
            m_stream.reset();
    });
    stream->send(protocol::streamBeat.toByteArray());
    speak();
}

/// There is one reader: whoever comes takes the place of the one before, which the client has given up or never knew of.
void StreamSession::dropReaders()
{
    if (m_poll)
        std::exchange(m_poll, {})->reply({200, "text/event-stream", {}, {}});
    if (const auto former = std::exchange(m_stream, nullptr))
        former->close();
}

void StreamSession::breakOff(const Reply& reply, int status)
{
    m_fault = Refusal::BadMessages;
    reply({status, {}, {}, {}});
    end();
}

// Answers

Response StreamSession::events() const
{
    Response response{200, "text/event-stream", {}, {}};
    for (const Waiting& event : m_waiting) {
        if (!response.body.isEmpty() && response.body.size() + event.bytes.size() > answerBytes)
            break;
        response.body += event.bytes;
    }
    return response;
}

/// A POST's answer carries events only to who has no other way to hear of them yet, and why the session ended.
Response StreamSession::postAnswer()
{
    const bool mustTell = m_closedAt || (!mayStream() && !m_waiting.empty());
    Response response = mustTell ? events() : Response{};
    response.headers = m_tokens(mayStream());
    return response;
}

void StreamSession::answerPost()
{
    if (!m_post)
        return;
    const Parked parked = *std::exchange(m_post, {});
    if (m_postWaitsForRoom && m_isHeld && !m_isOver && !m_closedAt)
        parked.reply({503, {}, {}, {{"Retry-After", "1"}}}); // it was taken; who sends it again is told so
    else
        parked.reply(postAnswer());
}

void StreamSession::answerPoll()
{
    std::exchange(m_poll, {})->reply(events());
}

/// What the application says in one go leaves in one go.
void StreamSession::flushSoon()
{
    if (!std::exchange(m_isFlushing, true))
        QMetaObject::invokeMethod(&m_context, [this] { flush(); }, Qt::QueuedConnection);
}

void StreamSession::flush()
{
    m_isFlushing = false;
    if (m_isOver || m_waiting.empty())
        return;
    if (m_stream)
        speak();
    else if (m_poll)
        answerPoll();
    if (m_post && (!m_postWaitsForRoom || m_closedAt))
        answerPost();
}

void StreamSession::speak()
{
    for (const Waiting& event : m_waiting) {
        if (event.id <= m_streamed)
            continue;
        m_streamed = event.id;
        m_spokenAt = m_now;
        m_stream->send(event.bytes);
    }
    if (m_closedAt)
        m_stream->close();
}

void StreamSession::tick(Now now)
{
    m_now = now;
    if (m_poll && now >= m_poll->until)
        answerPoll();
    if (m_post && now >= m_post->until)
        answerPost();
    if (m_stream && now - m_spokenAt >= m_settings.beat) {
        m_spokenAt = now;
        m_stream->send(protocol::streamBeat.toByteArray());
    }
    if (m_closedAt ? now - *m_closedAt >= m_settings.linger : now - m_heardAt >= m_settings.idle)
        end();
}

void StreamSession::end()
{
    if (std::exchange(m_isOver, true))
        return;
    if (m_poll)
        answerPoll();
    answerPost();
    if (const auto stream = std::exchange(m_stream, nullptr))
        stream->close();
    if (const auto socket = handle.lock())
        QMetaObject::invokeMethod(socket.get(), [socket] { socket->markClosed(); }, Qt::QueuedConnection);
    m_waiting.clear();
    keep(-m_waitingBytes);
}

} // namespace platen::http
