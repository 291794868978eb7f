// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "HttpLine.h"

using namespace Qt::StringLiterals;

namespace platen::channel {

QNetworkRequest HttpLine::request(const QString& name, const QString& query, const QByteArray& token) const
{
    QUrl url = folder.resolved(QUrl(name));
    url.setQuery(u"last=%1"_s.arg(lastEvent) + query);
    QNetworkRequest made = requestFor(url, trust);
    made.setRawHeader("Authorization", "Bearer " + token);
    return made;
}

void HttpLine::watch(QNetworkReply* reply) const
{
    judgeReply(reply, trust, certificate, [reply, refuse = fail](const Error& why) {
        refuse(why);
        reply->abort(); // nothing is said to who is not trusted
    });
}

std::optional<int> HttpLine::statusOf(const QNetworkReply* reply)
{
    const QVariant status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute);
    if (!status.isValid())
        return std::nullopt;
    reach = std::max(reach, Reach::Server);
    return status.toInt();
}

std::optional<Error> HttpLine::ending(int status) const
{
    switch (status) {
    case 401: return Error{ErrorCode::NetworkFailed, u"%1 has forgotten this connection, which happens when it restarts."_s.arg(where)};
    case 400:
    case 409:
    case 413: return Error{ErrorCode::Malformed, u"%1 did not understand what was sent: HTTP status %2."_s.arg(where).arg(status)};
    case 301:
    case 302:
    case 307:
    case 308: return Error{ErrorCode::NetworkFailed, u"%1 sends us elsewhere (HTTP status %2): use its https address."_s.arg(where).arg(status)};
    default: break;
    }
    if (status == 408 || status == 429 || status >= 500)
        return std::nullopt;
    return Error{ErrorCode::NetworkFailed, u"%1 answered with HTTP status %2: check that it is a Platen server."_s.arg(where).arg(status)};
}

Error HttpLine::unreachable(const QNetworkReply* reply) const
{
    return {ErrorCode::NetworkFailed, u"%1 cannot be reached: %2."_s.arg(where, reply->errorString())};
}

} // namespace platen::channel
