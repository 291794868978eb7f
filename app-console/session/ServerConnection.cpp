// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ServerConnection.h"

#include "Log.h"
#include "ServerAddress.h"

#include <QCoro/QCoroFuture>
#include <QJsonDocument>
#include <QRandomGenerator>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace platen::console {

namespace {

constexpr auto callLimit = 20s;
constexpr qint64 messageLimit = 16 * 1024 * 1024;

// The codes of JSON-RPC itself; everything else carries our ErrorCode's name as its message.
Error errorFrom(const QJsonObject& error, const QString& method)
{
    const QString name = error["message"_L1].toString();
    ErrorCode code = errorCodeFrom(name);
    if (code == ErrorCode::Internal && error["code"_L1].toInt() == -32601)
        code = ErrorCode::Unsupported;
    return {code, u"The server refused %1: %2."_s.arg(method, name)};
}

} // namespace

ServerConnection::ServerConnection(CertificateStore& certificates, const Clock& clock, QObject* parent)
    : QObject(parent)
    , m_certificates(certificates)
    , m_clock(clock)
{
    m_retry.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, &ServerConnection::dial);
}

ServerConnection::~ServerConnection()
{
    blockSignals(true);
    close();
}

QCoro::Task<Status> ServerConnection::open(QUrl server)
{
    close();
    m_server = server;
    m_attempt = 0;
    m_transports = std::make_unique<channel::TransportChooser>([this](channel::TransportKind kind) {
        return channel::TransportChooser::usual(m_certificates.trustOf(m_server), channel::Proxy::system(), true, messageLimit)(kind);
    }, m_clock);
    connect(m_transports.get(), &channel::TransportChooser::better, this, &ServerConnection::rise);
    const auto opening = std::make_shared<QPromise<Status>>();
    m_opening = opening;
    opening->start();
    QFuture<Status> outcome = opening->future();
    dial();
    co_return co_await outcome;
}

void ServerConnection::close()
{
    m_retry.stop();
    m_token = Secret();
    m_account = {};
    dropLine();
    const Error cancelled{ErrorCode::Cancelled, u"The connection was closed."_s};
    settleOpen(fail(cancelled));
    failPending(cancelled);
    setState(State::Closed);
}

void ServerConnection::dial()
{
    dropLine();
    m_doubt.reset();
    m_complained = false;
    m_line = m_transports->next(m_server);
    connect(m_line.get(), &channel::Transport::opened, this, &ServerConnection::opened);
    connect(m_line.get(), &channel::Transport::received, this, &ServerConnection::receive);
    connect(m_line.get(), &channel::Transport::closed, this, &ServerConnection::ended);
    setState(State::Connecting);
    m_line->open(m_server);
}

/// Also from inside the line's own signals: it goes when they are through.
void ServerConnection::dropLine()
{
    if (!m_line)
        return;
    m_line->disconnect(this);
    m_line->close();
    m_line.release()->deleteLater();
}

/// A better transport stands ready; a call under way is worth more.
void ServerConnection::rise()
{
    if (m_state == State::LoggedIn && m_pending.isEmpty())
        dial();
}

void ServerConnection::opened()
{
    setState(State::Open);
    settleOpen({});
    if (!m_token.isEmpty())
        takeUpSession();
}

void ServerConnection::ended(const Error& why)
{
    if (why.code == ErrorCode::CertificateRefused && m_line->certificate()) {
        m_doubt = m_certificates.doubt(m_server, *m_line->certificate());
        qCInfo(lcConsole) << "certificate of" << serverKey(m_server) << "is not vouched for:" << why.detail;
    }
    const bool hasOtherWay = m_state == State::Connecting && m_transports->ladder().next() != channel::TransportKind::WebSocket
        && m_line->reach() == channel::Reach::Server;
    hasOtherWay ? dial() : lost(why);
}

void ServerConnection::lost(Error error)
{
    if (!m_line)
        return;
    dropLine();
    failPending(error);
    if (m_state == State::LoggedIn || m_lostAt == Instant{})
        m_lostAt = m_clock.now();
    if (m_token.isEmpty() || error.code == ErrorCode::CertificateRefused) {
        const bool hadSession = !m_token.isEmpty();
        setState(State::Closed);
        settleOpen(fail(error));
        if (hadSession)
            endSession(error.code);
        return;
    }
    if (m_attempt == 0)
        qCWarning(lcConsole) << "line to the server is cut:" << error;
    scheduleRetry();
}

void ServerConnection::scheduleRetry()
{
    const auto delay = reconnectDelay(m_attempt++, QRandomGenerator::global()->generateDouble());
    m_retryAt = m_clock.monotonic() + delay;
    m_retry.start(delay);
    setState(State::Waiting);
}

std::chrono::milliseconds ServerConnection::reconnectDelay(int attempt, double dice)
{
    const double full = std::min(60'000.0, 1'000.0 * std::pow(2.0, std::min(attempt, 10)));
    return std::chrono::milliseconds(qRound64(full * (1.0 - 0.5 * dice)));
}

std::chrono::seconds ServerConnection::retryIn() const
{
    if (m_state != State::Waiting)
        return 0s;
    return std::max(0s, std::chrono::ceil<std::chrono::seconds>(m_retryAt - m_clock.monotonic()));
}

void ServerConnection::retryNow()
{
    if (m_state != State::Waiting)
        return;
    m_retry.stop();
    dial();
}

QCoro::Task<> ServerConnection::takeUpSession()
{
    const QPointer<ServerConnection> self = this;
    const Result<Account> account = co_await resume(m_token);
    if (!self || account)
        co_return;
    if (account.error().code == ErrorCode::NotAuthenticated || account.error().code == ErrorCode::Expired)
        endSession(ErrorCode::NotAuthenticated);
    else if (m_state == State::Open)
        lost(account.error());
}

