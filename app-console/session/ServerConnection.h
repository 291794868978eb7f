// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "CertificateStore.h"

#include <base/Clock.h>
#include <base/Result.h>
#include <base/Secret.h>
#include <channel/TransportChooser.h>

#include <QCoro/QCoroTask>
#include <QHash>
#include <QJsonObject>
#include <QObject>
#include <QPointer>
#include <QPromise>
#include <QStringList>
#include <QTimer>
#include <QUrl>

namespace platen::console {

/// Who is logged in.
struct Account {
    QString name;
    QStringList roles;
    QString serverVersion;
};

/// The console's line to its server: JSON-RPC 2.0 on the best transport that comes through (channel/TransportChooser). Once logged in it comes back by itself after a cut, with
/// back-off, and takes up the session again. Lives as long as the program; all functions on the main thread.
class ServerConnection final : public QObject {
    Q_OBJECT

public:
    enum class State {
        Closed,     ///< no server wanted
        Connecting,
        Open,       ///< connected, nobody logged in
        LoggedIn,
        Waiting,    ///< cut; tries again in retryIn()
    };
    Q_ENUM(State)

    explicit ServerConnection(CertificateStore& certificates, const Clock& clock = Clock::system(), QObject* parent = nullptr);
    ~ServerConnection() override;

    /// Connects, dropping what was connected before. Fails with NetworkFailed, Timeout or CertificateRefused; then doubt()
    /// says which certificate.
    QCoro::Task<Status> open(QUrl server);
    void close();

    /// Fails with NotAuthenticated, TooManyAttempts (retryAfterSeconds() says how long) and what call() fails with.
    QCoro::Task<Result<Account>> login(QString name, Secret password);
    /// The same with a token of an earlier login.
    QCoro::Task<Result<Account>> resume(Secret token);
    QCoro::Task<Status> logout();

    /// One call of the API. Fails with the server's error, NetworkFailed when there is no line, Timeout after 20 s.
    QCoro::Task<Result<QJsonObject>> call(QString method, QJsonObject parameters);

    State state() const { return m_state; }
    bool isLoggedIn() const { return m_state == State::LoggedIn; }
    const QUrl& server() const { return m_server; }
    const Account& account() const { return m_account; }
    const std::optional<DoubtfulCertificate>& doubt() const { return m_doubt; }
    int retryAfterSeconds() const { return m_retryAfterSeconds; }
    std::chrono::seconds retryIn() const; ///< until the next try, when Waiting
    Instant lostAt() const { return m_lostAt; } ///< since when there is no line; meaningful when not LoggedIn
    QString transport() const; ///< for people: "WebSocket, TLS"

    /// Tries at once when Waiting.
    void retryNow();

    /// How long to wait before try number `attempt` (from 0): doubling from 1 s to 60 s, of which `dice` (0–1) takes up to half away.
    static std::chrono::milliseconds reconnectDelay(int attempt, double dice);

signals:
    void stateChanged();
    void loggedIn();    ///< also after every reconnection: what is shown may be old, subscriptions are gone
    void sessionEnded(platen::ErrorCode why); ///< logged out here (Cancelled), or the server no longer knows us
    void notified(const QString& method, const QJsonObject& parameters);

private:
    struct Pending {
        QPromise<Result<QJsonObject>> promise;
        QString method;
        QTimer timeout;
    };

    void dial();
    void dropLine();
    void opened();
    void ended(const Error& why);
    void lost(Error error);
    void rise();
    void receive(const QByteArray& message);
    void answer(qint64 id, Result<QJsonObject> result);
    void failPending(const Error& error);
    void settleOpen(Status status);
    void setState(State state);
    void scheduleRetry();
    void endSession(ErrorCode why);
    Result<Account> accept(const QJsonObject& answer);
    QCoro::Task<> takeUpSession();

    CertificateStore& m_certificates;
    const Clock& m_clock;
    QUrl m_server;
    State m_state = State::Closed;
    std::unique_ptr<channel::TransportChooser> m_transports; ///< to m_server
    std::unique_ptr<channel::Transport> m_line;
    std::shared_ptr<QPromise<Status>> m_opening;
    QHash<qint64, std::shared_ptr<Pending>> m_pending;
    qint64 m_lastId = 0;
    Secret m_token;
    Account m_account;
    std::optional<DoubtfulCertificate> m_doubt;
    int m_retryAfterSeconds = 0;
    int m_attempt = 0;
    bool m_complained = false; ///< a broken message is logged once per connection
    Instant m_lostAt{};
    std::chrono::milliseconds m_retryAt{0};
    QTimer m_retry;
};

} // namespace platen::console
