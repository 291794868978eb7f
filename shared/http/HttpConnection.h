// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "HeadCheck.h"
#include "StreamConnection.h"

#include <boost/beast/http/span_body.hpp>

#include <string_view>

namespace platen::http {

using Parser = beast::http::request_parser<beast::http::string_body>;

/// How far a request came: fine, refused with a status, or the peer is gone.
struct Progress {
    enum class Kind { Fine, Refused, Gone };

    Kind kind = Kind::Fine;
    int status = 0;
    std::optional<Refusal> why; ///< counted

    static Progress refused(int status, std::optional<Refusal> why = {}) { return {Kind::Refused, status, why}; }
    static Progress gone(std::optional<Refusal> why = {}) { return {Kind::Gone, 0, why}; }
    bool isFine() const { return kind == Kind::Fine; }
};

/// What every request must have besides being parsable; fills in what the route search and the handler need.
Progress examine(const Parser::value_type& head, const Limits& limits, Request* request);

/// Checks what RFC 6455 §4.2.1 demands of an opening handshake and Beast takes lightly.
Progress examineUpgrade(const Parser::value_type& head);

/// Bytes of a request's body on their way to the application, counted as long as this lives.
class Load {
public:
    explicit Load(Doorkeeper& doorkeeper) : m_doorkeeper(doorkeeper) {}
    Load(const Load&) = delete;
    Load& operator=(const Load&) = delete;
    ~Load() { set(0); }

    void set(qint64 bytes)
    {
        m_doorkeeper.inBytes += bytes - m_bytes;
        m_bytes = bytes;
    }

private:
    Doorkeeper& m_doorkeeper;
    qint64 m_bytes = 0;
};

/// A connection from its handshake until it ends or becomes a WebSocket.
class HttpConnection final : public Peer, public std::enable_shared_from_this<HttpConnection> {
public:
    HttpConnection(TcpSocket socket, IoThread& io, std::shared_ptr<const Endpoint> endpoint,
        std::unique_ptr<Doorkeeper::Place> place, QHostAddress peer)
        : m_io(io)
        , m_endpoint(std::move(endpoint))
        , m_place(std::move(place))
        , m_peer(std::move(peer))
        , m_stream(std::make_unique<Stream>(std::move(socket), m_endpoint->tls))
        , m_in(static_cast<size_t>(limits().headBytes) + 64 * 1024)
        , m_answerTimer(io.context.get_executor())
        , m_deadline(io.context.get_executor(), [this] { cut(); })
    {
    }

    /// `self` keeps it alive until the end; the coroutine starts on its own thread, after the caller has let go.
    Awaitable<> run(std::shared_ptr<HttpConnection> self)
    {
        const Enrolment enrolment(m_io, self.get());
        m_deadline.within(limits().tlsHandshake);
        const bool isUp = co_await m_stream->handshake();
        m_deadline.clear();
        if (!isUp)
            doorkeeper().refused(Refusal::TlsHandshake, m_peer);
        // Not in the loop's condition: GCC 14 awaits behind a false && there.
        for (bool keep = isUp; keep && !m_isCut && !m_io.isDraining;)
            keep = co_await serve();
        if (m_stream) {
            m_stream->finish();
            m_stream->abort();
        }
    }

    void drain() override
    {
        if (m_isIdle)
            cut();
    }

    void cut() override
    {
        m_isCut = true;
        m_answerTimer.cancel();
        if (m_stream)
            m_stream->abort();
    }

private:
    const Limits& limits() const { return m_endpoint->limits; }
    Doorkeeper& doorkeeper() const { return *m_endpoint->doorkeeper; }

