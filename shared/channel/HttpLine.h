// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Backoff.h"
#include "HttpRequest.h"
#include "HttpTransport.h"

#include <protocol/EventStream.h>

#include <QNetworkAccessManager>
#include <QPointer>
#include <QTimer>

namespace platen::channel {

/// What the two directions of an HttpTransport have in common. The transport's own; both hold a reference.
struct HttpLine {
    TlsTrust trust;
    HttpTransport::Settings settings;
    QUrl folder;   ///< https://host:port/a/v2/
    QString where; ///< for errors
    std::unique_ptr<QNetworkAccessManager> network = std::make_unique<QNetworkAccessManager>();
    SeenCertificate certificate = std::make_shared<std::optional<PeerCertificate>>();
    Reach reach = Reach::Nowhere;
    QByteArray sessionToken = {}; ///< for POSTs
    QByteArray streamToken = {};  ///< for GETs; empty: the server gives no events yet
    quint64 lastEvent = 0;
    std::function<void(const Error& why)> fail = {}; ///< ends the transport

    /// "messages", "stream" or "poll" with this query, which goes after `last`.
    QNetworkRequest request(const QString& name, const QString& query, const QByteArray& token) const;

    /// Judges the certificate of a reply, and fails with it.
    void watch(QNetworkReply* reply) const;

    /// The status of a finished reply; nothing when no answer came.
    std::optional<int> statusOf(const QNetworkReply* reply);

    /// Why a status is the end. Nothing: it may pass, so try again.
    std::optional<Error> ending(int status) const;

    Error unreachable(const QNetworkReply* reply) const;
};

/// The way up: one numbered POST after the other, each repeated until it is answered.
class HttpUplink : public QObject {
    Q_OBJECT

public:
    explicit HttpUplink(HttpLine& line);
    ~HttpUplink() override;

    void open(); ///< asks for a session; opened() follows, or line.fail
    void send(const QByteArray& message);
    void confirm(); ///< POSTs without a message, to say which event was the last, unless one is under way
    void finish();  ///< says what is left and farewell, as far as that goes; the line's network goes with it
    void stop();
    qint64 pendingBytes() const { return m_pendingBytes; }

signals:
    void opened();
    void answered(QByteArray events); ///< to a POST; often empty

private:
    void pump();
    void post();
    void take();
    void takeAnswer(const QByteArray& session);
    void retry();
    QList<QByteArray> nextBatch(qsizetype mostBytes);

    HttpLine& m_line;
    QList<QByteArray> m_outgoing;
    QList<QByteArray> m_batch; ///< posted and not answered
    qint64 m_pendingBytes = 0;
    quint64 m_first = 1; ///< the number of the batch's first message, or of the next one
    QPointer<QNetworkReply> m_reply;
    QByteArray m_body;
    Backoff m_backoff;
    QTimer m_again;
    QTimer m_limit; ///< without an answer
    QTimer m_beat;
    bool m_mustConfirm = false;
};

/// The way down: a stream or polls, begun again from the last event whenever they end.
class HttpDownlink : public QObject {
    Q_OBJECT

public:
    explicit HttpDownlink(HttpLine& line);
    ~HttpDownlink() override;

    void start();
    void stop();
    bool isStarted() const { return m_isStarted; }

signals:
    void arrived(QList<protocol::StreamEvent> events); ///< some may have come before; empty: the first sign of a stream

private:
    void get();
    void hear();
    void take();
    void retry();
    bool isStream() const { return m_line.settings.downlink == HttpTransport::Downlink::Events; }

    HttpLine& m_line;
    QPointer<QNetworkReply> m_reply;
    protocol::EventReader m_reader;
    Backoff m_backoff;
    QTimer m_again;
    QTimer m_limit; ///< without a sign
    int m_mute = 0; ///< streams that ended before their first sign, one behind the other
    bool m_hasSpoken = false; ///< this stream or poll
    bool m_isStarted = false;
};

} // namespace platen::channel
