// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "HttpRequest.h"

namespace platen::channel {

QNetworkRequest requestFor(const QUrl& url, const TlsTrust& trust)
{
    QNetworkRequest request(url);
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

void judgeReply(QNetworkReply* reply, const TlsTrust& trust, const SeenCertificate& seen,
    std::function<void(const Error& why)> refuse)
{
    const auto isJudged = std::make_shared<bool>(false);
    const auto judge = [=, refuse = std::move(refuse)](const QList<QSslError>& complaints) {
        *isJudged = true;
        const QSslCertificate leaf = reply->sslConfiguration().peerCertificate();
        if (!leaf.isNull())
            *seen = PeerCertificate::from(leaf, complaints.isEmpty() && !trust.isPinned());
        const Status fine = trust.judge(leaf, complaints);
        if (!fine)
            refuse(fine.error());
        else if (!complaints.isEmpty())
            reply->ignoreSslErrors();
    };
    QObject::connect(reply, &QNetworkReply::sslErrors, reply, judge);
    QObject::connect(reply, &QNetworkReply::encrypted, reply, [isJudged, judge] {
        if (!*isJudged)
            judge({});
    });
}

QString shownUrl(const QUrl& url)
{
    return url.toDisplayString(QUrl::RemoveQuery | QUrl::RemoveUserInfo);
}

} // namespace platen::channel
