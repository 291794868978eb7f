// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "WebSocketTransport.h"

#include <QPointer>
#include <QSslSocket>
#include <QTimer>
#include <QWebSocket>

using namespace Qt::StringLiterals;

namespace platen::channel {

class WebSocketTransport::Private {
public:
    Private(WebSocketTransport* transport, TlsTrust t, const Settings& s)
        : q(transport)
        , trust(std::move(t))
        , settings(s)
    {
        socket.setMaxAllowedIncomingMessageSize(static_cast<quint64>(settings.messageBytes));
        socket.setMaxAllowedIncomingFrameSize(static_cast<quint64>(settings.messageBytes));
        ping.setInterval(settings.pingEvery);
        silence.setSingleShot(true);
        connectSocket();
        connectTimers();
    }

    void connectSocket()
    {
        QObject::connect(&socket, &QWebSocket::sslErrors, q, [this](const QList<QSslError>& complaints) { judge(complaints); });
        QObject::connect(&socket, &QWebSocket::connected, q, [this] { begin(); });
        QObject::connect(&socket, &QWebSocket::binaryMessageReceived, q, [this](const QByteArray& message) {
            hear(Form::Binary, message);
        });
        QObject::connect(&socket, &QWebSocket::textMessageReceived, q, [this](const QString& message) {
            hear(Form::Text, message.toUtf8());
        });
        QObject::connect(&socket, &QWebSocket::pong, q, [this] { silence.start(settings.deadAfter); });
        QObject::connect(&socket, &QWebSocket::errorOccurred, q, [this] { finish(explainError()); });
        QObject::connect(&socket, &QWebSocket::disconnected, q, [this] { finish(explainClose()); });
    }

    void connectTimers()
    {
        QObject::connect(&ping, &QTimer::timeout, q, [this] { socket.ping(); });
        QObject::connect(&silence, &QTimer::timeout, q, [this] {
            finish({ErrorCode::Timeout,
                isOpen ? u"%1 has not answered for %2 seconds: the connection is taken for dead."_s.arg(where).arg(
                             std::chrono::ceil<std::chrono::seconds>(settings.deadAfter).count())
                       : u"%1 did not answer in time: check its address, and that a firewall lets it through."_s.arg(where)});
        });
    }

    void open(const QUrl& url)
    {
        where = url.toDisplayString(QUrl::RemoveQuery | QUrl::RemoveUserInfo);
        if (const Status allowed = trust.allows(url); !allowed) {
            const Error why = allowed.error();
            QMetaObject::invokeMethod(q, [this, why] { finish(why); }, Qt::QueuedConnection);
            return;
        }
        silence.start(settings.openTime);
        socket.setSslConfiguration(trust.configuration());
        socket.open(url);
        // QWebSocket does not tell what the server showed; the socket inside it does.
        tls = socket.findChild<QSslSocket*>();
        if (tls)
            QObject::connect(tls, &QSslSocket::encrypted, q, [this] { record(seenComplaints.isEmpty()); });
    }

    void judge(const QList<QSslError>& complaints)
    {
        seenComplaints = complaints;
        record(false);
        const Status fine = trust.judge(tls ? tls->peerCertificate() : QSslCertificate(), complaints);
        if (fine)
            socket.ignoreSslErrors();
        else
            finish(fine.error());
    }

    void record(bool hasNoComplaint)
    {
        if (tls && !tls->peerCertificate().isNull())
            certificate = PeerCertificate::from(tls->peerCertificate(), hasNoComplaint && !trust.isPinned());
    }

    void begin()
    {
        // What was judged before the first byte is judged once more, whatever path led here.
        if (tls) {
            const Status fine = trust.judge(tls->peerCertificate(), trust.isPinned() ? QList<QSslError>() : seenComplaints);
            if (!fine)
                return finish(fine.error());
        }
        isOpen = true;
        silence.start(settings.deadAfter);
        ping.start();
        emit q->opened();
    }

    void hear(Form form, const QByteArray& message)
    {
        if (!isOpen)
            return;
        silence.start(settings.deadAfter);
        if (form == settings.form)
            emit q->received(message);
        else
            finish({ErrorCode::Malformed, u"%1 sent a message of the wrong kind."_s.arg(where)});
    }

