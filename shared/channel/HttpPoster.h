// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Proxy.h"
#include "TlsTrust.h"

#include <QCoro/QCoroTask>
#include <QObject>

#include <chrono>
#include <memory>

namespace platen::channel {

/// Posts bytes to the server and gets bytes back: activation. Follows no redirect, keeps no
/// cookie, no cache.
class HttpPoster : public QObject {
    Q_OBJECT

public:
    struct Limits {
        qint64 answerBytes = 1 << 20;
        std::chrono::milliseconds time{30'000}; ///< for the whole exchange
    };

    struct Answer {
        int status = 0; ///< whatever the server said, 200 or not
        QByteArray contentType;
        QByteArray body;
        std::optional<PeerCertificate> certificate; ///< nothing over http://
    };

    explicit HttpPoster(TlsTrust trust, QObject* parent = nullptr);
    HttpPoster(TlsTrust trust, Limits limits, Proxy proxy = {}, QObject* parent = nullptr);
    ~HttpPoster() override;

    /// One POST. Fails with what TlsTrust::allows says, NetworkFailed, Timeout, CertificateRefused or LimitExceeded; an HTTP
    /// error status is an Answer. The poster must outlive the task.
    QCoro::Task<Result<Answer>> post(QUrl url, QByteArray contentType, QByteArray body);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace platen::channel
