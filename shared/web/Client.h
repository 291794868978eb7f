// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>

#include <QByteArray>
#include <QCoro/QCoroTask>
#include <QNetworkAccessManager>
#include <QTimer>
#include <QUrl>

#include <chrono>
#include <optional>

namespace platen::web {

/// What one exchange may cost at most; beyond it the connection is cut.
struct Limits {
    qint64 answerBytes = 256 * 1024; ///< body as it comes over the wire: packed answers are refused, never unpacked
    std::chrono::milliseconds time{5'000}; ///< for the whole exchange, however slowly the bytes drip
    int redirects = 3; ///< to the same host; those to any other are refused
};

struct Answer {
    int status = 0; ///< whatever the device said, 200 or not
    QByteArray contentType;
    QByteArray body;
    QUrl url; ///< that answered, after redirects
    QByteArray location; ///< of a redirect that was not followed
};

/// Asks devices' own web servers, which are not trusted: no cookies, cache, proxy, scripts, packed answers or other hosts.
/// Any certificate will do, and any TLS from 1.0 on: what is read is not secret, and the other choice would be no TLS at all.
class Client {
public:
    Client();

    /// Fails with NetworkFailed, NotFound (nobody listens at that port), Timeout, LimitExceeded, Unsupported (a packed answer) or PermissionDenied (a redirect to another
    /// host; port 515 or 9100–9109, which printers print from). A status like 404 is an Answer. The client must outlive the task.
    QCoro::Task<Result<Answer>> get(QUrl url, Limits limits = {});
    /// As get(), but no redirect is followed.
    QCoro::Task<Result<Answer>> post(QUrl url, QByteArray contentType, QByteArray body, Limits limits = {});

    /// What is under way ends with Timeout after `time` at the latest, and so does whatever is asked before forgetHurry().
    void hurry(std::chrono::milliseconds time);
    void forgetHurry();
    /// `time`, or what the hurry leaves of it: never below zero.
    std::chrono::milliseconds within(std::chrono::milliseconds time) const;

private:
    QCoro::Task<Result<Answer>> outcomeOf(QNetworkReply* reply, Limits limits);

    QNetworkAccessManager m_network;
    QTimer m_hurry;
    bool m_isOver = false; ///< the hurry
};

/// Where a device may send us on to from `from`: the same host, over HTTP or HTTPS, on the port asked or the scheme's own.
bool isSameHost(const QUrl& from, const QUrl& to);

} // namespace platen::web
