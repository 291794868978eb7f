// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "AgentLink.h"

#include "AgentGreeting.h"
#include "Backoff.h"
#include "Log.h"

#include <base/Clock.h>

#include <QTimer>

#include <deque>

using namespace Qt::StringLiterals;

namespace platen::channel {

namespace {

constexpr int mostResends = 5;                                    ///< from the same number, without any progress
constexpr std::chrono::milliseconds steadyAfter = std::chrono::seconds(30); ///< a connection that lived so long was a good one

} // namespace

class AgentLink::Private {
public:
    struct InFlight {
        quint64 seq = 0;
        qint64 bytes = 0;
    };

    Private(AgentLink* link, AgentIdentity i, Settings s, OutgoingQueue& outgoing, TransportMaker maker)
        : q(link)
        , identity(std::move(i))
        , settings(std::move(s))
        , queue(outgoing)
        , makeTransport(std::move(maker))
        , retry(settings.firstRetry, settings.lastRetry)
        , busy(settings.firstRetry, settings.lastRetry)
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

    void setState(State next, const QString& why = {})
    {
        if (state == next && reason == why)
            return;
        state = next;
        reason = why;
        emit q->stateChanged(next, why);
    }

    // Connecting and losing

    void connectNow()
    {
        wait.stop();
        dropTransport();
        transport = makeTransport();
        transportName = transport->name();
        QObject::connect(transport.get(), &Transport::opened, q, [this] { greet(); });
        QObject::connect(transport.get(), &Transport::received, q, [this](const QByteArray& message) { hear(message); });
        QObject::connect(transport.get(), &Transport::closed, q, [this](const Error& why) { lose(why); });
        setState(State::Connecting, reason); // why the last try failed, until one succeeds
        transport->open(settings.url);
    }

    /// Called from the transport's own signals, too: it goes when they are through.
    void dropTransport()
    {
        for (QTimer* timer : {&answer, &steady, &pause})
            timer->stop();
        inFlight.clear();
        inFlightBytes = 0;
        greeting.reset();
        if (!transport)
            return;
        transport->disconnect(q);
        transport->close();
        transport.release()->deleteLater();
    }

    void lose(const Error& why)
    {
        const std::chrono::milliseconds away = transport ? transport->pause() : std::chrono::seconds();
        dropTransport();
        if (why.code == ErrorCode::PermissionDenied || why.code == ErrorCode::Conflict)
            return hibernate(why.detail);
        const auto delay = std::max(retry.next(), away);
        qCDebug(log) << "connection lost, next try in" << delay << why;
        setState(State::Waiting, why.detail);
        wait.start(delay);
    }

    void hibernate(const QString& why)
    {
        dropTransport();
        setState(State::Hibernating, why);
        wait.start(jittered(settings.hibernation));
    }

    // Greeting

    void greet()
    {
        setState(State::Greeting, reason);
        greeting = std::make_unique<AgentGreeting>(identity);
        answer.start(settings.answerTime);
        sendGreeting(protocol::EnvelopeType::Hello, greeting->hello(queue.nextSeq(), settings.bootId, Clock::system().now()));
    }

    void sendGreeting(protocol::EnvelopeType type, const QByteArray& envelope)
    {
        emit q->greetingSent(type, envelope.size());
        transport->send(envelope); // may lose the connection on the spot
    }

    void hear(const QByteArray& message)
    {
        if (state == State::Greeting)
            acceptGreeting(message);
        else if (state == State::Connected)
            take(message);
    }

    void acceptGreeting(const QByteArray& message)
    {
        const Result<protocol::HelloAck> ack = greeting->accept(message);
        if (!ack)
            return lose(ack.error());
        sendGreeting(protocol::EnvelopeType::Ready, greeting->ready(Clock::system().now()));
        if (state != State::Greeting)
            return;
        answer.stop();
        sent = highest = stored = ack->hwm;
        resends = 0;
        echoes = 0;
        isProbing = false;
        steady.start(steadyAfter);
        queue.acknowledged(stored);
        setState(State::Connected);
        emit q->greeted(*ack);
        if (state == State::Connected)
            emit q->acknowledged(stored);
        pump();
    }

    // Sending

    void pump()
    {
        while (state == State::Connected && !pause.isActive() && hasRoom()) {
            const std::optional<OutgoingEnvelope> next = queue.nextAfter(sent);
            if (!next)
                break;
            sent = next->seq;
            highest = std::max(highest, sent);
            inFlight.push_back({next->seq, next->bytes.size()});
            inFlightBytes += next->bytes.size();
            if (!answer.isActive())
                answer.start(settings.answerTime * 2);
            transport->send(next->bytes); // may lose the connection on the spot
        }
    }

    bool hasRoom() const
    {
        const size_t window = isProbing ? 1 : static_cast<size_t>(settings.window);
        return inFlight.size() < window && inFlightBytes < settings.windowBytes;
    }

    // Answers

