// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Proxy.h"
#include "Transport.h"

#include <chrono>
#include <memory>

namespace platen::channel {

/// Messages where no WebSocket comes through (PROTOCOL §3.2): up by POST, down as server-sent events or by long polling. Both are
/// numbered, and what was not confirmed is said again: a request or an answer that is lost, doubled or late costs time and never a
/// message.
class HttpTransport final : public Transport {
    Q_OBJECT

public:
    enum class Downlink {
        Events, ///< one GET whose answer does not end
        Poll,   ///< one GET after the other, each answered when there is news
    };

    struct Settings {
        Downlink downlink = Downlink::Events;
        bool isText = false;                          ///< what kind the server is told that messages are
        Proxy proxy;
        qsizetype messageBytes = 1 << 20;             ///< larger ones from the server end the connection
        std::chrono::milliseconds openTime{20'000};   ///< for everything before opened()
        std::chrono::milliseconds firstEvent{10'000}; ///< a stream that is silent for so long is held back on its way
        std::chrono::milliseconds requestTime{40'000}; ///< without a byte a POST or poll is taken for lost, and repeated
        std::chrono::milliseconds beatEvery{25'000};  ///< beside a stream: POSTs that say that we are there
        std::chrono::milliseconds deadAfter{75'000};  ///< without an answer to a POST or a sign from the server
        std::chrono::milliseconds firstRetry{500};
        std::chrono::milliseconds lastRetry{8'000};
    };

    HttpTransport(TlsTrust trust, Settings settings, QObject* parent = nullptr);
    ~HttpTransport() override;

    void open(const QUrl& url) override; ///< the WebSocket's, ws or wss: the others lie beside it
    void send(const QByteArray& message) override;
    void close() override;
    qint64 pendingBytes() const override;
    QString name() const override;
    Reach reach() const override;
    std::optional<PeerCertificate> certificate() const override;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace platen::channel