    /// One request from its first byte to its answer. False: the connection is over.
    Awaitable<bool> serve()
    {
        const auto parser = std::make_unique<Parser>();
        Load load(doorkeeper());
        Request request;
        request.peer = m_peer;
        request.encrypted = m_stream->isEncrypted();
        int route = -1;
        bool isUpgrade = false;

        Progress progress = co_await readHead(*parser);
        if (progress.isFine())
            progress = examine(parser->get(), limits(), &request);
        if (progress.isFine() && m_endpoint->redirectPort != 0)
            co_return co_await sendOn(parser->get());
        if (progress.isFine())
            progress = findRoute(parser->get(), request, &route, &isUpgrade);
        if (progress.isFine() && isUpgrade)
            co_return becomeSocket(*parser, route, std::move(request));
        if (progress.isFine())
            progress = co_await readBody(*parser, load);
        m_deadline.clear();

        const bool isFine = progress.isFine();
        const bool keep = isFine && parser->keep_alive();
        Response response;
        if (isFine) {
            request.body = QByteArray::fromStdString(std::exchange(parser->get().body(), {}));
            response = co_await ask(route, std::move(request));
            if (response.stream)
                co_return co_await becomeStream(std::move(response));
        } else {
            if (progress.why)
                doorkeeper().refused(*progress.why, m_peer);
            if (progress.kind == Progress::Kind::Gone)
                co_return false;
            response = refusal(progress.status);
        }
        const bool isWritten = co_await write(response, keep);
        if (isWritten && !isFine)
            co_await linger(*m_stream, m_deadline);
        co_return isWritten && keep;
    }

    Awaitable<Progress> readHead(Parser& parser)
    {
        const auto most = static_cast<size_t>(limits().headBytes);
        m_deadline.within(limits().head);
        HeadScan scan;
        for (size_t seen = 0;;) {
            const std::string_view there(static_cast<const char*>(m_in.data().data()), std::min(m_in.size(), most));
            scan = scanHead(there, seen);
            if (scan.state == HeadScan::State::Broken)
                co_return Progress::refused(400, Refusal::BadHead);
            if (scan.state == HeadScan::State::Complete)
                break;
            if (there.size() == most)
                co_return Progress::refused(431, Refusal::HeadTooLarge);
            seen = there.size();
            m_isIdle = there.empty();
            const auto [failure, size] = co_await m_stream->async_read_some(m_in.prepare(4096), outcome);
            m_isIdle = false;
            if (failure)
                co_return m_deadline.hasExpired() && seen > 0 ? Progress::gone(Refusal::TooSlow) : Progress::gone();
            m_in.commit(size);
        }
        co_return parseHead(parser, scan.length);
    }

    Progress parseHead(Parser& parser, size_t length)
    {
        parser.header_limit(static_cast<std::uint32_t>(limits().headBytes) + 1024);
        parser.body_limit(static_cast<std::uint64_t>(limits().bodyBytes));
        Failure failure;
        const size_t used = parser.put(asio::buffer(m_in.data().data(), length), failure);
        m_in.consume(used);
        if (failure == beast::http::error::body_limit)
            return Progress::refused(413, Refusal::BodyTooLarge);
        if (failure || !parser.is_header_done())
            return Progress::refused(400, Refusal::BadHead);
        return {};
    }

    Progress findRoute(const Parser::value_type& head, const Request& request, int* route, bool* isUpgrade)
    {
        *isUpgrade = websocket::is_upgrade(head);
        const Routes::Match match = m_endpoint->routes.find(request.method, request.path, *isUpgrade);
        if (match.route < 0)
            return Progress::refused(match.status);
        *route = match.route;
        if (!*isUpgrade)
            return {};
        if (m_in.size() > 0) // no frame may come before our 101
            return Progress::refused(400, Refusal::BadUpgrade);
        return examineUpgrade(head);
    }

