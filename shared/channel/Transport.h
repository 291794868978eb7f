// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "TlsTrust.h"

#include <base/Error.h>

#include <QByteArray>
#include <QObject>
#include <QUrl>

#include <chrono>

namespace platen::channel {

/// How far a transport came: what the choice between them goes by.
enum class Reach {
    Nowhere, ///< no connection to the server: nobody is there, a proxy says no, or its certificate is refused
    Server,  ///< connected, but nothing has come through yet
    Through, ///< something came back by it
};

/// A way for whole messages between a client (agent or console) and the server, whatever carries them. Once opened() it
/// delivers in order and without gaps until closed(). One object, one connection: make a new one to try again.
class Transport : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    /// Starts to connect. opened() or closed() follows within the transport's own time limit; of one that is open already, opened()
    /// once more.
    virtual void open(const QUrl& url) = 0;

    /// Queues one message; only between opened() and closed(), otherwise nothing happens.
    virtual void send(const QByteArray& message) = 0;

    /// Ends it politely; closed() follows. Also while connecting.
    virtual void close() = 0;

    /// Queued and not yet taken by the system, in bytes: senders wait when it grows.
    virtual qint64 pendingBytes() const = 0;

    /// What carries it, for people: "WebSocket".
    virtual QString name() const = 0;

    /// Why it is this one and none better, for the server; empty when there is no better one.
    QString note() const { return m_note; }
    void setNote(const QString& note) { m_note = note; }

    /// Also after closed().
    virtual Reach reach() const { return Reach::Nowhere; }

    /// After closed(): how long the server asked to stay away, so that not everybody comes back at once; mostly nothing.
    std::chrono::seconds pause() const { return m_pause; }
    void setPause(std::chrono::seconds pause) { m_pause = pause; }

    /// What the server showed; also after it was refused. Nothing without TLS or before it got that far.
    virtual std::optional<PeerCertificate> certificate() const { return std::nullopt; }

signals:
    void opened();
    void received(QByteArray message);

    /// Once, whoever ended it. Cancelled: by our close(). PermissionDenied: the server does not want us (see refusedCloseCode).
    /// NetworkFailed, Timeout, CertificateRefused, Malformed, LimitExceeded: as they say.
    void closed(platen::Error why);

private:
    QString m_note;
    std::chrono::seconds m_pause{};
};

/// WebSocket close code by which the server says: not known, deactivated or expired; do not come back soon.
inline constexpr quint16 refusedCloseCode = 4403;
/// WebSocket close code by which the server says: the greeting or an envelope was not one.
inline constexpr quint16 malformedCloseCode = 4400;

} // namespace platen::channel
