// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "HttpTransport.h"

#include "Ending.h"
#include "HttpLine.h"

using namespace Qt::StringLiterals;

namespace platen::channel {

namespace {

constexpr qsizetype confirmAfter = 64 * 1024; // the server keeps what is not confirmed

QUrl folderOf(QUrl socket)
{
    socket.setScheme(socket.scheme() == "ws"_L1 || socket.scheme() == "http"_L1 ? u"http"_s : u"https"_s);
    return socket.resolved(QUrl(u"."_s));
}

} // namespace

class HttpTransport::Private {
public:
    Private(HttpTransport* transport, TlsTrust trust, const Settings& settings)
        : q(transport)
        , line{std::move(trust), settings, {}, {}}
        , uplink(line)
        , downlink(line)
    {
        line.fail = [this](const Error& why) { finish(why); };
        openLimit.setSingleShot(true);
        QObject::connect(&openLimit, &QTimer::timeout, q, [this] { finish(noAnswer(line.where)); });
        QObject::connect(&uplink, &HttpUplink::opened, q, [this] { welcome(); });
        QObject::connect(&uplink, &HttpUplink::answered, q, [this](const QByteArray& events) { takeAnswer(events); });
        QObject::connect(&downlink, &HttpDownlink::arrived, q, [this](const QList<protocol::StreamEvent>& events) {
            begin(); // if that was what it waited for
            take(events);
        });
    }

    void open(const QUrl& url)
    {
        if (isOpen)
            return static_cast<void>(QMetaObject::invokeMethod(q, &Transport::opened, Qt::QueuedConnection));
        line.where = shownUrl(url);
        if (const Status allowed = line.trust.allows(url); !allowed) {
            const Error why = allowed.error();
            QMetaObject::invokeMethod(q, [this, why] { finish(why); }, Qt::QueuedConnection);
            return;
        }
        line.folder = folderOf(url);
        line.network->setProxy(line.settings.proxy.forServer(url));
        openLimit.start(line.settings.openTime);
        uplink.open();
    }

    /// Where events may be had from the first moment on, opened() means that they come.
    void welcome()
    {
        if (line.streamToken.isEmpty() || line.settings.downlink == Downlink::Poll)
            begin();
    }

    void begin()
    {
        if (isFinished || std::exchange(isOpen, true))
            return;
        openLimit.stop();
        emit q->opened();
    }

    void takeAnswer(const QByteArray& bytes)
    {
        if (isFinished)
            return;
        if (!line.streamToken.isEmpty() && !downlink.isStarted())
            downlink.start();
        if (bytes.isEmpty())
            return;
        protocol::EventReader reader(line.settings.messageBytes);
        const auto events = reader.take(bytes);
        events ? take(*events) : finish(events.error());
    }

    void take(const QList<protocol::StreamEvent>& events)
    {
        for (const protocol::StreamEvent& event : events) {
            if (isFinished)
                return;
            if (event.id <= line.lastEvent) // said again
                continue;
            if (event.id != line.lastEvent + 1)
                return finish({ErrorCode::Malformed,
                    u"%1 sent event %2 after %3: one is missing."_s.arg(line.where).arg(event.id).arg(line.lastEvent)});
            line.lastEvent = event.id;
            if (event.kind == protocol::StreamEvent::Kind::Close) {
                line.reach = Reach::Through;
                q->setPause(pauseFrom(event.closeCode(), QString::fromUtf8(event.closeReason())));
                return finish(endingFrom(line.where, event.closeCode(), QString::fromUtf8(event.closeReason())));
            }
            unconfirmed += event.data.size();
            emit q->received(event.data);
        }
        if (!isFinished && unconfirmed > confirmAfter && line.settings.downlink == Downlink::Events) {
            unconfirmed = 0;
            uplink.confirm();
        }
    }

    void finish(const Error& why)
    {
        if (std::exchange(isFinished, true))
            return;
        openLimit.stop();
        QMetaObject::invokeMethod(q, [this] { stop(); }, Qt::QueuedConnection); // not from inside its own signals
        emit q->closed(why);
    }

    void stop()
    {
        uplink.stop();
        downlink.stop();
    }

    void close()
    {
        if (isFinished || isClosing)
            return;
        isClosing = true;
        openLimit.stop();
        downlink.stop();
        uplink.finish();
        QMetaObject::invokeMethod(q, [this] { finish(closedByUs(line.where)); }, Qt::QueuedConnection);
    }

    HttpTransport* q;
    HttpLine line;
    HttpUplink uplink;
    HttpDownlink downlink;
    QTimer openLimit;
    qsizetype unconfirmed = 0;
    bool isOpen = false;
    bool isClosing = false;
    bool isFinished = false;
};

HttpTransport::HttpTransport(TlsTrust trust, Settings settings, QObject* parent)
    : Transport(parent)
    , d(std::make_unique<Private>(this, std::move(trust), std::move(settings)))
{
}

HttpTransport::~HttpTransport() = default;

void HttpTransport::open(const QUrl& url)
{
    d->open(url);
}

void HttpTransport::send(const QByteArray& message)
{
    if (!d->isOpen || d->isClosing || d->isFinished)
        return;
    if (message.size() > d->line.settings.messageBytes)
        return d->finish({ErrorCode::LimitExceeded, u"A message to %1 is too large to be sent."_s.arg(d->line.where)});
    d->uplink.send(message);
}

void HttpTransport::close()
{
    d->close();
}

qint64 HttpTransport::pendingBytes() const
{
    return d->uplink.pendingBytes();
}

QString HttpTransport::name() const
{
    return d->line.settings.downlink == Downlink::Events ? u"server-sent events"_s : u"long polling"_s;
}

Reach HttpTransport::reach() const
{
    return d->line.reach;
}

std::optional<PeerCertificate> HttpTransport::certificate() const
{
    return *d->line.certificate;
}

} // namespace platen::channel
