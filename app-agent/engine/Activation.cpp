// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Activation.h"

#include "Log.h"

#include <channel/OutgoingQueue.h>
#include <channel/SealedEnvelope.h>
#include <channel/TransportChooser.h>
#include <crypto/Crypto.h>
#include <crypto/Rsa.h>

#include <QCoro/QCoroFuture>
#include <QCoro/QCoroSignal>
#include <QCoro/QCoroTimer>
#include <QFileInfo>
#include <QtConcurrent/QtConcurrentRun>

using namespace Qt::StringLiterals;

namespace platen::agent {

/// What one run keeps between its messages.
struct Activation::Exchange {
    Order order;
    channel::HttpPoster poster;
    std::optional<channel::PeerCertificate> certificate; ///< of the server, as seen; nothing over http
    Enrolment enrolment;

    Exchange(Order what, bool allowPlain, const channel::Proxy& proxy)
        : order(std::move(what))
        , poster(channel::TlsTrust::firstContact().withPlain(allowPlain), {}, proxy)
    {
    }
};

namespace {

constexpr std::chrono::seconds greetingTime{30};
constexpr int mostLost = 4;
constexpr std::chrono::seconds betweenTries{2};

/// M5 needs a link, and the link a queue; a new agent has nothing to send.
class EmptyQueue final : public channel::OutgoingQueue {
public:
    std::optional<channel::OutgoingEnvelope> nextAfter(quint64) override { return std::nullopt; }
    quint64 nextSeq() const override { return 1; }
    void acknowledged(quint64) override { }
};

Error refusal(int status, const QString& server)
{
    switch (status) {
    case 401:
    case 403:
        return {ErrorCode::NotAuthenticated,
            u"%1 does not accept this PIN: it is wrong, was used or has expired; ask for a new one"_s.arg(server)};
    case 410:
        return {ErrorCode::Expired, u"the activation took longer than the server waits: try again with the same PIN"_s};
    case 429:
        return {ErrorCode::TooManyAttempts,
            u"%1 had too many activations from this address: wait a minute and try again"_s.arg(server)};
    case 503:
        return {ErrorCode::LimitExceeded, u"%1 is too busy to activate an agent: try again in a minute"_s.arg(server)};
    case 404:
    case 405:
        return {ErrorCode::NotFound, u"there is no Platen server at %1: check the address and the port"_s.arg(server)};
    default:
        return {ErrorCode::NetworkFailed,
            u"%1 answered with HTTP status %2 instead of activating: check that it is a Platen server"_s.arg(server)
                .arg(status)};
    }
}

/// The error of a step, with the server named when its sentence does not.
std::unexpected<Error> about(const Error& error, const QString& server)
{
    if (error.detail.contains(server))
        return fail(error);
    return fail(error.code, u"cannot activate at %1: %2"_s.arg(server, error.detail));
}

QString osFamily()
{
#if defined(Q_OS_WIN)
    return u"windows"_s;
#elif defined(Q_OS_MACOS)
    return u"macos"_s;
#else
    return u"linux"_s;
#endif
}

template <typename Reply>
Result<Reply> replyFrom(const Result<channel::HttpPoster::Answer>& answer, const QString& server)
{
    if (!answer)
        return about(answer.error(), server);
    if (answer->status != 200)
        return fail(refusal(answer->status, server));
    Result<Reply> reply = Reply::decode(answer->body);
    if (!reply)
        return fail(ErrorCode::Malformed,
            u"what answers at %1 is no Platen server: check the address and the port"_s.arg(server));
    return reply;
}

} // namespace

Activation::Activation(DataFolder folder, const Settings& settings, const Clock& clock)
    : m_folder(std::move(folder))
    , m_allowPlainHttp(settings.allowPlainHttp)
    , m_proxy(settings.wayOut())
    , m_clock(clock)
{
}

QCoro::Task<Result<Enrolment>> Activation::run(Order order)
{
    const crypto::KeyFile keyFile = m_folder.keyFile();
    if (keyFile.exists())
        co_return fail(ErrorCode::Conflict,
            u"the agent in %1 is activated already: to activate it anew, stop it and run platen-agent deactivate first"_s.arg(
                m_folder.path));
    if (QFileInfo::exists(m_folder.state()))
        co_return fail(ErrorCode::Conflict,
            u"%1 holds the state of an earlier activation without its key: move that folder away first"_s.arg(m_folder.path));
    if (const Status allowed = channel::TlsTrust::firstContact().withPlain(m_allowPlainHttp).allows(order.server);
        !allowed)
        co_return fail(allowed.error());

    auto run = std::make_shared<Exchange>(std::move(order), m_allowPlainHttp, m_proxy);
    if (const Status done = co_await exchange(run); !done)
        co_return fail(done.error());
    if (const Status saved = keyFile.save(run->enrolment.encode()); !saved) { // on disk before M5 uses the PIN up
        (void)keyFile.destroy();
        co_return fail(saved.error());
    }
    const Status greeted = co_await greet(run->enrolment);
    if (!greeted && greeted.error().code == ErrorCode::Timeout) // the PIN may be used up: the key is all there is of it
        qCWarning(lcAgent).noquote() << greeted.error().detail;
    else if (!greeted) {
        if (const Status removed = keyFile.destroy(); !removed)
            qCWarning(lcAgent) << "could not remove the key of a failed activation:" << removed.error();
        co_return about(greeted.error(), run->order.server.toString());
    }
    co_return run->enrolment;
}

/// M1 to M4.
QCoro::Task<Status> Activation::exchange(std::shared_ptr<Exchange> exchange)
{
    const QString server = exchange->order.server.toString();
    const QByteArray info =
        protocol::AgentInfo{QStringLiteral(PLATEN_VERSION), osFamily(), exchange->order.name}.encode();
    const auto rsa = co_await QtConcurrent::run([] { return std::make_shared<crypto::RsaKey>(crypto::generateRsa()); });
    crypto::AgentActivation agent(exchange->order.pin, std::move(*rsa), info, m_clock);
    const crypto::ActivationStart& m1 = agent.start();

    const auto started = co_await exchange->poster.post(endpoint(exchange->order.server, u"/a/v2/activate"_s),
        "application/cbor", protocol::ActivateStart{2, m1.locator, m1.sid, m1.ya, m1.rsaPublic, m1.info}.encode());
    const auto m2 = replyFrom<protocol::ActivateStartReply>(started, server);
    if (!m2)
        co_return fail(m2.error());
    exchange->certificate = started->certificate;
    const Result<QByteArray> ta = agent.confirm({m2->yb, m2->serverId, m2->spk, toMs(m2->serverTime)});
    if (!ta)
        co_return about(ta.error(), server);

    const auto confirmed = co_await confirm(exchange, protocol::ActivateConfirm{m1.sid, *ta}.encode());
    const auto m4 = replyFrom<protocol::ActivateConfirmReply>(confirmed, server);
    if (!m4)
        co_return fail(m4.error());
    const Result<Secret> root = agent.finish(m4->ct, m4->tb);
    if (!root)
        co_return fail(root.error().code,
            u"%1 could not prove that it knows the PIN: somebody may sit between; try again from another network"_s.arg(
                server));
    const auto box = channel::openActivationBox(m4->box, *root);
    if (!box)
        co_return about(box.error(), server);
    exchange->enrolment = {box->agentId, box->epoch, *root, m2->serverId, m2->spk, {}, exchange->order.server,
        box->expiresAt, exchange->order.name};
    if (confirmed->certificate != exchange->certificate)
        co_return fail(ErrorCode::CertificateRefused,
            u"%1 changed its certificate during the activation: try again"_s.arg(server));
    co_return judgeCertificate(*exchange, *box, exchange->enrolment);
}

/// M3; again when its answer was lost on the way: the server keeps the answer to this very message.
QCoro::Task<Result<channel::HttpPoster::Answer>> Activation::confirm(std::shared_ptr<Exchange> exchange, QByteArray m3)
{
    const QUrl url = endpoint(exchange->order.server, u"/a/v2/activate/confirm"_s);
    for (int lost = 0;; ++lost) {
        auto answer = co_await exchange->poster.post(url, "application/cbor", m3);
        const bool isLost = answer ? answer->status == 502 || answer->status == 504
                                   : answer.error().code == ErrorCode::NetworkFailed || answer.error().code == ErrorCode::Timeout;
        if (!isLost || lost == mostLost)
            co_return answer;
        co_await QCoro::sleepFor(betweenTries);
    }
}

/// The PIN proved the server; is the certificate we saw its own, or at least one that a public authority vouches for (a proxy)?
Status Activation::judgeCertificate(
    const Exchange& exchange, const protocol::ActivationBox& box, Enrolment& enrolment) const
{
    if (!exchange.certificate || exchange.certificate->isPubliclyTrusted)
        return {};
    if (exchange.certificate->spkiSha256 != box.tlsSpki)
        return fail(ErrorCode::CertificateRefused,
            u"the certificate at %1 (%2) is not that of the server: something between opens the encrypted connection"_s
                .arg(exchange.order.server.toString(), channel::fingerprintText(exchange.certificate->fingerprint)));
    enrolment.tlsPin = box.tlsSpki;
    return {};
}

/// M5: the first HELLO. When the link is connected the server has answered it under the new key. Fails with PermissionDenied (refused),
/// NetworkFailed (HELLO was never said, the PIN is unused) or Timeout (said; whether the server heard it nobody knows).
QCoro::Task<Status> Activation::greet(Enrolment enrolment)
{
    using Link = channel::AgentLink;
    EmptyQueue queue;
    Link::Settings settings;
    settings.url = endpoint(enrolment.server, u"/a/v2/socket"_s, true);
    settings.bootId = crypto::randomBytes(16);
    const channel::TlsTrust trust = enrolment.trust(m_allowPlainHttp);
    bool isSaid = false;
    channel::SingleKey key(enrolment.identity());
    channel::TransportChooser transports(channel::TransportChooser::usual(trust, m_proxy, false), m_clock);
    Link link(key, settings, queue, [&transports, url = settings.url] { return transports.next(url); });
    QObject::connect(&link, &Link::stateChanged, &link,
        [&isSaid](Link::State state) { isSaid = isSaid || state == Link::State::Greeting; });

    link.start();
    QString reason = u"it does not answer"_s;
    while (const auto changed = co_await qCoro(&link, &Link::stateChanged, std::chrono::milliseconds(greetingTime))) {
        const auto& [state, why] = *changed;
        if (state == Link::State::Connected) {
            link.stop();
            co_return Status();
        }
        reason = why;
        const bool hasOtherWay = !isSaid && transports.ladder().next() != channel::TransportKind::WebSocket;
        if (state == Link::State::Hibernating || (state == Link::State::Waiting && !hasOtherWay))
            break;
    }
    const bool isRefused = link.state() == Link::State::Hibernating;
    link.stop();
    if (isSaid && !isRefused)
        co_return fail(ErrorCode::Timeout,
            u"the server did not answer the first greeting (%1); the agent greets it again when it runs: if it is "
            u"refused then, "
            "move its folder away and activate with a new PIN"_s.arg(reason));
    co_return fail(isRefused ? ErrorCode::PermissionDenied : ErrorCode::NetworkFailed,
        u"the server gave a key but then no connection (%1): try again with the same PIN"_s.arg(reason));
}

} // namespace platen::agent