    Error explainError() const
    {
        if (isClosing)
            return closedByUs();
        if (socket.closeCode() == QWebSocketProtocol::CloseCodeTooMuchData)
            return explainClose();
        return {ErrorCode::NetworkFailed,
            isOpen ? u"The connection to %1 was lost: %2."_s.arg(where, socket.errorString())
                   : u"%1 cannot be reached: %2."_s.arg(where, socket.errorString())};
    }

    Error explainClose() const
    {
        if (isClosing)
            return closedByUs();
        const auto code = static_cast<quint16>(socket.closeCode());
        switch (code) {
        case refusedCloseCode:
            return {ErrorCode::PermissionDenied, u"%1 refuses this client: %2."_s.arg(where, reasonOr(u"not known there"_s))};
        case malformedCloseCode:
            return {ErrorCode::Malformed, u"%1 did not understand what was sent: %2."_s.arg(where, reasonOr(u"no reason given"_s))};
        case QWebSocketProtocol::CloseCodeTooMuchData:
            return {ErrorCode::LimitExceeded, u"A message on the connection to %1 was too large."_s.arg(where)};
        case QWebSocketProtocol::CloseCodeGoingAway:
            return {ErrorCode::NetworkFailed, u"%1 is stopping or restarting."_s.arg(where)};
        default:
            return {ErrorCode::NetworkFailed, u"%1 closed the connection: %2."_s.arg(where, reasonOr(u"code %1"_s.arg(code)))};
        }
    }

    /// The server's words, which nobody has checked.
    QString reasonOr(const QString& otherwise) const
    {
        QString reason = socket.closeReason().left(123);
        reason.removeIf([](QChar c) { return !c.isPrint(); });
        return reason.isEmpty() ? otherwise : reason;
    }

    void finish(const Error& why)
    {
        if (std::exchange(isFinished, true))
            return;
        isOpen = false;
        ping.stop();
        silence.stop();
        QMetaObject::invokeMethod(q, [this] { socket.abort(); }, Qt::QueuedConnection); // not from inside its own signals
        emit q->closed(why);
    }

    void close()
    {
        if (isFinished || isClosing)
            return;
        isClosing = true;
        if (isOpen)
            socket.close(QWebSocketProtocol::CloseCodeNormal);
        QMetaObject::invokeMethod(q, [this] { finish(closedByUs()); }, Qt::QueuedConnection);
    }

    Error closedByUs() const { return {ErrorCode::Cancelled, u"The connection to %1 was closed by us."_s.arg(where)}; }

    WebSocketTransport* q;
    const TlsTrust trust;
    const Settings settings;
    QWebSocket socket;
    QPointer<QSslSocket> tls; ///< the one inside `socket`; null over ws
    QTimer ping;
    QTimer silence; ///< until the connection is given up
    QString where;
    QList<QSslError> seenComplaints;
    std::optional<PeerCertificate> certificate;
    bool isOpen = false;
    bool isClosing = false;
    bool isFinished = false;
};

WebSocketTransport::WebSocketTransport(TlsTrust trust, QObject* parent)
    : WebSocketTransport(std::move(trust), Settings(), parent)
{
}

WebSocketTransport::WebSocketTransport(TlsTrust trust, Settings settings, QObject* parent)
    : Transport(parent)
    , d(std::make_unique<Private>(this, std::move(trust), settings))
{
}

WebSocketTransport::~WebSocketTransport()
{
    // QWebSocket's destructor still speaks, when half of Private is gone.
    d->socket.disconnect(this);
    if (d->tls)
        d->tls->disconnect(this);
}

void WebSocketTransport::open(const QUrl& url)
{
    d->open(url);
}

void WebSocketTransport::send(const QByteArray& message)
{
    if (!d->isOpen || d->isClosing)
        return;
    if (d->settings.form == Form::Text)
        d->socket.sendTextMessage(QString::fromUtf8(message));
    else
        d->socket.sendBinaryMessage(message);
}

void WebSocketTransport::close()
{
    d->close();
}

qint64 WebSocketTransport::pendingBytes() const
{
    return d->socket.bytesToWrite();
}

QString WebSocketTransport::name() const
{
    return u"WebSocket"_s;
}

std::optional<PeerCertificate> WebSocketTransport::certificate() const
{
    return d->certificate;
}

} // namespace platen::channel
