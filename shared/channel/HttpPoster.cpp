// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "HttpPoster.h"

#include "Ending.h"
#include "HttpRequest.h"

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
    Exchange(QNetworkReply* r, const TlsTrust& trust, HttpPoster::Limits l, SeenCertificate seen)
        : reply(r)
        , limits(l)
        , certificate(std::move(seen))
    {
        judgeReply(reply, trust, certificate, [this](const Error& why) { stop(why); });
        QObject::connect(reply, &QNetworkReply::readyRead, reply, [this] { take(); });
        QTimer::singleShot(limits.time, reply, [this] {
            stop(noAnswer(where()));
        });
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

    QString where() const { return shownUrl(reply->url()); }

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
    const HttpPoster::Limits limits;
    const SeenCertificate certificate;
    QByteArray body;
    std::optional<Error> failure;
};

} // namespace

class HttpPoster::Private {
public:
    TlsTrust trust;
    Limits limits;
    Proxy proxy;
    QNetworkAccessManager network;
    SeenCertificate certificate = std::make_shared<std::optional<PeerCertificate>>();
};

HttpPoster::HttpPoster(TlsTrust trust, QObject* parent)
    : HttpPoster(std::move(trust), Limits(), {}, parent)
{
}

HttpPoster::HttpPoster(TlsTrust trust, Limits limits, Proxy proxy, QObject* parent)
    : QObject(parent)
    , d(std::make_unique<Private>())
{
    d->trust = std::move(trust);
    d->limits = limits;
    d->proxy = std::move(proxy);
}

HttpPoster::~HttpPoster() = default;

QCoro::Task<Result<HttpPoster::Answer>> HttpPoster::post(QUrl url, QByteArray contentType, QByteArray body)
{
    if (const Status allowed = d->trust.allows(url); !allowed)
        co_return fail(allowed.error());
    if (url.scheme() == "http"_L1)
        d->certificate->reset();

    QNetworkRequest request = requestFor(url, d->trust);
    request.setHeader(QNetworkRequest::ContentTypeHeader, contentType);
    d->network.setProxy(d->proxy.forServer(url));
    QNetworkReply* reply = d->network.post(request, body);
    Exchange exchange(reply, d->trust, d->limits, d->certificate);
    co_await reply;
    Result<Answer> outcome = exchange.outcome();
    reply->disconnect();
    reply->deleteLater();
    co_return outcome;
}

} // namespace platen::channel
