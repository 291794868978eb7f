// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Ending.h"
#include "HttpLine.h"

using namespace Qt::StringLiterals;

namespace platen::channel {

namespace {

constexpr int mostMute = 3;

} // namespace

HttpDownlink::HttpDownlink(HttpLine& line)
    : m_line(line)
    , m_reader(line.settings.messageBytes)
    , m_backoff(line.settings.firstRetry, line.settings.lastRetry)
{
    m_again.setSingleShot(true);
    m_limit.setSingleShot(true);
    connect(&m_again, &QTimer::timeout, this, &HttpDownlink::get);
    connect(&m_limit, &QTimer::timeout, this, [this] {
        if (!isStream() || m_line.reach == Reach::Through)
            return m_line.fail(gone(m_line.where, m_line.settings.deadAfter));
        m_line.fail({ErrorCode::Timeout,
            u"%1: no event of the stream came in %2 seconds; something on the way holds them back."_s.arg(m_line.where)
                .arg(std::chrono::ceil<std::chrono::seconds>(m_line.settings.firstEvent).count())});
    });
}

HttpDownlink::~HttpDownlink()
{
    stop();
}

void HttpDownlink::stop()
{
    m_again.stop();
    m_limit.stop();
    if (!m_reply)
        return;
    m_reply->disconnect(this);
    m_reply->abort();
    m_reply->deleteLater();
    m_reply.clear();
}

void HttpDownlink::start()
{
    m_isStarted = true;
    m_limit.start(isStream() ? m_line.settings.firstEvent : m_line.settings.deadAfter);
    get();
}

void HttpDownlink::get()
{
    QNetworkRequest request = m_line.request(isStream() ? u"stream"_s : u"poll"_s, {}, m_line.streamToken);
    request.setRawHeader("Accept", "text/event-stream");
    if (!isStream())
        request.setTransferTimeout(m_line.settings.requestTime);
    m_reader = protocol::EventReader(m_line.settings.messageBytes);
    m_hasSpoken = false;
    m_reply = m_line.network->get(request);
    m_line.watch(m_reply);
    connect(m_reply, &QNetworkReply::readyRead, this, &HttpDownlink::hear);
    connect(m_reply, &QNetworkReply::finished, this, &HttpDownlink::take);
}

void HttpDownlink::hear()
{
    const QByteArray bytes = m_reply->readAll();
    const bool isOurs = m_reply->header(QNetworkRequest::ContentTypeHeader).toByteArray().startsWith("text/event-stream");
    if (m_line.statusOf(m_reply) != 200 || !isOurs)
        return; // judged when it is over
    m_hasSpoken = true;
    m_mute = 0;
    m_line.reach = Reach::Through;
    m_limit.start(m_line.settings.deadAfter);
    m_backoff.reset();
    const auto events = m_reader.take(bytes);
    if (events)
        emit arrived(*events); // may be the end of us
    else
        m_line.fail(events.error());
}

void HttpDownlink::take()
{
    const QNetworkReply* const reply = m_reply;
    m_reply->deleteLater();
    m_reply.clear();
    const std::optional<int> status = m_line.statusOf(reply);
    if (status && *status != 200) {
        if (const std::optional<Error> why = m_line.ending(*status))
            return m_line.fail(*why);
        return retry();
    }
    const bool isOurs = reply->header(QNetworkRequest::ContentTypeHeader).toByteArray().startsWith("text/event-stream");
    if (!isStream() && status && isOurs && reply->error() == QNetworkReply::NoError) {
        m_line.reach = Reach::Through;
        m_limit.start(m_line.settings.deadAfter);
        m_backoff.reset();
        return get();
    }
    if (isStream() && status && !m_hasSpoken && ++m_mute == mostMute)
        return m_line.fail({ErrorCode::NetworkFailed,
            u"%1: its stream of events ends before the first one; something on the way does not let it be."_s.arg(m_line.where)});
    retry();
}

void HttpDownlink::retry()
{
    m_again.start(m_backoff.next());
}

} // namespace platen::channel
