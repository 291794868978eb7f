// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <channel/AgentLink.h>
#include <channel/HttpPoster.h>
#include <channel/ServerHandshake.h>
#include <legacy3des/Submission.h>

#include <QCoro/QCoroTask>

#include <deque>

namespace platen::legacy {

/// What the key of this agent has encrypted with 3DES so far: a file of its own, written before each file is sent.
class Account {
public:
    explicit Account(QString path) : m_path(std::move(path)) {}

    /// Counts the blocks of submission `seq`, once. Fails with LimitExceeded when the key may encrypt no more, or StorageFailed.
    Status charge(quint64 seq, qint64 blocks);

private:
    QString m_path;
};

/// The obsolete file submission of 4.x behind the seam of the other transports: to the link it looks like a server that greets back
/// at once; what the link sends leaves as legacy-3des files, one POST each and in order, and what the server answers comes back as
/// acknowledgements. Only in builds with PLATEN_LEGACY_3DES, and only when `platen-agent run --legacy-3des` says so.
class LegacyTransport final : public channel::Transport {
    Q_OBJECT

public:
    struct Site {
        channel::AgentIdentity identity;
        QString account;                              ///< path of the file
        std::function<quint64()> acknowledged;        ///< the highest number that the server was heard to have
    };

    LegacyTransport(Site site, channel::TlsTrust trust, channel::Proxy wayOut = {}, QObject* parent = nullptr);

    void open(const QUrl& url) override; ///< https://host:8443/a/v1/submit
    void send(const QByteArray& message) override;
    void close() override;
    qint64 pendingBytes() const override;
    QString name() const override;

private:
    enum class Step { Closed, Hello, Ready, Open };

    void greet(const QByteArray& hello);
    Result<QByteArray> legacyForm(const QByteArray& envelope);
    static QCoro::Task<> submitAll(QPointer<LegacyTransport> self);
    Result<protocol::Ack> judge(const channel::HttpPoster::Answer& answer, const QByteArray& file) const;
    void finish(const Error& why);

    const Site m_site;
    const legacy3des::Keys m_keys;
    channel::HttpPoster m_poster;
    Account m_account;
    channel::ServerHandshake m_handshake; ///< the server's half, played here
    channel::EstablishedSession m_session;
    QUrl m_url;
    Step m_step = Step::Closed;
    std::deque<QByteArray> m_waiting; ///< envelopes
    bool m_isSubmitting = false;
};

} // namespace platen::legacy