    /// Reads until the body is whole. In each stretch of bodyGrace, bodyBytesPerSecond must come on average: otherwise one that
    /// sent much could rest on it.
    Awaitable<Progress> readBody(Parser& parser, Load& load)
    {
        if (beast::iequals(parser.get()[beast::http::field::expect], "100-continue") && !parser.is_done()) {
            static constexpr std::string_view goOn = "HTTP/1.1 100 Continue\r\n\r\n";
            if (const auto [failure, size] = co_await asio::async_write(*m_stream, asio::buffer(goOn), outcome); failure)
                co_return Progress::gone();
        }
        const auto stretch = static_cast<size_t>(limits().bodyBytesPerSecond * limits().bodyGrace.count() / 1000);
        m_deadline.within(limits().bodyGrace);
        size_t due = stretch;
        parser.eager(true);
        while (!parser.is_done()) {
            const auto [failure, size] = co_await beast::http::async_read_some(*m_stream, m_in, parser, outcome);
            const size_t received = parser.get().body().size();
            load.set(static_cast<qint64>(received));
            if (failure)
                co_return bodyFailure(failure);
            if (doorkeeper().inBytes > limits().totalInBytes)
                co_return Progress::refused(503, Refusal::Overloaded);
            if (received >= due) {
                due = received + stretch;
                m_deadline.within(limits().bodyGrace);
            }
        }
        co_return Progress();
    }

    Progress bodyFailure(const Failure& failure) const
    {
        if (m_deadline.hasExpired())
            return Progress::gone(Refusal::TooSlow);
        if (failure == beast::http::error::body_limit)
            return Progress::refused(413, Refusal::BodyTooLarge);
        const bool isCutShort = failure == beast::http::error::partial_message || failure == beast::http::error::end_of_stream;
        const bool isParser = failure.category() == beast::http::make_error_code(beast::http::error::bad_chunk).category();
        return isParser && !isCutShort ? Progress::refused(400, Refusal::BadBody) : Progress::gone(Refusal::BadBody);
    }

    /// Waits here while the application finds the answer.
    Awaitable<Response> ask(int route, Request request)
    {
        Doorkeeper& books = doorkeeper();
        const int weight = m_endpoint->routes.at(route).isPatient ? 0 : 1;
        if (weight > 0 && books.requestsWaiting >= limits().requestsWaiting) {
            books.refused(Refusal::Overloaded, m_peer);
            co_return refusal(503);
        }
        books.requestsWaiting += weight;
        ++books.counters.requests;
        m_answer.reset();
        m_answerTimer.expires_after(limits().answer);
        m_endpoint->listener.requested(route, std::move(request), makeReply(++m_question));
        co_await m_answerTimer.async_wait(outcome);
        books.requestsWaiting -= weight;
        ++m_question; // what comes now comes too late
        if (!m_answer && !m_isCut)
            books.refused(Refusal::Overloaded, m_peer);
        co_return m_answer ? *std::exchange(m_answer, {}) : refusal(503);
    }

    Reply makeReply(quint64 question)
    {
        const auto isAnswered = std::make_shared<std::atomic<bool>>(false);
        return [isAnswered, question, io = m_io.weak_from_this(), self = this->weak_from_this()](Response response) {
            if (isAnswered->exchange(true))
                return;
            if (const auto thread = io.lock())
                asio::post(thread->context, [self, question, response = std::move(response)]() mutable {
                    if (const auto open = self.lock())
                        open->answer(question, std::move(response));
                });
        };
    }

    void answer(quint64 question, Response response)
    {
        if (question != m_question)
            return;
        m_answer = std::move(response);
        m_answerTimer.cancel();
    }

    static Response refusal(int status)
    {
        Response response{status, "text/plain; charset=utf-8", {}, {}};
        const auto reason = beast::http::obsolete_reason(beast::http::int_to_status(static_cast<unsigned>(status)));
        response.body = QByteArray(reason.data(), static_cast<qsizetype>(reason.size())) + '\n';
        if (status == 426)
            response.headers = {{"Upgrade", "websocket"}, {"Sec-WebSocket-Version", "13"}};
        if (status == 503)
            response.headers = {{"Retry-After", "5"}};
        return response;
    }

