// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Keyring.h"
#include "OutgoingQueue.h"
#include "TlsTrust.h"
#include "Transport.h"

#include <protocol/Messages.h>

#include <QObject>
#include <QUrl>

#include <chrono>
#include <functional>
#include <memory>

namespace platen::channel {

/// The agent's side of PROTOCOL §3.2: connects, greets (HELLO, HELLO_ACK, READY), sends the queue's envelopes in order,
/// follows the server's answers, changes its key when asked to (§3.5), and comes back by itself after every loss. Lives on one
/// thread; keys and queue must outlive it.
class AgentLink : public QObject {
    Q_OBJECT

public:
    enum class State {
        Stopped,
        Connecting,
        Greeting,    ///< connected, server not proven yet
        Connected,   ///< READY is sent: envelopes flow
        Waiting,     ///< for the next try, 1 s … 5 min
        Hibernating, ///< the server refuses this agent: asks again once a day, as a copy every ten minutes
    };
    Q_ENUM(State)

    struct Settings {
        QUrl url;       ///< of the socket: wss://host:8443/a/v2/socket
        QByteArray bootId; ///< 16 bytes, new at each start of the agent
        int window = 32;   ///< envelopes sent and not yet acknowledged
        qint64 windowBytes = 2 << 20;
        std::chrono::milliseconds firstRetry{1'000};
        std::chrono::milliseconds lastRetry{300'000};
        std::chrono::milliseconds lastBusy{30'000}; ///< between tries while the server is busy or its disk is full
        std::chrono::milliseconds answerTime{30'000}; ///< for HELLO_ACK; for the next ACK while envelopes wait: twice that
        std::chrono::milliseconds hibernation{86'400'000};
        std::chrono::milliseconds forkRetry{600'000}; ///< of a copy, while an administrator has not decided
    };

    /// Makes a fresh transport for each try, so that other kinds fit in.
    using TransportMaker = std::function<std::unique_ptr<Transport>()>;

    AgentLink(Keyring& keys, Settings settings, OutgoingQueue& queue, TransportMaker makeTransport, QObject* parent = nullptr);
    ~AgentLink() override;

    void start();  ///< connects, and keeps at it until stop()
    void stop();   ///< closes; what is not acknowledged stays in the queue
    void wake();   ///< the queue has something new; cheap, call it after each append
    void tryNow(); ///< does not wait for the next try, nor for the end of hibernation

    void reconnect(); ///< takes a fresh transport in place of the present one; loses nothing

    State state() const;
    QString reason() const;        ///< what went wrong last, an English sentence; empty once connected and all is well
    bool isChangingKey() const;    ///< asked for a new key, or has one that the server has not confirmed
    QString transportName() const; ///< of the current or last connection; empty before the first

signals:
    void stateChanged(platen::channel::AgentLink::State state, QString reason);
    void acknowledged(quint64 hwm);
    void fullReadingsWanted(QList<quint64> localDeviceIds);
    void configReceived(platen::protocol::Config config);
    /// HELLO, READY or REKEY left: the envelopes that do not come from the queue. `bytes` is the envelope's size.
    void greetingSent(platen::protocol::EnvelopeType type, qsizetype bytes);
    void greeted(platen::protocol::HelloAck answer); ///< once per connection: server time, configRevision, …

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace platen::channel
