// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "AgentLinkPrivate.h"

#include "Log.h"

#include <base/Clock.h>

using namespace Qt::StringLiterals;

namespace platen::channel {

namespace {

constexpr std::chrono::milliseconds steadyAfter = std::chrono::seconds(30); ///< a connection that lived so long was a good one

} // namespace

AgentLink::Private::Private(AgentLink* link, Keyring& k, Settings s, OutgoingQueue& outgoing, TransportMaker maker)
    : q(link)
    , keys(k)
    , settings(std::move(s))
    , queue(outgoing)
    , makeTransport(std::move(maker))
    , retry(settings.firstRetry, settings.lastRetry)
    , busy(settings.firstRetry, settings.lastBusy)
{
    for (QTimer* timer : {&wait, &answer, &steady, &pause})
        timer->setSingleShot(true);
    QObject::connect(&wait, &QTimer::timeout, q, [this] { connectNow(); });
    QObject::connect(&answer, &QTimer::timeout, q, [this] { lose({ErrorCode::Timeout, u"The server does not answer."_s}); });
    QObject::connect(&steady, &QTimer::timeout, q, [this] { retry.reset(); });
    QObject::connect(&pause, &QTimer::timeout, q, [this] {
        setState(State::Connected);
        pump();
    });
}

void AgentLink::Private::setState(State next, const QString& why)
{
    if (state == next && reason == why)
        return;
    state = next;
    reason = why;
    emit q->stateChanged(next, why);
}

// Connecting and losing

void AgentLink::Private::connectNow()
{
    wait.stop();
    dropTransport();
    if (candidates.isEmpty())
        candidates = keys.candidates();
    transport = makeTransport();
    transportName = transport->name();
    QObject::connect(transport.get(), &Transport::opened, q, [this] { greet(); });
    QObject::connect(transport.get(), &Transport::received, q, [this](const QByteArray& message) { hear(message); });
    QObject::connect(transport.get(), &Transport::closed, q, [this](const Error& why) { lose(why); });
    setState(State::Connecting, reason); // why the last try failed, until one succeeds
    transport->open(settings.url);
}

void AgentLink::Private::dropTransport()
{
    for (QTimer* timer : {&answer, &steady, &pause})
        timer->stop();
    inFlight.clear();
    inFlightBytes = 0;
    greeting.reset();
    isKeyWanted = isSettled = isHeld = false;
    ++generation;
    rsa.reset();
    rekey.reset();
    if (!transport)
        return;
    transport->disconnect(q);
    transport->close();
    transport.release()->deleteLater();
}

void AgentLink::Private::lose(const Error& why)
{
    const bool wasGreeting = state == State::Greeting;
    const std::chrono::milliseconds away = transport ? transport->pause() : std::chrono::seconds();
    dropTransport();
    const bool isRefused = why.code == ErrorCode::PermissionDenied;
    if (wasGreeting && candidates.size() > 1 && (isRefused || why.code == ErrorCode::Malformed)) {
        candidates.removeFirst(); // the server does not know this key: it died, or was put back, while we changed it
        return comeBack(why.detail, std::chrono::milliseconds(0));
    }
    candidates.clear();
    if (isRefused)
        return hibernate(why.detail, settings.hibernation);
    const auto delay = std::max(retry.next(), away);
    qCDebug(log) << "connection lost, next try in" << delay << why;
    comeBack(why.detail, delay);
}

void AgentLink::Private::comeBack(const QString& why, std::chrono::milliseconds delay)
{
    setState(State::Waiting, why);
    wait.start(delay);
}

void AgentLink::Private::hibernate(const QString& why, std::chrono::milliseconds time)
{
    dropTransport();
    candidates.clear();
    setState(State::Hibernating, why);
    wait.start(jittered(time));
}

// Greeting

void AgentLink::Private::greet()
{
    setState(State::Greeting, reason);
    greeting = std::make_unique<AgentGreeting>(identity());
    answer.start(settings.answerTime);
    protocol::Hello hello;
    hello.nextSeq = nextSeq = std::max(queue.nextSeq(), keys.resumesAfter(identity().epoch) + 1);
    hello.bootId = settings.bootId;
    hello.session = keys.session();
    hello.acknowledged = queue.acknowledgedSeq();
    sendGreeting(protocol::EnvelopeType::Hello, greeting->hello(hello, Clock::system().now()));
}

void AgentLink::Private::sendGreeting(protocol::EnvelopeType type, const QByteArray& envelope)
{
    emit q->greetingSent(type, envelope.size());
    transport->send(envelope); // may lose the connection on the spot
}

void AgentLink::Private::hear(const QByteArray& message)
{
    if (state == State::Greeting)
        acceptGreeting(message);
    else if (state == State::Connected)
        take(message);
}

void AgentLink::Private::acceptGreeting(const QByteArray& message)
{
    const Result<protocol::HelloAck> ack = greeting->accept(message);
    if (!ack)
        return lose(ack.error());
    const quint32 epoch = identity().epoch;
    isBehind = ack->hwm >= nextSeq; // this is a copy, or was put back: the server says what now
    isHeld = isBehind || epoch > keys.current().epoch;
    if (epoch < keys.current().epoch) // the server was put back to before the change, and proved itself
        if (const Status settled = keepKey(); !settled)
            return lose(settled.error());
    sendGreeting(protocol::EnvelopeType::Ready,
        greeting->ready(isBehind ? keys.session() : keys.countSession(), Clock::system().now(), transport->note()));
    if (state != State::Greeting)
        return;
    sent = highest = stored = ack->hwm;
    resends = 0;
    echoes = 0;
    isProbing = false;
    steady.start(steadyAfter);
    isHeld ? answer.start(settings.answerTime) : answer.stop();
    if (!isHeld)
        takeStored();
    setState(State::Connected);
    emit q->greeted(*ack);
    if (state == State::Connected && !isHeld)
        emit q->acknowledged(stored);
    pump();
}

bool AgentLink::Private::settle()
{
    if (isSettled)
        return true;
    if (const Status settled = keepKey(); !settled) {
        lose(settled.error());
        return false;
    }
    isSettled = true;
    isAwaited = false;
    candidates = {identity()};
    if (!isHeld || isBehind)
        return true;
    isHeld = false;
    answer.stop();
    qCInfo(log) << "the server has confirmed key" << identity().epoch;
    takeStored();
    emit q->acknowledged(stored);
    return state == State::Connected;
}

void AgentLink::Private::takeStored()
{
    if (const quint64 after = keys.resumesAfter(identity().epoch))
        queue.resumeAfter(after);
    queue.acknowledged(stored);
}

// For all to use

AgentLink::AgentLink(Keyring& keys, Settings settings, OutgoingQueue& queue, TransportMaker makeTransport, QObject* parent)
    : QObject(parent)
    , d(std::make_unique<Private>(this, keys, std::move(settings), queue, std::move(makeTransport)))
{
}

AgentLink::~AgentLink()
{
    d->dropTransport();
}

void AgentLink::start()
{
    if (d->state == State::Stopped)
        d->connectNow();
}

void AgentLink::stop()
{
    d->wait.stop();
    d->dropTransport();
    d->setState(State::Stopped);
}

void AgentLink::wake()
{
    d->pump();
}

void AgentLink::tryNow()
{
    if (d->state == State::Waiting || d->state == State::Hibernating)
        d->connectNow();
}

void AgentLink::reconnect()
{
    if (d->state == State::Connected || d->state == State::Greeting || d->state == State::Connecting)
        d->connectNow();
}

AgentLink::State AgentLink::state() const
{
    return d->state;
}

QString AgentLink::reason() const
{
    return d->reason;
}

bool AgentLink::isChangingKey() const
{
    return d->isKeyWanted || d->isAwaited;
}

QString AgentLink::transportName() const
{
    return d->transportName;
}

} // namespace platen::channel
