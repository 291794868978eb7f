// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Edge.h"
#include "StreamSession.h"

#include <QHash>

namespace platen::http {

/// The sessions of those whose way lets no WebSocket through (PROTOCOL §3.2), below one folder of the server's paths:
///   POST messages  without a token opens a session (`by=stream` or `by=poll`); with one brings messages: `n` the number of the
///                  first, `sizes` of all but the last, `last` the last event that came, `bye=1` that this is the end
///   GET stream, GET poll  `last` as above: events from there on, without end or in one answer that waits for some
/// Tokens travel as "Authorization: Bearer …" and come as Platen-Session (for POSTs) and Platen-Stream (for GETs); they are sealed
/// under a key that only this process has. Whoever is served by it sees Sockets and nothing of all this. Edge's thread.
class Streams : public QObject {
    Q_OBJECT

public:
    using Refused = std::function<void(Refusal why, const QHostAddress& peer)>;

    Streams(Edge::SocketHandler handler, const StreamSettings& settings, Refused refused);
    ~Streams() override;

    void post(const Request& request, const Reply& reply);
    void stream(const Request& request, const Reply& reply);
    void poll(const Request& request, const Reply& reply);

    int count() const { return static_cast<int>(m_sessions.size()); }
    void stop(); ///< closes all as a stopping server does, and opens no more

private:
    enum class Use : char { Messages = 'm', Events = 'e' };

    struct Entry {
        std::shared_ptr<StreamSession> session;
        QHostAddress peer;
    };

    void open(const Request& request, const Reply& reply);
    Fields tokens(const QByteArray& id, bool mayStream);
    QByteArray token(const QByteArray& id, Use use);
    std::shared_ptr<StreamSession> find(const Request& request, Use use, const Reply& reply);
    void tick();
    void forgetOver(const QByteArray& id);

    const Edge::SocketHandler m_handler;
    const StreamSettings m_settings;
    const Refused m_refused;
    Secret m_key;
    const std::shared_ptr<qint64> m_waiting = std::make_shared<qint64>(0); ///< bytes that sessions keep
    QHash<QByteArray, Entry> m_sessions;
    QHash<QByteArray, int> m_perSource;
    QTimer m_ticks;
    bool m_isStopping = false;
};

} // namespace platen::http
