// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "TlsTrust.h"

#include <QNetworkReply>
#include <QNetworkRequest>

#include <functional>
#include <memory>

namespace platen::channel {

/// A request as all of ours are: judged by `trust`, no redirect followed, no cookie, no cache, no compression, HTTP/1.1.
QNetworkRequest requestFor(const QUrl& url, const TlsTrust& trust);

/// What the server showed on the last new connection; one that is used again is not shown again.
using SeenCertificate = std::shared_ptr<std::optional<PeerCertificate>>;

/// Judges the server's certificate before the request is sent. What it showed goes to `seen`; when it is refused,
/// `refuse` is called and has to abort the reply.
void judgeReply(QNetworkReply* reply, const TlsTrust& trust, const SeenCertificate& seen,
    std::function<void(const Error& why)> refuse);

/// For errors: the address without query, user and password.
QString shownUrl(const QUrl& url);

} // namespace platen::channel