    /// RFC 9110 §15.4.9: the same request, to https. What else it carries is not read.
    Awaitable<bool> sendOn(const Parser::value_type& head)
    {
        const std::string location = httpsLocation(head[beast::http::field::host], head.target(), m_endpoint->redirectPort);
        Response response = refusal(location.empty() ? 400 : 308);
        if (!location.empty())
            response.headers.append({"Location", QByteArray::fromStdString(location)});
        if (co_await write(response, false))
            co_await linger(*m_stream, m_deadline);
        co_return false;
    }

    Awaitable<bool> write(const Response& response, bool keep)
    {
        namespace bh = beast::http;
        bh::response<bh::span_body<const char>> message;
        message.result(static_cast<unsigned>(response.status));
        message.version(11);
        message.keep_alive(keep && !m_io.isDraining);
        addFields(message, response);
        message.body() = {response.body.constData(), static_cast<size_t>(response.body.size())};
        message.prepare_payload();
        m_deadline.within(limits().timeToSend(response.body.size()));
        const auto [failure, size] = co_await bh::async_write(*m_stream, message, outcome);
        if (failure && m_deadline.hasExpired())
            doorkeeper().refused(Refusal::SlowReader, m_peer);
        m_deadline.clear();
        co_return !failure;
    }

    void addFields(beast::http::fields& fields, const Response& response) const
    {
        using beast::http::field;
        if (m_stream->isEncrypted())
            fields.set("Strict-Transport-Security", "max-age=31536000"); // RFC 6797
        fields.set(field::cache_control, "no-store");
        fields.set("X-Content-Type-Options", "nosniff");
        fields.set("X-Frame-Options", "DENY");
        fields.set("Referrer-Policy", "no-referrer");
        fields.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        if (!response.contentType.isEmpty())
            fields.set(field::content_type, std::string_view(response.contentType));
        for (const auto& [name, value] : response.headers) {
            const auto breaks = [](const QByteArray& text) { return text.contains('\r') || text.contains('\n'); };
            if (!name.isEmpty() && !breaks(name) && !breaks(value))
                fields.set(std::string_view(name), std::string_view(value));
        }
    }

    /// The head of an answer whose body goes on until the connection ends (RFC 9112 §6.3), with the same place; this object ends.
    Awaitable<bool> becomeStream(Response response)
    {
        namespace bh = beast::http;
        bh::response<bh::empty_body> message;
        message.result(static_cast<unsigned>(response.status));
        message.version(11);
        message.keep_alive(false);
        addFields(message, response);
        bh::response_serializer<bh::empty_body> serializer(message);
        m_deadline.within(limits().send);
        const auto [failure, size] = co_await bh::async_write_header(*m_stream, serializer, outcome);
        m_deadline.clear();
        if (failure || m_isCut || m_io.isDraining)
            co_return false;
        Request request;
        request.peer = m_peer;
        request.encrypted = m_stream->isEncrypted();
        const auto stream = std::make_shared<StreamConnection>(std::move(*m_stream), m_io, m_endpoint, std::move(m_place));
        m_stream.reset();
        asio::co_spawn(
            m_io.context, stream->run(stream, std::move(response.stream), std::move(request)), asio::detached);
        co_return false;
    }

    /// The stream goes on as a WebSocket, with the same place; this object ends.
    bool becomeSocket(Parser& parser, int route, Request request)
    {
        m_deadline.clear();
        const auto socket = std::make_shared<SocketConnection>(
            std::move(*m_stream), m_io, m_endpoint, std::move(m_place));
        m_stream.reset();
        asio::co_spawn(m_io.context, socket->run(socket, route, parser.release(), std::move(request)), asio::detached);
        return false;
    }

    IoThread& m_io;
    const std::shared_ptr<const Endpoint> m_endpoint;
    std::unique_ptr<Doorkeeper::Place> m_place;
    const QHostAddress m_peer;
    std::unique_ptr<Stream> m_stream; ///< null once it is a WebSocket
    beast::flat_buffer m_in;
    Timer m_answerTimer;
    Deadline m_deadline;
    std::optional<Response> m_answer;
    quint64 m_question = 0;
    bool m_isIdle = false; ///< between two requests
    bool m_isCut = false;
};

} // namespace platen::http
