// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "AgentGreeting.h"
#include "AgentLink.h"
#include "Backoff.h"
#include "Rekeying.h"

#include <QTimer>

#include <deque>

namespace platen::channel {

/// The work of AgentLink: connecting and greeting in AgentLink.cpp, what is sent and answered in AgentLinkAnswers.cpp.
class AgentLink::Private {
public:
    struct InFlight {
        quint64 seq = 0;
        qint64 bytes = 0;
    };

    Private(AgentLink* link, Keyring& k, Settings s, OutgoingQueue& outgoing, TransportMaker maker);

    void setState(State next, const QString& why = {});

    // Connecting and losing

    void connectNow();
    /// Called from the transport's own signals, too: it goes when they are through.
    void dropTransport();
    void lose(const Error& why);
    void comeBack(const QString& why, std::chrono::milliseconds delay);
    void hibernate(const QString& why, std::chrono::milliseconds time);

    // Greeting

    void greet();
    void sendGreeting(protocol::EnvelopeType type, const QByteArray& envelope);
    void hear(const QByteArray& message);
    void acceptGreeting(const QByteArray& message);
    /// The first word of the server after READY: it has READY, and so this key counts from now on.
    bool settle();
    Status keepKey() { return keys.settle(identity().epoch, queue.acknowledgedSeq(), queue.nextSeq() - 1); }
    void takeStored();

    // Sending

    void pump();
    bool hasRoom() const;

    // Answers

    void take(const QByteArray& message);
    void takeAck(const protocol::Ack& ack);
    void forget(quint64 hwm);
    void takeOk(bool isProgress);
    /// Every envelope that was on its way behind the missing one is refused as well; the first refusal starts over, the others are
    /// echoes of it.
    void sendAgain(quint64 hwm);
    /// The server cannot store now: what is on its way comes back later, one at first.
    void rest(quint64 hwm);
    void startOver(quint64 hwm);

    // A new key

    void wantKey();
    /// Once nothing is on its way: what was sealed under this key and comes after the change would be lost.
    void askForKey();
    void takeKey(const protocol::RekeyReply& reply);

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

} // namespace platen::channel
