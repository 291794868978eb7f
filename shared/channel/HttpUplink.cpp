// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Ending.h"
#include "HttpLine.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace platen::channel {

namespace {

constexpr qsizetype batchBytes = 512 * 1024; // small enough to be taken in one go, large enough to make up for the round trip
constexpr std::chrono::seconds farewellTime{5};

} // namespace

HttpUplink::HttpUplink(HttpLine& line)
    : m_line(line)
    , m_backoff(line.settings.firstRetry, line.settings.lastRetry)
{
    for (QTimer* timer : {&m_again, &m_limit, &m_beat})
        timer->setSingleShot(true);
    connect(&m_again, &QTimer::timeout, this, &HttpUplink::post);
    connect(&m_limit, &QTimer::timeout, this, [this] { m_line.fail(gone(m_line.where, m_line.settings.deadAfter)); });
    connect(&m_beat, &QTimer::timeout, this, &HttpUplink::confirm);
}

HttpUplink::~HttpUplink()
{
    stop();
}

void HttpUplink::stop()
{
    for (QTimer* timer : {&m_again, &m_limit, &m_beat})
        timer->stop();
    if (!m_reply)
        return;
    m_reply->disconnect(this);
    m_reply->abort();
    m_reply->deleteLater();
    m_reply.clear();
}

void HttpUplink::open()
{
    post();
}

void HttpUplink::send(const QByteArray& message)
{
    m_outgoing.append(message);
    m_pendingBytes += message.size();
    pump();
}

void HttpUplink::confirm()
{
    m_mustConfirm = true;
    pump();
}

void HttpUplink::pump()
{
    if (m_reply || m_again.isActive() || m_line.sessionToken.isEmpty())
        return;
    if (!m_outgoing.isEmpty())
        m_batch = nextBatch(batchBytes);
    else if (!m_mustConfirm)
        return;
    post();
}

/// As many of the outgoing messages as go together, one at least.
QList<QByteArray> HttpUplink::nextBatch(qsizetype mostBytes)
{
    QList<QByteArray> batch;
    qsizetype bytes = 0;
    while (!m_outgoing.isEmpty() && batch.size() < protocol::MessageBatch::mostMessages) {
        bytes += m_outgoing.first().size();
        if (!batch.isEmpty() && bytes > mostBytes)
            break;
        batch.append(m_outgoing.takeFirst());
    }
    return batch;
}

void HttpUplink::post()
{
    const bool isOpening = m_line.sessionToken.isEmpty();
    const bool isStream = m_line.settings.downlink == HttpTransport::Downlink::Events;
    m_mustConfirm = false;
    m_body.clear();
    protocol::MessageBatch batch;
    QNetworkRequest request;
    if (isOpening) {
        QUrl url = m_line.folder.resolved(QUrl(u"messages"_s));
        url.setQuery(isStream ? u"by=stream"_s : u"by=poll"_s);
        request = requestFor(url, m_line.trust);
    } else {
        if (!m_batch.isEmpty())
            batch = protocol::MessageBatch::of(m_batch);
        const QString sizes = batch.sizes.isEmpty() ? QString() : u"&sizes="_s + QString::fromLatin1(batch.sizes);
        request = m_line.request(u"messages"_s, u"&n=%1%2"_s.arg(m_first).arg(sizes), m_line.sessionToken);
    }
    request.setHeader(QNetworkRequest::ContentTypeHeader,
        m_line.settings.isText ? "text/plain; charset=utf-8"_ba : "application/octet-stream"_ba);
    request.setTransferTimeout(m_line.settings.requestTime);
    if (!m_limit.isActive())
        m_limit.start(m_line.settings.deadAfter);
    m_reply = m_line.network->post(request, batch.body);
    m_line.watch(m_reply);
    connect(m_reply, &QNetworkReply::readyRead, this, [this] {
        m_body += m_reply->readAll();
        if (m_body.size() > m_line.settings.messageBytes * 2 + 2 * batchBytes)
            m_line.fail({ErrorCode::LimitExceeded, u"The answer of %1 is too large."_s.arg(m_line.where)});
    });
    connect(m_reply, &QNetworkReply::finished, this, &HttpUplink::take);
}