QCoro::Task<Result<Account>> ServerConnection::login(QString name, Secret password)
{
    const QPointer<ServerConnection> self = this;
    const Result<QJsonObject> answer = co_await call(u"login"_s, {{u"name"_s, name}, {u"password"_s, QString::fromUtf8(password.reveal())}});
    if (!answer || !self)
        co_return fail(answer ? Error{ErrorCode::Cancelled, u"The window was closed."_s} : answer.error());
    const QByteArray token = answer->value("token"_L1).toString().toUtf8();
    if (token.isEmpty())
        co_return fail(ErrorCode::Malformed, u"%1 gave no session."_s.arg(serverKey(m_server)));
    m_token = Secret(token);
    co_return accept(*answer);
}

QCoro::Task<Result<Account>> ServerConnection::resume(Secret token)
{
    const QPointer<ServerConnection> self = this;
    const Result<QJsonObject> answer = co_await call(u"resume"_s, {{u"token"_s, QString::fromUtf8(token.reveal())}});
    if (!answer || !self)
        co_return fail(answer ? Error{ErrorCode::Cancelled, u"The window was closed."_s} : answer.error());
    m_token = token;
    co_return accept(*answer);
}

Result<Account> ServerConnection::accept(const QJsonObject& answer)
{
    const QJsonObject user = answer["user"_L1].toObject();
    m_account = {user["name"_L1].toString(), user["roles"_L1].toVariant().toStringList(), answer["serverVersion"_L1].toString()};
    m_attempt = 0;
    m_lostAt = {};
    setState(State::LoggedIn);
    emit loggedIn();
    return m_account;
}

QCoro::Task<Status> ServerConnection::logout()
{
    const QPointer<ServerConnection> self = this;
    const Result<QJsonObject> answer = co_await call(u"logout"_s, {});
    if (self)
        endSession(ErrorCode::Cancelled); // whatever the server says: here it is over
    if (!answer)
        co_return fail(answer.error());
    co_return Status();
}

void ServerConnection::endSession(ErrorCode why)
{
    const std::optional<DoubtfulCertificate> doubt = m_doubt;
    close();
    m_doubt = doubt;
    emit sessionEnded(why);
}

QCoro::Task<Result<QJsonObject>> ServerConnection::call(QString method, QJsonObject parameters)
{
    if (!m_line || (m_state != State::Open && m_state != State::LoggedIn))
        co_return fail(ErrorCode::NetworkFailed, u"There is no line to the server for %1."_s.arg(method));
    const qint64 id = ++m_lastId;
    const auto pending = std::make_shared<Pending>();
    pending->method = method;
    pending->promise.start();
    pending->timeout.setSingleShot(true);
    connect(&pending->timeout, &QTimer::timeout, this, [this, id, method] {
        answer(id, fail(ErrorCode::Timeout, u"%1 did not answer %2 in time."_s.arg(serverKey(m_server), method)));
    });
    pending->timeout.start(callLimit);
    m_pending.insert(id, pending);
    const QJsonObject message{{u"jsonrpc"_s, u"2.0"_s}, {u"id"_s, id}, {u"method"_s, method}, {u"params"_s, parameters}};
    m_line->send(QJsonDocument(message).toJson(QJsonDocument::Compact));
    QFuture<Result<QJsonObject>> outcome = pending->promise.future();
    co_return co_await outcome;
}

void ServerConnection::receive(const QByteArray& message)
{
    const QJsonObject object = QJsonDocument::fromJson(message).object();
    const QJsonValue id = object["id"_L1];
    if (id.isUndefined() || id.isNull()) {
        if (const QString method = object["method"_L1].toString(); !method.isEmpty())
            emit notified(method, object["params"_L1].toObject());
        else if (!std::exchange(m_complained, true))
            qCWarning(lcConsole) << serverKey(m_server) << "sent something that is no JSON-RPC message of" << message.size() << "bytes; dropped";
        return;
    }
    const qint64 number = id.toInteger();
    if (!object.contains("error"_L1)) {
        answer(number, object["result"_L1].toObject());
        return;
    }
    const QJsonObject error = object["error"_L1].toObject();
    m_retryAfterSeconds = error["data"_L1].toObject()["retryAfterSeconds"_L1].toInt();
    const auto pending = m_pending.value(number);
    const Error failure = errorFrom(error, pending ? pending->method : QString());
    answer(number, fail(failure));
    if (failure.code == ErrorCode::NotAuthenticated && m_state == State::LoggedIn)
        endSession(ErrorCode::NotAuthenticated);
}

void ServerConnection::answer(qint64 id, Result<QJsonObject> result)
{
    const std::shared_ptr<Pending> pending = m_pending.take(id);
    if (!pending)
        return; // came after its time
    pending->timeout.stop();
    pending->promise.addResult(std::move(result));
    pending->promise.finish();
}

void ServerConnection::failPending(const Error& error)
{
    const QList<qint64> ids = m_pending.keys();
    for (const qint64 id : ids)
        answer(id, fail(error));
}

void ServerConnection::settleOpen(Status status)
{
    if (const auto opening = std::exchange(m_opening, nullptr)) {
        opening->addResult(std::move(status));
        opening->finish();
    }
}

QString ServerConnection::transport() const
{
    if (!m_line)
        return {};
    return m_server.scheme() == "wss"_L1 ? u"%1, TLS"_s.arg(m_line->name()) : m_line->name();
}

void ServerConnection::setState(State state)
{
    if (std::exchange(m_state, state) != state)
        emit stateChanged();
}

} // namespace platen::console
