// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Activations.h"

#include "Log.h"

#include <base/Answer.h>
#include <channel/SealedEnvelope.h>
#include <crypto/Crypto.h>
#include <protocol/Cbor.h>
#include <protocol/ReadingCodec.h>

using namespace Qt::StringLiterals;

namespace platen::sessions {

using http::Response;

/// One run, from M1 until ten minutes after M4.
struct Activations::Run {
    crypto::ServerActivation activation;
    QString locator;
    protocol::AgentInfo info;
    bool isReal = false; ///< false: no such PIN, and nobody shall see that
    std::chrono::milliseconds endsAt{};
    bool isConfirming = false;
    QByteArray ta; ///< of the M3 that was right
    QByteArray answer; ///< M4
};

namespace {

constexpr std::chrono::minutes answerLife{10};
constexpr qsizetype nameBytes = 128;

Response refusal(int status, ErrorCode code, http::Fields headers = {})
{
    return {status, "application/cbor", protocol::encodeMap({{u"error"_s, nameOf(code)}}), std::move(headers)};
}

Response refusalFor(const Error& error)
{
    switch (error.code) {
    case ErrorCode::Conflict:
        return refusal(409, error.code);
    case ErrorCode::Expired:
        return refusal(410, error.code);
    case ErrorCode::NotAuthenticated:
        return refusal(401, error.code);
    case ErrorCode::Malformed:
    case ErrorCode::Unsupported:
    case ErrorCode::CryptoFailed:
        return refusal(400, error.code);
    case ErrorCode::LimitExceeded:
    case ErrorCode::StorageFailed:
        return refusal(503, error.code, {{"Retry-After", "30"}});
    default:
        return refusal(500, error.code);
    }
}

Response answerOf(const QByteArray& body) { return {200, "application/cbor", body, {{"Cache-Control", "no-store"}}}; }

/// What lists call the new agent until somebody names it.
QString displayName(const protocol::AgentInfo& info, const QByteArray& agentId)
{
    const QString given = protocol::cleaned(info.name, nameBytes).trimmed();
    return given.isEmpty() ? u"Agent %1"_s.arg(QString::fromLatin1(agentId.left(3).toHex())) : given;
}

} // namespace

Activations::Activations(store::PinStore& pins, store::Installation installation, Settings settings, const Clock& clock)
    : m_pins(pins)
    , m_installation(std::move(installation))
    , m_settings(std::move(settings))
    , m_clock(clock)
    , m_starts(clock, m_settings.startsPerMinute, std::chrono::minutes(1))
    , m_guesses(clock)
    , m_told(clock)
{
    m_pool.setMaxThreadCount(2);
}

Activations::~Activations() { m_pool.waitForDone(); }

void Activations::attach(http::Edge& edge)
{
    edge.route("POST", "/a/v2/activate",
        [this](http::Request request, http::Reply reply) { start(std::move(request)).then(std::move(reply)); });
    edge.route("POST", "/a/v2/activate/confirm",
        [this](http::Request request, http::Reply reply) { confirm(std::move(request)).then(std::move(reply)); });
}

/// Whoever has a right PIN meets this only while somebody else guesses from many addresses, or thousands come at once.
Response Activations::busy()
{
    if (const auto silent = m_told.now(u"busy"_s))
        qCWarning(lcSessions).noquote() << (m_guesses.isSpent() ? "too many wrong PINs a minute" : "too many activations at once")
                                        << u"from everywhere: nobody is activated for now"_s + andMore(*silent);
    return refusal(503, ErrorCode::LimitExceeded, {{"Retry-After", "60"}});
}

/// Curve and RSA arithmetic is kept off the event loop.
template <typename Work>
auto Activations::inThread(Work work) -> QCoro::Task<std::invoke_result_t<Work>>
{
    co_return co_await inPool(m_pool, &m_context, std::move(work));
}

QCoro::Task<Response> Activations::start(http::Request request)
{
    if (!m_starts.allow(request.peer)) {
        if (const auto silent = m_told.now(u"starts "_s + request.peer.toString()))
            qCWarning(lcSessions).noquote() << "too many activations from" << request.peer.toString() + andMore(*silent);
        co_return refusal(429, ErrorCode::TooManyAttempts, {{"Retry-After", "60"}});
    }
    forgetOld();
    if (m_runs.size() >= m_settings.runs || m_guesses.isSpent())
        co_return busy();
    auto message = protocol::ActivateStart::decode(request.body);
    if (!message)
        co_return refusal(400, message.error().code);
    auto info = protocol::AgentInfo::decode(message->info);
    if (!info)
        co_return refusal(400, info.error().code);
    co_return co_await begin(*std::move(message), *std::move(info));
}

QCoro::Task<Response> Activations::begin(protocol::ActivateStart start, protocol::AgentInfo info)
{
    const auto characters = co_await m_pins.start(start.locator, start.sid);
    if (!characters)
        co_return refusalFor(characters.error());
    const bool isReal = characters->has_value();
    const Secret password = isReal ? **characters : crypto::Pin::generate().characters;

    const Instant now = m_clock.now();
    auto begun = co_await inThread([password, start,
                                       self = crypto::ServerActivation::Self{m_installation.serverId,
                                           m_installation.commandKey.publicKey, toMs(now)},
                                       clock = &m_clock] {
        return crypto::ServerActivation::begin(
            password, {start.locator, start.sid, start.ya, start.rsaPublic, start.info}, self, *clock);
    });
    if (!begun)
        co_return refusalFor(begun.error());
    const crypto::ActivationReply reply = begun->reply();
    m_runs.insert(start.sid,
        std::make_shared<Run>(Run{*std::move(begun), start.locator, std::move(info), isReal,
            m_clock.monotonic() + crypto::activationLife, false, {}, {}}));
    co_return answerOf(
        protocol::ActivateStartReply{reply.yb, reply.serverId, reply.spk, fromMs(reply.serverTime)}.encode());
}

QCoro::Task<Response> Activations::confirm(http::Request request)
{
    forgetOld();
    const auto message = protocol::ActivateConfirm::decode(request.body);
    if (!message)
        co_return refusal(400, message.error().code);
    const auto run = m_runs.value(message->sid);
    if (!run)
        co_return refusal(410, ErrorCode::Expired);
    if (!run->answer.isEmpty()) // the agent did not get our answer, or died before it wrote it down
        co_return crypto::equal(run->ta, message->ta) ? answerOf(run->answer)
                                                      : refusal(401, ErrorCode::NotAuthenticated);
    if (run->isConfirming)
        co_return refusal(503, ErrorCode::Conflict, {{"Retry-After", "1"}});
    if (!m_guesses.take()) {
        m_runs.remove(message->sid);
        co_return busy();
    }
    run->isConfirming = true;
    Response response = co_await judge(run, *message);
    run->isConfirming = false;
    if (response.status == 200)
        m_guesses.giveBack();
    else
        m_runs.remove(message->sid);
    co_return response;
}

QCoro::Task<Response> Activations::judge(std::shared_ptr<Run> run, protocol::ActivateConfirm message)
{
    // The same steps whether the PIN exists, is right, or may not be tried: only their outcome is not used.
    const QString locator = run->isReal ? run->locator : QString();
    const auto charged = co_await m_pins.charge(locator);
    if (!charged)
        co_return refusalFor(charged.error());
    const QByteArray tag =
        run->isReal && *charged ? message.ta : crypto::randomBytes(static_cast<int>(message.ta.size()));
    auto confirmed = co_await inThread([run, tag] { return run->activation.confirm(tag); });
    if (confirmed) {
        run->ta = message.ta;
        co_return co_await welcome(run, *std::move(confirmed));
    }
    if (confirmed.error().code == ErrorCode::Expired)
        co_return refusalFor(confirmed.error());
    const auto burnt = co_await m_pins.failed(locator);
    if (!burnt)
        co_return refusalFor(burnt.error());
    if (*burnt)
        qCWarning(lcSessions).noquote() << "the PIN" << locator + u"-… was tried wrongly too often: it is burnt"_s;
    else if (const auto silent = *charged ? m_told.now(u"pin "_s + locator) : std::nullopt)
        qCWarning(lcSessions).noquote() << "a wrong PIN was tried for locator" << locator + andMore(*silent);
    co_return refusal(401, ErrorCode::NotAuthenticated);
}

QCoro::Task<Response> Activations::welcome(std::shared_ptr<Run> run, crypto::ServerActivation::Confirmed confirmed)
{
    store::NewAgent agent;
    agent.id = crypto::randomBytes(protocol::EnvelopeHeader::agentIdSize);
    agent.name = displayName(run->info, agent.id);
    agent.version = protocol::cleaned(run->info.version, nameBytes);
    agent.os = protocol::cleaned(run->info.osFamily, nameBytes);
    agent.root = confirmed.root;
    agent.pinLocator = run->locator;
    const Status stored = co_await m_pins.passed(agent);
    if (!stored)
        co_return stored.error().code == ErrorCode::NotFound ? refusal(401, ErrorCode::NotAuthenticated)
                                                             : refusalFor(stored.error());

    const protocol::ActivationBox box{agent.id, 1, agent.expiresAt, m_settings.tlsSpki, {}};
    run->answer = protocol::ActivateConfirmReply{confirmed.ct, confirmed.tb,
        channel::sealActivationBox(box, confirmed.root, m_clock.now())}
                      .encode();
    run->endsAt = m_clock.monotonic() + answerLife;
    qCInfo(lcSessions).noquote() << "agent" << agent.id.toHex() << "proved its PIN";
    co_return answerOf(run->answer);
}

void Activations::forgetOld()
{
    const auto now = m_clock.monotonic();
    m_runs.removeIf([&](auto entry) { return !entry.value()->isConfirming && entry.value()->endsAt <= now; });
}

} // namespace platen::sessions
