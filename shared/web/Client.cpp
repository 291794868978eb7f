// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Client.h"

#include <QCoro/QCoroNetworkReply>
#include <QNetworkProxy>
#include <QNetworkReply>
#include <QSslConfiguration>
#include <QSslSocket>
#include <QTimer>

using namespace Qt::StringLiterals;

namespace platen::web {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// What happens to one reply while somebody waits for it.
class Exchange {
public:
    Exchange(QNetworkReply* r, Limits l, const QTimer& hurry)
        : reply(r)
        , limits(l)
    {
        reply->setReadBufferSize(64 * 1024);
        QObject::connect(reply, &QNetworkReply::metaDataChanged, reply, [this] { judgeHead(); });
        QObject::connect(reply, &QNetworkReply::readyRead, reply, [this] { take(); });
        const auto giveUp = [this, r] {
            if (!r->isFinished()) // else this is gone already
                stop({ErrorCode::Timeout, u"%1 did not answer in time."_s.arg(where())});
        };
        QTimer::singleShot(limits.time, reply, giveUp);
        QObject::connect(&hurry, &QTimer::timeout, reply, giveUp);
    }

    Result<Answer> outcome()
    {
        take();
        if (failure)
            return fail(*failure);
        if (reply->error() == QNetworkReply::ConnectionRefusedError)
            return fail(ErrorCode::NotFound, u"Nobody listens at %1."_s.arg(where()));
        const QVariant status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute);
        if (!status.isValid())
            return fail(ErrorCode::NetworkFailed, u"%1 cannot be read: %2."_s.arg(where(), reply->errorString()));
        return Answer{status.toInt(), reply->header(QNetworkRequest::ContentTypeHeader).toByteArray(), body,
            reply->url(), reply->rawHeader("Location")};
    }

private:
    void judgeHead()
    {
        const QByteArray packing = reply->rawHeader("Content-Encoding").trimmed().toLower();
        if (!packing.isEmpty() && packing != "identity")
            stop({ErrorCode::Unsupported, u"%1 answers packed, which it was asked not to."_s.arg(where())});
        else if (reply->header(QNetworkRequest::ContentLengthHeader).toLongLong() > limits.answerBytes)
            stopLarge();
    }

    void take()
    {
        if (failure)
            return;
        body += reply->read(limits.answerBytes + 1 - body.size());
        if (body.size() > limits.answerBytes)
            stopLarge();
    }

    void stopLarge()
    {
        stop({ErrorCode::LimitExceeded,
            u"The answer of %1 is larger than %2 bytes."_s.arg(where()).arg(limits.answerBytes)});
    }

    void stop(const Error& why)
    {
        if (failure)
            return;
        failure = why;
        reply->abort();
    }

    QString where() const { return reply->url().toDisplayString(QUrl::RemoveQuery | QUrl::RemoveUserInfo); }

    QNetworkReply* reply;
    const Limits limits;
    QByteArray body;
    std::optional<Error> failure;
};

// Printers in use speak what OpenSSL has long turned off: old protocols, short keys, SHA-1, unsafe renegotiation.
const QSslConfiguration& lenientTls()
{
    static const QSslConfiguration configuration = [] {
        QSslConfiguration lenient = QSslConfiguration::defaultConfiguration();
        lenient.setProtocol(QSsl::AnyProtocol);
        lenient.setPeerVerifyMode(QSslSocket::VerifyNone);
        lenient.setBackendConfigurationOption("MinProtocol", QByteArray("TLSv1"));
        lenient.setBackendConfigurationOption("CipherString", QByteArray("DEFAULT:@SECLEVEL=0"));
        lenient.setSslOption(QSsl::SslOptionDisableLegacyRenegotiation, false);
        return lenient;
    }();
    return configuration;
}

QNetworkRequest requestFor(const QUrl& url)
{
    QNetworkRequest request(url);
    request.setRawHeader("Accept-Encoding", "identity"); // and so Qt unpacks nothing
    request.setRawHeader("Connection", "close");
    request.setRawHeader("User-Agent", "Platen/" PLATEN_VERSION);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    request.setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    request.setSslConfiguration(lenientTls());
    return request;
}

