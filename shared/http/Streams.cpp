// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Streams.h"

#include <base/Clock.h>
#include <crypto/Aead.h>
#include <crypto/Crypto.h>

namespace platen::http {

namespace {

constexpr int idBytes = 16;
constexpr QByteArrayView sealedFor = "PLT2 stream token";
constexpr QByteArrayView bearer = "Bearer ";

std::chrono::milliseconds monotonic() { return Clock::system().monotonic(); }

Response refusal(int status)
{
    Response response{status, {}, {}, {}};
    if (status == 503)
        response.headers = {{"Retry-After", "5"}};
    return response;
}

} // namespace

Streams::Streams(Edge::SocketHandler handler, const StreamSettings& settings, Refused refused)
    : m_handler(std::move(handler))
    , m_settings(settings)
    , m_refused(std::move(refused))
{
    using std::chrono::milliseconds;
    const auto shortest = std::min({settings.poll, settings.beat, settings.answer, settings.idle, settings.linger});
    m_ticks.setInterval(std::clamp<milliseconds>(shortest / 4, milliseconds(10), milliseconds(1000)));
    connect(&m_ticks, &QTimer::timeout, this, &Streams::tick);
}

Streams::~Streams() = default;

void Streams::post(const Request& request, const Reply& reply)
{
    if (request.header("authorization").isEmpty())
        return open(request, reply);
    if (const auto session = find(request, Use::Messages, reply))
        session->post(request, reply, monotonic());
}

void Streams::stream(const Request& request, const Reply& reply)
{
    if (const auto session = find(request, Use::Events, reply))
        session->stream(request, reply, monotonic());
}

void Streams::poll(const Request& request, const Reply& reply)
{
    if (const auto session = find(request, Use::Events, reply))
        session->poll(request, reply, monotonic());
}

void Streams::open(const Request& request, const Reply& reply)
{
    const QByteArray source = sourceOf(request.peer);
    const bool isFull = m_sessions.size() >= m_settings.sessions;
    if (m_isStopping || isFull || m_perSource.value(source) >= m_settings.sessionsPerAddress) {
        if (!m_isStopping)
            m_refused(isFull ? Refusal::TooManyConnections : Refusal::TooManyFromAddress, request.peer);
        return reply(refusal(503));
    }
    if (!request.body.isEmpty())
        return reply(refusal(400));
    const QByteArray id = crypto::randomBytes(idBytes);
    const Carrier carrier = request.query == "by=poll" ? Carrier::LongPoll : Carrier::EventStream;
    const auto session = std::make_shared<StreamSession>(
        m_settings, carrier, [this, id](bool mayStream) { return tokens(id, mayStream); }, m_waiting, monotonic());
    m_sessions.insert(id, {session, request.peer});
    ++m_perSource[source];
    m_ticks.start();
    const auto socket = std::make_shared<Socket>(session, request);
    session->handle = socket;
    m_handler(socket);
    reply(session->greeting());
}

Fields Streams::tokens(const QByteArray& id, bool mayStream)
{
    Fields fields{{"Platen-Session", token(id, Use::Messages)}};
    if (mayStream)
        fields.append({"Platen-Stream", token(id, Use::Events)});
    return fields;
}

/// The seal of id ‖ use ‖ end of its life (monotonic ms), so that nobody can make one or use one for the other.
QByteArray Streams::token(const QByteArray& id, Use use)
{
    if (m_key.isEmpty())
        m_key = crypto::randomSecret(crypto::aeadKeySize);
    const auto end = monotonic() + m_settings.tokenLife;
    const QByteArray plain = id + static_cast<char>(use) + crypto::bigEndian64(static_cast<quint64>(end.count()));
    return crypto::seal(m_key, plain, sealedFor).toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

/// The session that the request has a token of. Otherwise it is answered with 401, whatever is wrong.
std::shared_ptr<StreamSession> Streams::find(const Request& request, Use use, const Reply& reply)
{
    constexpr auto form = QByteArray::Base64UrlEncoding | QByteArray::AbortOnBase64DecodingErrors;
    const QByteArray given = request.header("authorization");
    const auto sealed = QByteArray::fromBase64Encoding(given.startsWith(bearer) ? given.sliced(bearer.size()) : QByteArray(), form);
    const auto plain = sealed && !m_key.isEmpty() ? crypto::open(m_key, *sealed, sealedFor) : Result<QByteArray>(QByteArray());
    const bool isWhole = plain && plain->size() == idBytes + 1 + 8 && plain->at(idBytes) == static_cast<char>(use);
    const bool isAlive = isWhole && plain->sliced(idBytes + 1) > crypto::bigEndian64(static_cast<quint64>(monotonic().count()));
    const auto session = isAlive ? m_sessions.value(plain->first(idBytes)).session : nullptr;
    if (session && !session->isOver())
        return session;
    reply(refusal(401));
    return nullptr;
}

void Streams::tick()
{
    const auto now = monotonic();
    const auto ids = m_sessions.keys();
    for (const QByteArray& id : ids) {
        m_sessions.value(id).session->tick(now);
        forgetOver(id);
    }
    if (m_sessions.isEmpty())
        m_ticks.stop();
}

void Streams::forgetOver(const QByteArray& id)
{
    const auto here = m_sessions.constFind(id);
    if (!here->session->isOver())
        return;
    if (const auto fault = here->session->fault())
        m_refused(*fault, here->peer);
    const QByteArray source = sourceOf(here->peer);
    if (--m_perSource[source] == 0)
        m_perSource.remove(source);
    m_sessions.erase(here);
}

void Streams::stop()
{
    m_isStopping = true;
    const QByteArray reason = retryHint(m_sessions.size());
    for (const Entry& entry : std::as_const(m_sessions))
        entry.session->close(serviceRestart, reason);
}

} // namespace platen::http
