// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "AgentLink.h"

#include "AgentGreeting.h"
#include "Backoff.h"
#include "Log.h"
#include "Rekeying.h"

#include <base/Clock.h>

#include <QTimer>
#include <QtConcurrent/QtConcurrentRun>

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

    Private(AgentLink* link, Keyring& k, Settings s, OutgoingQueue& outgoing, TransportMaker maker)
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

    /// Called from the transport's own signals, too: it goes when they are through.
    void dropTransport()
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

    void lose(const Error& why)
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

    void comeBack(const QString& why, std::chrono::milliseconds delay)
    {
        setState(State::Waiting, why);
        wait.start(delay);
    }

    void hibernate(const QString& why, std::chrono::milliseconds time)
    {
        dropTransport();
        candidates.clear();
        setState(State::Hibernating, why);
        wait.start(jittered(time));
    }

    // Greeting

    void greet()
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

    /// The first word of the server after READY: it has READY, and so this key counts from now on.
    bool settle()
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

    Status keepKey() { return keys.settle(identity().epoch, queue.acknowledgedSeq(), queue.nextSeq() - 1); }

    void takeStored()
    {
        if (const quint64 after = keys.resumesAfter(identity().epoch))
            queue.resumeAfter(after);
        queue.acknowledged(stored);
    }

    // Sending

    void pump()
    {
        while (state == State::Connected && !isHeld && !rsa && !rekey && !pause.isActive() && hasRoom()) {
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
        if (!settle())
            return;
        if (const auto* ack = std::get_if<protocol::Ack>(&*opened))
            takeAck(*ack);
        else if (const auto* config = std::get_if<protocol::Config>(&*opened))
            emit q->configReceived(*config);
        else if (const auto* reply = std::get_if<protocol::RekeyReply>(&*opened))
            takeKey(*reply);
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
        case protocol::AckCode::Nak: isKeyWanted ? startOver(ack.hwm) : sendAgain(ack.hwm); break;
        case protocol::AckCode::Busy: rest(ack.hwm); break;
        case protocol::AckCode::Rekey: wantKey(); break;
        case protocol::AckCode::Refused:
            return hibernate(u"The server refuses this agent: it was deactivated or has expired."_s, settings.hibernation);
        case protocol::AckCode::Fork:
            return hibernate(u"The server refuses this agent: another copy of it has called, or its folder was put back to an older "
                             "state. If this is the one that shall go on, an administrator of the server says so: platen-server "
                             "agent rekey. What waits here is kept."_s,
                settings.forkRetry);
        }
        askForKey();
    }

    // A new key

    void wantKey()
    {
        if (isKeyWanted && !rekey)
            return; // it is being made
        rekey.reset(); // something came in between: once more
        isKeyWanted = true;
        QtConcurrent::run([] { return std::make_shared<crypto::RsaKey>(crypto::generateRsa()); })
            .then(q, [this, wanted = generation](std::shared_ptr<crypto::RsaKey> made) {
                if (wanted != generation) // that connection is gone
                    return;
                rsa = std::move(made);
                askForKey();
            });
        pump();
    }

    /// Once nothing is on its way: what was sealed under this key and comes after the change would be lost.
    void askForKey()
    {
        if (!rsa || state != State::Connected || !inFlight.empty())
            return;
        rekey = std::make_unique<AgentRekey>(std::move(*rsa), stored);
        rsa.reset();
        answer.start(settings.answerTime);
        sendGreeting(protocol::EnvelopeType::Rekey, greeting->rekey(rekey->request(), Clock::system().now()));
    }

    void takeKey(const protocol::RekeyReply& reply)
    {
        if (!rekey)
            return lose({ErrorCode::Malformed, u"The server sent a key that nobody asked for."_s});
        const quint32 next = identity().epoch + 1;
        const Result<Secret> root = rekey->finish(reply, identity().keys.root, next);
        if (!root)
            return lose(root.error());
        if (const Status kept = keys.add(next, *root, isBehind ? stored : 0); !kept) {
            qCWarning(log) << "cannot keep the new key; the old one goes on:" << kept.error();
            rekey.reset();
            isKeyWanted = false;
            answer.stop();
            return pump();
        }
        isAwaited = true;
        dropTransport();
        candidates.clear();
        comeBack({}, std::chrono::milliseconds(0)); // and greets under the new one
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

    const AgentIdentity& identity() const { return candidates.first(); }

    AgentLink* q;
    Keyring& keys;
    QList<AgentIdentity> candidates; ///< keys to greet with; the first is that of this connection
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
    quint64 nextSeq = 0;      ///< as HELLO said
    bool isBehind = false;    ///< the server has what we never sent, or sent before we were put back
    bool isHeld = false;      ///< nothing is sent before the server has said what it takes
    bool isSettled = false;   ///< the server has spoken after READY
    bool isAwaited = false;   ///< a new key that is not settled
    bool isKeyWanted = false; ///< by the server
    int generation = 0;       ///< of the connection
    std::shared_ptr<crypto::RsaKey> rsa; ///< made for a REKEY that waits until nothing is on its way
    std::unique_ptr<AgentRekey> rekey;   ///< asked
    bool isProbing = false; ///< after a pause: one envelope until it is stored
};

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