    void take(const QByteArray& message)
    {
        const Result<protocol::ServerMessage> opened = greeting->open(message);
        if (!opened && opened.error().code == ErrorCode::Unsupported) {
            qCInfo(log).noquote() << "passed over a message of a newer server:" << opened.error().detail;
            return;
        }
        if (!opened)
            return lose(opened.error());
        if (const auto* ack = std::get_if<protocol::Ack>(&*opened))
            takeAck(*ack);
        else if (const auto* config = std::get_if<protocol::Config>(&*opened))
            emit q->configReceived(*config);
    }

    void takeAck(const protocol::Ack& ack)
    {
        if (ack.hwm > highest)
            return lose({ErrorCode::Malformed,
                u"The server acknowledged message %1, but the last one sent is %2."_s.arg(ack.hwm).arg(highest)});
        const bool isProgress = ack.hwm > stored;
        if (isProgress)
            forget(ack.hwm);
        if (!ack.full.isEmpty())
            emit q->fullReadingsWanted(ack.full);
        if (state != State::Connected) // a listener may have stopped us
            return;
        switch (ack.code) {
        case protocol::AckCode::Ok: takeOk(isProgress); break;
        case protocol::AckCode::Nak: sendAgain(ack.hwm); break;
        case protocol::AckCode::Busy: rest(ack.hwm); break;
        case protocol::AckCode::Refused:
            hibernate(u"The server refuses this agent: it was deactivated or has expired."_s);
            break;
        case protocol::AckCode::Fork:
            hibernate(u"The server has another message under this agent's number: its folder was copied or put back to an older "
                      "state. Deactivate it at the server and activate again."_s);
            break;
        }
    }

    void forget(quint64 hwm)
    {
        stored = hwm;
        sent = std::max(sent, hwm);
        echoes = 0;
        resends = 0;
        while (!inFlight.empty() && inFlight.front().seq <= hwm) {
            inFlightBytes -= inFlight.front().bytes;
            inFlight.pop_front();
        }
        answer.stop();
        if (!inFlight.empty())
            answer.start(settings.answerTime * 2);
        queue.acknowledged(hwm);
        emit q->acknowledged(hwm);
    }

    void takeOk(bool isProgress)
    {
        if (isProgress) {
            isProbing = false;
            retry.reset();
            busy.reset();
        }
        pump();
    }

    /// Every envelope that was on its way behind the missing one is refused as well; the first refusal starts over, the others are
    /// echoes of it.
    void sendAgain(quint64 hwm)
    {
        if (pause.isActive())
            return;
        if (echoes > 0 && hwm == resentFrom) {
            --echoes;
            return;
        }
        if (hwm != resentFrom)
            resends = 0;
        if (++resends > mostResends)
            return lose({ErrorCode::NetworkFailed,
                u"The server asks for message %1 again and again, although it is sent each time."_s.arg(hwm + 1)});
        echoes = inFlight.empty() ? 0 : inFlight.size() - 1;
        resentFrom = hwm;
        startOver(hwm);
        pump();
    }

    /// The server cannot store now: what is on its way comes back later, one at first.
    void rest(quint64 hwm)
    {
        startOver(hwm);
        if (pause.isActive())
            return;
        isProbing = true;
        pause.start(busy.next());
        setState(State::Connected, u"The server is busy or its disk is full: it takes nothing for now."_s);
    }

    void startOver(quint64 hwm)
    {
        sent = hwm;
        inFlight.clear();
        inFlightBytes = 0;
        answer.stop();
    }

    AgentLink* q;
    const AgentIdentity identity;
    const Settings settings;
    OutgoingQueue& queue;
    const TransportMaker makeTransport;
    std::unique_ptr<Transport> transport;
    std::unique_ptr<AgentGreeting> greeting;
    QString transportName;
    State state = State::Stopped;
    QString reason;
    Backoff retry;
    Backoff busy;
    QTimer wait;   ///< for the next try
    QTimer answer; ///< until the server must have answered
    QTimer steady; ///< until the connection counts as a good one
    QTimer pause;  ///< while the server is busy
    std::deque<InFlight> inFlight;
    qint64 inFlightBytes = 0;
    quint64 sent = 0;       ///< the last number sent, and not to be sent again
    quint64 highest = 0;    ///< the highest number ever sent in this connection, or stored before it
    quint64 stored = 0;     ///< the server's hwm
    quint64 resentFrom = 0; ///< hwm of the last NAK that was followed
    size_t echoes = 0;      ///< further NAKs to expect from envelopes sent before that
    int resends = 0;
    bool isProbing = false; ///< after a pause: one envelope until it is stored
};

AgentLink::AgentLink(AgentIdentity identity, Settings settings, OutgoingQueue& queue, TransportMaker makeTransport, QObject* parent)
    : QObject(parent)
    , d(std::make_unique<Private>(this, std::move(identity), std::move(settings), queue, std::move(makeTransport)))
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

AgentLink::State AgentLink::state() const
{
    return d->state;
}

QString AgentLink::reason() const
{
    return d->reason;
}

QString AgentLink::transportName() const
{
    return d->transportName;
}

} // namespace platen::channel
