// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "TransportChooser.h"

#include "HttpTransport.h"
#include "Log.h"
#include "WebSocketTransport.h"

using namespace Qt::StringLiterals;

namespace platen::channel {

/// One transport that was given out.
struct TransportChooser::Watch {
    TransportKind kind;
    Transport* transport;
    std::optional<std::chrono::milliseconds> openedAt;
    bool hasWorked = false;
};

QString nameOf(TransportKind kind)
{
    switch (kind) {
    case TransportKind::WebSocket: return u"WebSocket"_s;
    case TransportKind::Events: return u"server-sent events"_s;
    case TransportKind::Poll: return u"long polling"_s;
    }
    return {};
}

TransportChooser::Make TransportChooser::usual(const TlsTrust& trust, const Proxy& proxy, bool isText, qint64 messageBytes)
{
    return [=](TransportKind kind) -> std::unique_ptr<Transport> {
        if (kind == TransportKind::WebSocket) {
            WebSocketTransport::Settings settings;
            settings.form = isText ? WebSocketTransport::Form::Text : WebSocketTransport::Form::Binary;
            settings.proxy = proxy;
            settings.messageBytes = messageBytes;
            return std::make_unique<WebSocketTransport>(trust, settings);
        }
        HttpTransport::Settings settings;
        settings.downlink = kind == TransportKind::Events ? HttpTransport::Downlink::Events : HttpTransport::Downlink::Poll;
        settings.isText = isText;
        settings.proxy = proxy;
        settings.messageBytes = messageBytes;
        return std::make_unique<HttpTransport>(trust, settings);
    };
}

TransportChooser::TransportChooser(Make make, const Clock& clock)
    : TransportChooser(std::move(make), Settings(), clock)
{
}

TransportChooser::TransportChooser(Make make, Settings settings, const Clock& clock)
    : m_make(std::move(make))
    , m_settings(settings)
    , m_clock(clock)
    , m_ladder(clock, settings.riseEvery)
{
    m_proof.setSingleShot(true);
    connect(&m_proof, &QTimer::timeout, this, &TransportChooser::weigh);
    connect(&m_looks, &QTimer::timeout, this, &TransportChooser::look);
    m_looks.start(settings.lookEvery);
}

TransportChooser::~TransportChooser()
{
    if (m_current)
        m_current->disconnect(this);
}

std::unique_ptr<Transport> TransportChooser::next(const QUrl& url)
{
    m_url = url;
    std::unique_ptr<Transport> made;
    if (const auto ready = std::exchange(m_ready, {})) {
        m_ladder.found(*ready);
        made = std::move(m_probe);
        made->disconnect(this);
    } else {
        made = m_make(m_ladder.next());
    }
    const TransportKind kind = m_ladder.next();
    made->setNote(reasons(kind).join(u' '));
    watch(made.get(), kind);
    return made;
}

void TransportChooser::watch(Transport* transport, TransportKind kind)
{
    m_current = transport;
    const auto seen = std::make_shared<Watch>(Watch{kind, transport, std::nullopt});
    connect(transport, &Transport::opened, this, [this, seen] { seen->openedAt = m_clock.monotonic(); });
    connect(transport, &Transport::received, this, [this, seen] {
        // A stream's first messages come with the answers to POSTs, which says nothing of the stream.
        if (seen->hasWorked || seen->transport->reach() != Reach::Through)
            return;
        seen->hasWorked = true;
        m_ladder.worked(seen->kind);
        emit changed();
    });
    connect(transport, &Transport::closed, this, [this, seen](const Error& why) { judge(*seen, why); });
}

/// What never came as far as the server says nothing of transports: the next try is by the same.
void TransportChooser::judge(const Watch& seen, const Error& why)
{
    if (seen.hasWorked || seen.transport->reach() != Reach::Server || why.code == ErrorCode::PermissionDenied)
        return;
    QString reason = why.detail;
    if (why.code == ErrorCode::Cancelled) {
        if (!seen.openedAt || m_clock.monotonic() - *seen.openedAt < m_settings.patience)
            return;
        reason = u"It opens, but nothing comes through."_s;
    }
    qCInfo(log).noquote() << nameOf(seen.kind) << "is of no use on the way to the server:" << reason;
    m_ladder.failed(seen.kind, reason);
    emit changed();
}

void TransportChooser::look()
{
    if (!m_candidates.isEmpty() || !m_current || !m_ladder.isRiseDue())
        return;
    m_candidates = m_ladder.better();
    probe();
}

void TransportChooser::probe()
{
    m_probe = m_make(m_candidates.first());
    connect(m_probe.get(), &Transport::opened, this, [this] { m_proof.start(m_settings.proof); });
    connect(m_probe.get(), &Transport::closed, this, [this](const Error& why) { miss(why.detail); });
    m_probe->open(m_url);
}

/// It was open for a while. Without a session no event comes, so that only a WebSocket can show that it is of use.
void TransportChooser::weigh()
{
    const TransportKind kind = m_candidates.first();
    if (kind == TransportKind::WebSocket && m_probe->reach() != Reach::Through)
        return miss(u"It opens, but nothing comes through."_s);
    m_candidates.clear();
    m_ready = kind;
    emit better();
    if (!std::exchange(m_ready, {}))
        return;
    dropProbe(); // nobody wanted it now
    m_ladder.putOff(m_settings.lookEvery);
}

void TransportChooser::miss(const QString& why)
{
    dropProbe();
    m_ladder.missed(m_candidates.takeFirst(), why);
    emit changed();
    if (!m_candidates.isEmpty())
        probe();
}

/// Also from inside its own signal.
void TransportChooser::dropProbe()
{
    m_proof.stop();
    m_probe->disconnect(this);
    m_probe->close();
    m_probe.release()->deleteLater();
}

QStringList TransportChooser::whyNotBetter() const
{
    return reasons({});
}

QStringList TransportChooser::reasons(std::optional<TransportKind> than) const
{
    QStringList lines;
    for (const TransportLadder::Failure& failure : m_ladder.failures()) {
        if (!than || failure.kind < *than)
            lines.append(u"%1: %2"_s.arg(nameOf(failure.kind), failure.why));
    }
    return lines;
}

} // namespace platen::channel
