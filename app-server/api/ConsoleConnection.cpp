// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ConsoleConnection.h"

#include "Catalogue.h"
#include "Changes.h"
#include "Dispatcher.h"
#include "Log.h"
#include "Notices.h"

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace platen::api {

namespace {

// RFC 6455 §7.4.1
constexpr quint16 unsupportedData = 1003;
constexpr quint16 policyViolation = 1008;

} // namespace

ConsoleConnection::ConsoleConnection(
    std::unique_ptr<Line> line, Services services, ConsoleLimits limits, QObject* parent)
    : QObject(parent)
    , m_line(std::move(line))
    , m_services(services)
    , m_limits(std::move(limits))
    , m_connection(std::make_shared<Connection>())
    , m_credit(m_limits.burst)
    , m_creditAt(services.clock.monotonic())
{
    m_connection->source = m_line->peer();
    m_limits.feed.isCongested = [this] {
        return !m_answers.isEmpty() || m_line->pendingBytes() > m_limits.pendingBytes / 4;
    };
    m_feed = new Feed(services.changes, services.notices, m_limits.feed, this);
    m_connection->subscribe = [this](const QSet<Topic>& topics) { m_feed->subscribe(m_connection->tokenHash, topics); };
    connect(m_feed, &Feed::notify, this, [this](const QString& method, const QJsonObject& parameters) {
        if (!m_isClosed)
            m_line->send(jsonRpc::notification(method, parameters));
    });
    connect(&services.sessions, &access::Sessions::ended, this, [this](const QByteArray& tokenHash) {
        if (m_connection->tokenHash != tokenHash)
            return;
        m_connection->tokenHash.clear();
        m_feed->subscribe({}, {});
    });
    m_deliverLater.setSingleShot(true);
    m_deliverLater.setInterval(25ms);
    connect(&m_deliverLater, &QTimer::timeout, this, &ConsoleConnection::deliver);
    m_signInWatch.start(m_limits.signIn);
    connect(&m_signInWatch, &QTimer::timeout, this, &ConsoleConnection::watchSignIn);
}

/// Calls under way still hold m_connection.
ConsoleConnection::~ConsoleConnection()
{
    m_connection->subscribe = [](const QSet<Topic>&) { };
}

void ConsoleConnection::receive(const QByteArray& message, bool isBinary)
{
    if (m_isClosed)
        return;
    if (isBinary)
        return close(unsupportedData, "text messages only");
    const auto parsed = jsonRpc::parse(message);
    if (const auto* fault = std::get_if<jsonRpc::Fault>(&parsed))
        return reject(*fault);
    call(std::get<jsonRpc::Request>(parsed));
}

void ConsoleConnection::reject(const jsonRpc::Fault& fault)
{
    if (++m_faults == 1)
        qCInfo(lcApi).noquote() << "a console at" << m_connection->source.toString()
                                << "sends what is no call:" << fault.error.detail;
    if (m_faults > m_limits.faults)
        return close(policyViolation, "too many messages that are no calls");
    ++m_underWay;
    put(jsonRpc::error(fault));
}

void ConsoleConnection::call(const jsonRpc::Request& request)
{
    ++m_underWay;
    if (const auto refused = refusal())
        return answer(request.id, std::unexpected(*refused));
    const Call* call = m_services.catalogue.find(request.method);
    if (!call)
        return request.id.isUndefined() ? forget()
                                        : put(jsonRpc::error(request.id, jsonRpc::methodNotFound,
                                              {ErrorCode::NotFound, u"there is no call %1"_s.arg(request.method)}));
    QCoro::connect(m_services.dispatcher.run(call, m_connection, request.parameters), this,
        [this, id = request.id](const Answer& outcome) { answer(id, outcome); });
}

/// Why a call that has come now is too many; counted in m_underWay already.
std::optional<CallError> ConsoleConnection::refusal()
{
    const auto now = m_services.clock.monotonic();
    const std::chrono::duration<double> passed = now - m_creditAt;
    m_credit = std::min<double>(m_limits.burst, m_credit + passed.count() * m_limits.callsPerSecond);
    m_creditAt = now;
    if (m_credit < 1) {
        CallError error(ErrorCode::LimitExceeded, u"more than %1 calls a second"_s.arg(m_limits.callsPerSecond));
        error.retryAfterSeconds = 1;
        return error;
    }
    m_credit -= 1;
    if (m_underWay > m_limits.callsInFlight)
        return CallError(ErrorCode::LimitExceeded, u"more than %1 calls under way"_s.arg(m_limits.callsInFlight));
    return std::nullopt;
}

void ConsoleConnection::answer(const QJsonValue& id, const Answer& answer)
{
    if (id.isUndefined())
        return forget();
    put(answer ? jsonRpc::result(id, *answer)
               : jsonRpc::error(id, jsonRpc::codeOf(answer.error().error.code), answer.error()));
}

/// The end of a call that nobody waits for.
void ConsoleConnection::forget() { --m_underWay; }

/// A call is under way until its answer has gone out, so that who calls and never reads is stopped by the limit.
void ConsoleConnection::put(const QByteArray& message)
{
    if (m_isClosed)
        return;
    m_answers.enqueue(message);
    // Refusals have no place among the calls to wait for: whoever piles them up does not read.
    if (m_answers.size() > 4 * m_limits.callsInFlight)
        return close(policyViolation, "answers are not read");
    deliver();
}

void ConsoleConnection::deliver()
{
    while (!m_isClosed && !m_answers.isEmpty()) {
        const qint64 pending = m_line->pendingBytes();
        if (pending > 0 && pending + m_answers.head().size() > m_limits.pendingBytes)
            return m_deliverLater.start();
        m_line->send(m_answers.dequeue());
        --m_underWay;
    }
}

void ConsoleConnection::close(quint16 code, const QByteArray& reason)
{
    qCInfo(lcApi).noquote() << "closed a console's connection from" << m_connection->source.toString() << ":" << reason;
    m_isClosed = true;
    m_answers.clear();
    m_feed->subscribe({}, {});
    m_line->close(code, reason);
}

void ConsoleConnection::watchSignIn()
{
    const bool isSignedOut = m_connection->tokenHash.isEmpty();
    if (isSignedOut && m_wasSignedOut && !m_isClosed)
        return close(policyViolation, "nobody signed in");
    m_wasSignedOut = isSignedOut;
}

} // namespace platen::api
