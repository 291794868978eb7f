// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ExpiryClock.h"
#include "LoginThrottle.h"
#include "PasswordWorkers.h"
#include "TokenStore.h"
#include "UserStore.h"

#include <base/Secret.h>

#include <QObject>

#include <expected>

namespace platen::access {

/// Why a sign-in was refused, and when the next try is welcome.
struct Refusal {
    Error error;
    std::optional<std::chrono::seconds> retryAfter;
};

/// A session that has just begun. The token is shown this once and stored nowhere.
struct SignedIn {
    Secret token; ///< 256 bit, base64url, 43 characters
    Session session;
};

/// Sign-in and sessions (PROTOCOL.md §9). The database is asked at every look-up, so what ends a session or takes a role away
/// has effect at once. Lives as long as the program, on the main thread.
class Sessions : public QObject {
    Q_OBJECT

public:
    Sessions(
        storage::Database& database, const Clock& clock, TokenStore::Limits limits = {}, QObject* parent = nullptr);

    /// Fails with NotAuthenticated (the same sentence after the same time for an unknown user, a disabled one and a wrong
    /// password), TooManyAttempts (with the time to wait) or StorageFailed.
    QCoro::Task<std::expected<SignedIn, Refusal>> login(QString name, Secret password, QHostAddress source);

    /// The password again, for what asks for it (Session::isProven). Fails as login does, and costs as much.
    QCoro::Task<std::expected<void, Refusal>> prove(Session session, Secret password, QHostAddress source);

    /// By what a session is known from here on: the token's SHA-256. Empty for what cannot be a token.
    static QByteArray hashOf(const Secret& token);

    /// The session as it is now, which counts as its use. Fails with NotAuthenticated when there is none or it has ended.
    QCoro::Task<Result<Session>> use(QByteArray tokenHash);

    /// The same without counting as use: for what the server does by itself.
    QCoro::Task<Result<Session>> look(QByteArray tokenHash);

    /// Ends the session; one that has ended already is fine.
    QCoro::Task<Status> logout(Session session);

    const TokenStore::Limits& limits() const { return m_limits; }

signals:
    void ended(const QByteArray& tokenHash); ///< by logout, or found to be over

private:
    QCoro::Task<Result<Session>> lookUp(QByteArray tokenHash, bool isUse);
    QCoro::Task<std::expected<Credentials, Refusal>> judge(QString name, Secret password, QHostAddress source);
    QCoro::Task<Status> learnTime();
    QCoro::Task<std::expected<SignedIn, Refusal>> begin(Credentials credentials, QHostAddress source);

    const TokenStore::Limits m_limits;
    UserStore m_users;
    TokenStore m_tokens;
    PasswordWorkers m_workers;
    LoginThrottle m_throttle;
    ExpiryClock m_time;
    bool m_timeIsLearnt = false;
};

} // namespace platen::access