// Printers print what comes in on these ports, whoever announced them as something else.
Status checkPort(const QUrl& url)
{
    const int port = url.port();
    if (port != 515 && (port < 9100 || port > 9109))
        return {};
    return fail(ErrorCode::PermissionDenied, u"Nothing is ever sent to port %1 of a printer."_s.arg(port));
}

Error tooLate(const QUrl& url)
{
    return {ErrorCode::Timeout, u"%1 was not asked any more: there is no time left."_s.arg(url.toDisplayString())};
}

// Nothing when the answer sends us nowhere.
QUrl onwards(const Answer& answer)
{
    const bool isRedirect = answer.status >= 301 && answer.status <= 308 && answer.status != 304;
    return isRedirect && !answer.location.isEmpty() ? answer.url.resolved(QUrl::fromEncoded(answer.location)) : QUrl();
}

} // namespace

Client::Client()
{
    m_network.setProxy(QNetworkProxy::NoProxy);
    m_hurry.setSingleShot(true);
    QObject::connect(&m_hurry, &QTimer::timeout, &m_hurry, [this] { m_isOver = true; });
}

void Client::hurry(milliseconds time) { m_hurry.start(time); }

void Client::forgetHurry()
{
    m_hurry.stop();
    m_isOver = false;
}

milliseconds Client::within(milliseconds time) const
{
    if (m_isOver)
        return milliseconds::zero();
    return m_hurry.isActive() ? std::min(time, m_hurry.remainingTimeAsDuration()) : time;
}

QCoro::Task<Result<Answer>> Client::outcomeOf(QNetworkReply* reply, Limits limits)
{
    Exchange exchange(reply, limits, m_hurry);
    co_await reply;
    Result<Answer> outcome = exchange.outcome();
    reply->disconnect();
    reply->deleteLater();
    co_return outcome;
}

QCoro::Task<Result<Answer>> Client::get(QUrl url, Limits limits)
{
    if (const Status allowed = checkPort(url); !allowed)
        co_return fail(allowed.error());
    if (m_isOver)
        co_return fail(tooLate(url));
    const auto end = steady_clock::now() + limits.time;
    for (int hops = 0;; ++hops) {
        Result<Answer> answer = co_await outcomeOf(m_network.get(requestFor(url)), limits);
        const QUrl next = answer ? onwards(*answer) : QUrl();
        if (next.isEmpty())
            co_return answer;
        if (!isSameHost(url, next))
            co_return fail(ErrorCode::PermissionDenied,
                u"%1 sends on to another host, which is not followed."_s.arg(url.toDisplayString()));
        if (hops == limits.redirects)
            co_return fail(ErrorCode::LimitExceeded, u"%1 sends on and on."_s.arg(url.toDisplayString()));
        url = next;
        limits.time = std::max(milliseconds(1), std::chrono::duration_cast<milliseconds>(end - steady_clock::now()));
    }
}

QCoro::Task<Result<Answer>> Client::post(QUrl url, QByteArray contentType, QByteArray body, Limits limits)
{
    if (const Status allowed = checkPort(url); !allowed)
        co_return fail(allowed.error());
    if (m_isOver)
        co_return fail(tooLate(url));
    QNetworkRequest request = requestFor(url);
    request.setHeader(QNetworkRequest::ContentTypeHeader, contentType);
    co_return co_await outcomeOf(m_network.post(request, body), limits);
}

bool isSameHost(const QUrl& from, const QUrl& to)
{
    const auto schemePort = [](const QUrl& url) { return url.scheme() == "https"_L1 ? 443 : 80; };
    const bool isWeb = to.scheme() == "http"_L1 || to.scheme() == "https"_L1;
    const int port = to.port(schemePort(to));
    return to.isValid() && isWeb && to.host() == from.host() && to.userInfo().isEmpty()
        && (port == schemePort(to) || port == from.port(schemePort(from)));
}

} // namespace platen::web
