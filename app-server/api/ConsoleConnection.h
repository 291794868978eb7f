// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Feed.h"
#include "JsonRpc.h"

#include <base/Clock.h>
#include <server/access/Sessions.h>

#include <QQueue>

namespace platen::api {

class Catalogue;
class Dispatcher;

/// A console's WebSocket, or what stands in for it, as its connection sees it; tests stand in for it.
class Line {
public:
    virtual ~Line() = default;
    virtual void send(const QByteArray& text) = 0;
    virtual void close(quint16 code, const QByteArray& reason) = 0;
    virtual qint64 pendingBytes() const = 0; ///< sent and not yet taken by the other side
    virtual QHostAddress peer() const = 0;
};

/// How much one console may have.
struct ConsoleLimits {
    int callsInFlight = 50;
    int callsPerSecond = 50;
    int burst = 200; ///< calls at once after a pause
    int faults = 20; ///< messages that are no calls, then the connection is closed
    qint64 pendingBytes = 1 << 20; ///< answers wait while the console has not taken so much
    std::chrono::milliseconds signIn = std::chrono::minutes(5); ///< a connection nobody signed in on is closed
    Feed::Settings feed; ///< isCongested is set by the connection
};

/// Speaks JSON-RPC 2.0 with one console: who has signed in on this connection, its calls under way, what it is told.
/// Main thread; goes with the WebSocket, and the answers of calls under way with it.
class ConsoleConnection : public QObject {
    Q_OBJECT

public:
    struct Services {
        const Catalogue& catalogue;
        Dispatcher& dispatcher;
        const Changes& changes;
        Notices& notices;
        access::Sessions& sessions;
        const Clock& clock;
    };

    ConsoleConnection(std::unique_ptr<Line> line, Services services, ConsoleLimits limits, QObject* parent = nullptr);
    ~ConsoleConnection() override;

    /// What came from the console; anything at all.
    void receive(const QByteArray& message, bool isBinary);

private:
    void call(const jsonRpc::Request& request);
    void answer(const QJsonValue& id, const Answer& answer);
    void put(const QByteArray& message);
    void forget();
    void reject(const jsonRpc::Fault& fault);
    std::optional<CallError> refusal();
    void deliver();
    void close(quint16 code, const QByteArray& reason);
    void watchSignIn();

    std::unique_ptr<Line> m_line;
    Services m_services;
    ConsoleLimits m_limits;
    std::shared_ptr<Connection> m_connection; ///< shared with the calls under way
    Feed* m_feed;
    QQueue<QByteArray> m_answers; ///< waiting for the console to read
    QTimer m_deliverLater;
    QTimer m_signInWatch;
    int m_underWay = 0;
    int m_faults = 0;
    double m_credit; ///< calls that may come now
    std::chrono::milliseconds m_creditAt;
    bool m_isClosed = false;
    bool m_wasSignedOut = false; ///< when the watch looked last
};

} // namespace platen::api
