// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Sessions.h"

#include "Log.h"
#include "PasswordRules.h"

#include <crypto/Crypto.h>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace platen::access {

namespace {

constexpr int tokenBytes = 32;
constexpr qsizetype tokenCharacters = 43; // base64url of 32 bytes, without padding
constexpr auto proofLife = 5min;
constexpr auto useIsStoredAfter = 60s; // so that a busy session is not a write a call

std::unexpected<Refusal> refuse(Error error, std::optional<std::chrono::seconds> retryAfter = {})
{
    return std::unexpected(Refusal{std::move(error), retryAfter});
}

std::unexpected<Error> over() { return fail(ErrorCode::NotAuthenticated, u"the session has ended; sign in again"_s); }

} // namespace

Sessions::Sessions(storage::Database& database, const Clock& clock, TokenStore::Limits limits, QObject* parent)
    : QObject(parent)
    , m_limits(limits)
    , m_users(database)
    , m_tokens(database, limits)
    , m_throttle(clock)
    , m_time(clock)
{
}

QCoro::Task<std::expected<SignedIn, Refusal>> Sessions::login(QString name, Secret password, QHostAddress source)
{
    auto credentials = co_await judge(std::move(name), std::move(password), source);
    if (!credentials)
        co_return std::unexpected(credentials.error());
    co_return co_await begin(*std::move(credentials), source);
}

QCoro::Task<std::expected<void, Refusal>> Sessions::prove(Session session, Secret password, QHostAddress source)
{
    const auto credentials = co_await judge(session.user.name, std::move(password), source);
    if (!credentials)
        co_return std::unexpected(credentials.error());
    const Status proven = co_await m_tokens.prove(session.tokenHash, credentials->passwordHash, m_time.now());
    if (!proven)
        co_return refuse(proven.error());
    co_return std::expected<void, Refusal>();
}

/// Whose name and password these are.
QCoro::Task<std::expected<Credentials, Refusal>> Sessions::judge(QString name, Secret password, QHostAddress source)
{
    const QString canonical = canonicalUserName(name);
    if (const auto wait = m_throttle.begin(canonical, source)) {
        qCInfo(lcAccess) << "refused a sign-in from" << source.toString() << "for" << wait->count()
                         << "s: too many attempts";
        co_return refuse(
            {ErrorCode::TooManyAttempts, u"too many attempts to sign in; try again in %1 s"_s.arg(wait->count())},
            *wait);
    }
    if (const Status learnt = co_await learnTime(); !learnt)
        co_return refuse(learnt.error());
    const auto found = co_await m_users.credentials(canonical);
    if (!found)
        co_return refuse(found.error());

    const Result<bool> right =
        co_await m_workers.verify(*found ? (*found)->passwordHash : QString(), canonicalPassword(password));
    if (!right)
        co_return refuse(right.error());
    if (!*right || !*found || !(*found)->enabled) {
        // What was typed may be a password in the wrong field: only names that exist are written down.
        qCInfo(lcAccess).noquote() << "refused a sign-in from" << source.toString() << "as"
                                   << (*found ? canonical : u"somebody unknown"_s);
        co_return refuse({ErrorCode::NotAuthenticated, u"the name or the password is wrong"_s});
    }
    m_throttle.succeeded(canonical);
    co_return **found;
}

QCoro::Task<std::expected<SignedIn, Refusal>> Sessions::begin(Credentials credentials, QHostAddress source)
{
    const Secret token(crypto::randomSecret(tokenBytes)
            .reveal()
            .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals));
    const QByteArray hash = hashOf(token);
    const Instant now = m_time.now();
    const Status begun =
        co_await m_tokens.add(hash, credentials.user.id, credentials.passwordHash, now, source.toString());
    if (!begun)
        co_return refuse(begun.error());
    qCInfo(lcAccess).noquote() << "user" << credentials.user.name << "signed in from" << source.toString();
    const model::Permissions permissions = model::permissionsOf(credentials.user.roles);
    co_return SignedIn{token, {hash, credentials.user, permissions, now + m_limits.absolute, true}};
}

QByteArray Sessions::hashOf(const Secret& token)
{
    return token.size() == tokenCharacters ? crypto::sha256(token.reveal()) : QByteArray();
}

QCoro::Task<Result<Session>> Sessions::use(QByteArray tokenHash) { return lookUp(std::move(tokenHash), true); }

QCoro::Task<Result<Session>> Sessions::look(QByteArray tokenHash) { return lookUp(std::move(tokenHash), false); }

QCoro::Task<Result<Session>> Sessions::lookUp(QByteArray tokenHash, bool isUse)
{
    if (tokenHash.isEmpty())
        co_return fail(ErrorCode::NotAuthenticated, u"sign in first"_s);
    if (const Status learnt = co_await learnTime(); !learnt)
        co_return fail(learnt.error());
    const auto stored = co_await m_tokens.find(tokenHash);
    if (!stored)
        co_return fail(stored.error());
    if (!*stored)
        co_return over();

    const StoredSession& session = **stored;
    const Instant now = m_time.now();
    if (now >= session.expiresAt || now >= session.lastUsedAt + m_limits.idle || !session.userEnabled) {
        co_await m_tokens.remove(tokenHash);
        emit ended(tokenHash);
        co_return over();
    }
    if (isUse && now >= session.lastUsedAt + useIsStoredAfter)
        if (const Status touched = co_await m_tokens.touch(tokenHash, now);
            !touched) // a full disk must not stop who only reads
            qCWarning(lcAccess) << "the use of a session was not stored:" << touched.error();
    co_return Session{tokenHash, session.user, model::permissionsOf(session.user.roles), session.expiresAt,
        now < session.provenAt + proofLife};
}

QCoro::Task<Status> Sessions::logout(Session session)
{
    const Status removed = co_await m_tokens.remove(session.tokenHash);
    if (!removed)
        co_return fail(removed.error());
    qCInfo(lcAccess).noquote() << "user" << session.user.name << "signed out";
    emit ended(session.tokenHash);
    co_return Status();
}

/// The clock may have been set back while the server was not running.
QCoro::Task<Status> Sessions::learnTime()
{
    if (m_timeIsLearnt)
        co_return Status();
    const Result<Instant> highest = co_await m_tokens.highestTime();
    if (!highest)
        co_return fail(highest.error());
    m_time.note(*highest);
    m_timeIsLearnt = true;
    co_return Status();
}

} // namespace platen::access
