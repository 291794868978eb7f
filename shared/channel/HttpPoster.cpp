// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "HttpPoster.h"

#include <QCoro/QCoroNetworkReply>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QPointer>
#include <QTimer>

using namespace Qt::StringLiterals;

namespace platen::channel {

namespace {

/// What happens to one reply while somebody waits for it.
class Exchange {
public:
    Exchange(QNetworkReply* r, TlsTrust t, HttpPoster::Limits l, std::optional<PeerCertificate>* seen)
        : reply(r)
        , trust(std::move(t))
        , limits(l)
        , certificate(seen)
    {
        QObject::connect(reply, &QNetworkReply::sslErrors, reply, [this](const QList<QSslError>& complaints) { judge(complaints); });
        QObject::connect(reply, &QNetworkReply::encrypted, reply, [this] {
            if (!isJudged)
                judge({});
        });
        QObject::connect(reply, &QNetworkReply::readyRead, reply, [this] { take(); });
        QTimer::singleShot(limits.time, reply, [this] {
            stop({ErrorCode::Timeout,
                u"%1 did not answer in time: check its address, and that a firewall lets it through."_s.arg(where())});
        });
    }

    void judge(const QList<QSslError>& complaints)
    {
        isJudged = true;
        const QSslCertificate leaf = reply->sslConfiguration().peerCertificate();
        if (!leaf.isNull())
            *certificate = PeerCertificate::from(leaf, complaints.isEmpty() && !trust.isPinned());
        const Status fine = trust.judge(leaf, complaints);
        if (!fine)
            stop(fine.error());
        else if (!complaints.isEmpty())
            reply->ignoreSslErrors();
    }

    void take()
    {
        if (failure)
            return;
        body += reply->read(limits.answerBytes + 1 - body.size());
        if (body.size() > limits.answerBytes)
            stop({ErrorCode::LimitExceeded, u"The answer of %1 is larger than %2 bytes."_s.arg(where()).arg(limits.answerBytes)});
    }

    void stop(const Error& why)
    {
        if (failure)
            return;
        failure = why;
        reply->abort();
    }

    QString where() const { return reply->url().toDisplayString(QUrl::RemoveQuery | QUrl::RemoveUserInfo); }

    Result<HttpPoster::Answer> outcome()
    {
        take();
        if (failure)
            return fail(*failure);
        const QVariant status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute);
        if (!status.isValid())
            return fail(ErrorCode::NetworkFailed, u"%1 cannot be reached: %2."_s.arg(where(), reply->errorString()));
        return HttpPoster::Answer{
            status.toInt(), reply->header(QNetworkRequest::ContentTypeHeader).toByteArray(), body, *certificate};
    }

    QNetworkReply* reply;
    const TlsTrust trust;
    const HttpPoster::Limits limits;
    std::optional<PeerCertificate>* certificate;
    QByteArray body;
    std::optional<Error> failure;
    bool isJudged = false;
};

QNetworkRequest requestFor(const QUrl& url, const QByteArray& contentType, const TlsTrust& trust)
{
    QNetworkRequest request(url);
    request.setHeader(QNetworkRequest::ContentTypeHeader, contentType);
    request.setRawHeader("Accept-Encoding", "identity"); // a small answer must not become a large one
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    request.setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    request.setSslConfiguration(trust.configuration());
    return request;
}

} // namespace

class HttpPoster::Private {
public:
    TlsTrust trust;
    Limits limits;
    QNetworkAccessManager network;
    std::optional<PeerCertificate> certificate; ///< a connection used again is not shown again
};

HttpPoster::HttpPoster(TlsTrust trust, QObject* parent)
    : HttpPoster(std::move(trust), Limits(), parent)
{
}

HttpPoster::HttpPoster(TlsTrust trust, Limits limits, QObject* parent)
    : QObject(parent)
    , d(std::make_unique<Private>())
{
    d->trust = std::move(trust);
    d->limits = limits;
}

HttpPoster::~HttpPoster() = default;

QCoro::Task<Result<HttpPoster::Answer>> HttpPoster::post(QUrl url, QByteArray contentType, QByteArray body)
{
    if (const Status allowed = d->trust.allows(url); !allowed)
        co_return fail(allowed.error());
    if (url.scheme() == "http"_L1)
        d->certificate.reset();

    QNetworkReply* reply = d->network.post(requestFor(url, contentType, d->trust), body);
    Exchange exchange(reply, d->trust, d->limits, &d->certificate);
    co_await reply;
    Result<Answer> outcome = exchange.outcome();
    reply->disconnect();
    reply->deleteLater();
    co_return outcome;
}

} // namespace platen::channel
