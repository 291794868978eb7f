// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "WebSocketTransport.h"

#include "Ending.h"
#include "HttpRequest.h"

#include <QPointer>
#include <QSslSocket>
#include <QTimer>
#include <QWebSocket>

#ifdef Q_OS_LINUX
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#endif

using namespace Qt::StringLiterals;

namespace platen::channel {

namespace {

/// What comes during the handshakes is acknowledged by what is sent next, and not by packets of its own: 66 bytes each.
void acknowledgeWithAnswers([[maybe_unused]] qintptr socket)
{
#ifdef Q_OS_LINUX
    const int off = 0;
    if (socket >= 0)
        ::setsockopt(static_cast<int>(socket), IPPROTO_TCP, TCP_QUICKACK, &off, sizeof off);
#endif
}

/// Qt's words without the name of a function of its own and a second full stop.
QString wordsOf(const QWebSocket& socket)
{
    QString words = socket.errorString();
    words.remove("QWebSocketPrivate::processHandshake: "_L1);
    if (words.endsWith(u'.'))
        words.chop(1);
    return words;
}

} // namespace

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
        QObject::connect(&socket, &QWebSocket::pong, q, [this] { noteLife(); });
        QObject::connect(&socket, &QWebSocket::proxyAuthenticationRequired, q, [this] { isProxyAsking = true; });
        QObject::connect(&socket, &QWebSocket::errorOccurred, q, [this] { finish(explainError()); });
        QObject::connect(&socket, &QWebSocket::disconnected, q, [this] { finish(explainClose()); });
    }

    void connectTimers()
    {
        QObject::connect(&ping, &QTimer::timeout, q, [this] { socket.ping(); });
        QObject::connect(&silence, &QTimer::timeout, q, [this] {
            finish(isOpen ? gone(where, settings.deadAfter) : noAnswer(where));
        });
    }

    void open(const QUrl& url)
    {
        if (isOpen)
            return static_cast<void>(QMetaObject::invokeMethod(q, &Transport::opened, Qt::QueuedConnection));
        where = shownUrl(url);
        if (const Status allowed = trust.allows(url); !allowed) {
            const Error why = allowed.error();
            QMetaObject::invokeMethod(q, [this, why] { finish(why); }, Qt::QueuedConnection);
            return;
        }
        silence.start(settings.openTime);
        socket.setSslConfiguration(trust.configuration());
        socket.setProxy(settings.proxy.forServer(url));
        socket.open(url);
        // QWebSocket does not tell what the server showed, nor how far it came; the socket inside it does.
        tls = socket.findChild<QSslSocket*>();
        if (tls) {
            QObject::connect(tls, &QSslSocket::connected, q, [this] { acknowledgeWithAnswers(tls->socketDescriptor()); });
            QObject::connect(tls, &QSslSocket::encrypted, q, [this] {
                record(seenComplaints.isEmpty());
                reach = Reach::Server;
            });
        }
        else if (const auto* plain = socket.findChild<QTcpSocket*>())
            QObject::connect(plain, &QTcpSocket::connected, q, [this] { reach = Reach::Server; });
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
        socket.ping(); // the upgrade alone does not say that frames come through
        emit q->opened();
    }

    void noteLife()
    {
        reach = Reach::Through;
        silence.start(settings.deadAfter);
    }

    void hear(Form form, const QByteArray& message)
    {
        if (!isOpen)
            return;
        noteLife();
        if (form == settings.form)
            emit q->received(message);
        else
            finish({ErrorCode::Malformed, u"%1 sent a message of the wrong kind."_s.arg(where)});
    }

    Error explainError()
    {
        if (isClosing)
            return closedByUs(where);
        if (socket.closeCode() == QWebSocketProtocol::CloseCodeTooMuchData)
            return explainClose();
        if (isProxyAsking && reach == Reach::Nowhere)
            return explainClose();
        return {ErrorCode::NetworkFailed,
            isOpen ? u"The connection to %1 was lost: %2."_s.arg(where, wordsOf(socket))
                   : u"%1 cannot be reached: %2."_s.arg(where, wordsOf(socket))};
    }

    Error explainClose()
    {
        if (isProxyAsking && reach == Reach::Nowhere && !isClosing)
            return {ErrorCode::NetworkFailed,
                u"The proxy on the way to %1 does not take the user and password it is given: set proxy and proxyPassword."_s.arg(where)};
        const auto code = socket.closeCode();
        if (isOpen && code != QWebSocketProtocol::CloseCodeNormal && code != QWebSocketProtocol::CloseCodeAbnormalDisconnection)
            reach = Reach::Through; // a close frame came through
        if (isClosing)
            return closedByUs(where);
        q->setPause(pauseFrom(static_cast<quint16>(code), socket.closeReason()));
        return endingFrom(where, static_cast<quint16>(socket.closeCode()), socket.closeReason());
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
        QMetaObject::invokeMethod(q, [this] { finish(closedByUs(where)); }, Qt::QueuedConnection);
    }

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
    Reach reach = Reach::Nowhere;
    bool isOpen = false;
    bool isClosing = false;
    bool isProxyAsking = false; ///< for a password, although it got one or because it got none
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

Reach WebSocketTransport::reach() const
{
    return d->reach;
}

std::optional<PeerCertificate> WebSocketTransport::certificate() const
{
    return d->certificate;
}

} // namespace platen::channel