void HttpUplink::take()
{
    const QNetworkReply* const reply = m_reply;
    m_reply->deleteLater();
    m_reply.clear();
    const bool isOpening = m_line.sessionToken.isEmpty();
    const std::optional<int> status = m_line.statusOf(reply);
    const QByteArray session = reply->rawHeader("Platen-Session");
    const bool isWhole = reply->error() == QNetworkReply::NoError; // else events are missing: they are said again
    if (isWhole && status == 200 && !session.isEmpty()) {
        if (reply->hasRawHeader("Platen-Stream"))
            m_line.streamToken = reply->rawHeader("Platen-Stream");
        return takeAnswer(session);
    }
    const std::optional<Error> why = status && *status != 200 ? m_line.ending(*status) : std::nullopt;
    if (why)
        m_line.fail(*why);
    else if (!isOpening)
        retry(); // also of an answer that is not the server's: a portal that wants to be seen
    else if (status && (isWhole || *status != 200))
        m_line.fail({ErrorCode::NetworkFailed,
            u"%1 answered with HTTP status %2 and opened no connection."_s.arg(m_line.where).arg(*status)});
    else
        m_line.fail(m_line.unreachable(reply));
}

void HttpUplink::takeAnswer(const QByteArray& session)
{
    const bool isOpening = m_line.sessionToken.isEmpty();
    m_line.sessionToken = session;
    m_limit.stop();
    m_backoff.reset();
    if (m_line.settings.downlink == HttpTransport::Downlink::Events)
        m_beat.start(jittered(m_line.settings.beatEvery));
    m_first += static_cast<quint64>(m_batch.size());
    for (const QByteArray& message : std::as_const(m_batch))
        m_pendingBytes -= message.size();
    m_batch.clear();
    const QPointer<HttpUplink> self(this);
    if (isOpening)
        emit opened();
    if (self)
        emit answered(std::exchange(m_body, {}));
    if (self)
        pump();
}

/// Half of what did not go through at once may: the server goes by the numbers.
void HttpUplink::retry()
{
    for (qsizetype excess = m_batch.size() / 2; excess > 0; --excess)
        m_outgoing.prepend(m_batch.takeLast());
    m_again.start(m_backoff.next());
}

/// Repeats what is under way, so that it arrives whatever became of that, and adds what is left.
void HttpUplink::finish()
{
    stop();
    const QByteArray token = m_line.sessionToken;
    QNetworkAccessManager* const network = m_line.network.release();
    network->setParent(QCoreApplication::instance());
    if (token.isEmpty())
        return network->deleteLater();
    QList<QByteArray> rest = m_batch;
    if (rest.isEmpty() && !m_outgoing.isEmpty())
        rest = nextBatch(batchBytes);
    const protocol::MessageBatch batch = rest.isEmpty() ? protocol::MessageBatch() : protocol::MessageBatch::of(rest);
    QNetworkRequest request = m_line.request(u"messages"_s,
        u"&n=%1&bye=1&sizes=%2"_s.arg(m_first).arg(QString::fromLatin1(batch.sizes)), token);
    request.setHeader(QNetworkRequest::ContentTypeHeader,
        m_line.settings.isText ? "text/plain; charset=utf-8"_ba : "application/octet-stream"_ba);
    request.setTransferTimeout(farewellTime);
    QNetworkReply* const reply = network->post(request, batch.body);
    judgeReply(reply, m_line.trust, m_line.certificate, [reply](const Error&) { reply->abort(); });
    connect(reply, &QNetworkReply::finished, network, &QObject::deleteLater);
}

} // namespace platen::channel
