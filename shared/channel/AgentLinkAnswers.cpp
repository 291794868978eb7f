// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "AgentLinkPrivate.h"

#include "Log.h"

#include <base/Clock.h>

#include <QtConcurrent/QtConcurrentRun>

using namespace Qt::StringLiterals;

namespace platen::channel {

namespace {

constexpr int mostResends = 5; ///< from the same number, without any progress

} // namespace

// Sending

void AgentLink::Private::pump()
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

bool AgentLink::Private::hasRoom() const
{
    const size_t window = isProbing ? 1 : static_cast<size_t>(settings.window);
    return inFlight.size() < window && inFlightBytes < settings.windowBytes;
}

// Answers

void AgentLink::Private::take(const QByteArray& message)
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

void AgentLink::Private::takeAck(const protocol::Ack& ack)
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

void AgentLink::Private::forget(quint64 hwm)
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

void AgentLink::Private::takeOk(bool isProgress)
{
    if (isProgress) {
        isProbing = false;
        retry.reset();
        busy.reset();
    }
    pump();
}

void AgentLink::Private::sendAgain(quint64 hwm)
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

void AgentLink::Private::rest(quint64 hwm)
{
    startOver(hwm);
    if (pause.isActive())
        return;
    isProbing = true;
    pause.start(busy.next());
    setState(State::Connected, u"The server is busy or its disk is full: it takes nothing for now."_s);
}

void AgentLink::Private::startOver(quint64 hwm)
{
    sent = hwm;
    inFlight.clear();
    inFlightBytes = 0;
    answer.stop();
}

// A new key

void AgentLink::Private::wantKey()
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

void AgentLink::Private::askForKey()
{
    if (!rsa || state != State::Connected || !inFlight.empty())
        return;
    rekey = std::make_unique<AgentRekey>(std::move(*rsa), stored);
    rsa.reset();
    answer.start(settings.answerTime);
    sendGreeting(protocol::EnvelopeType::Rekey, greeting->rekey(rekey->request(), Clock::system().now()));
}

void AgentLink::Private::takeKey(const protocol::RekeyReply& reply)
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

} // namespace platen::channel
