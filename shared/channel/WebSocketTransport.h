// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Proxy.h"
#include "Transport.h"

#include <chrono>
#include <memory>

namespace platen::channel {

/// Messages over one WebSocket (RFC 6455): agents send binary, consoles text.
class WebSocketTransport final : public Transport {
    Q_OBJECT

public:
    enum class Form { Binary, Text };

    struct Settings {
        Form form = Form::Binary;
        Proxy proxy;
        qint64 messageBytes = 1 << 20;               ///< larger ones from the server end the connection (consoles may want more)
        std::chrono::milliseconds openTime{20'000};  ///< for TCP, TLS and the upgrade together
        std::chrono::milliseconds pingEvery{30'000};
        std::chrono::milliseconds deadAfter{75'000}; ///< without a byte from the server; pings are answered, so this is silence
    };

    explicit WebSocketTransport(TlsTrust trust, QObject* parent = nullptr);
    WebSocketTransport(TlsTrust trust, Settings settings, QObject* parent = nullptr);
    ~WebSocketTransport() override;

    void open(const QUrl& url) override; ///< ws or wss
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
