// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Credentials.h"
#include "Value.h"

#include <QCoro/QCoroTask>
#include <QHostAddress>
#include <QList>
#include <QObject>

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>

namespace platen::snmp {

class Exchange;

/// Tries of a request to a device that has answered before: it is there, so silence is the network's.
inline constexpr int patientTries = 6;

/// One device to talk to.
struct Target {
    QHostAddress address;
    quint16 port = 161;
    Credentials credentials;
    std::chrono::milliseconds timeout{1000}; ///< of one try; with patientTries the first two wait a quarter of it, the third a half
    int tries = 3;
};

struct WalkLimits {
    qsizetype varBinds = 20'000;
    qint64 bytes = 5 << 20; ///< of OIDs and values
    std::chrono::seconds time{300};
    int maxRepetitions = 20;
    std::stop_token stop = {}; ///< ends the walk; what was read until then comes back
};

/// Counted since the engine was made; malformed, foreign, late and unauthentic answers are dropped and seen only here.
struct EngineCounters {
    quint64 sent = 0;
    quint64 answered = 0;
    quint64 timedOut = 0;
    quint64 foreign = 0; ///< right request id, wrong source address or port
    quint64 late = 0; ///< answers nobody is waiting for
    quint64 malformed = 0; ///< datagrams that are no answer of SNMP
    quint64 reports = 0; ///< of v3: engines that told their id or what is wrong with a request
    quint64 unauthentic = 0; ///< of v3: answers with a wrong digest, or at another security level than the request
};

/// Talks SNMP to any number of devices over one UDP socket per address family, on the thread it lives on; a device is asked two
/// things at a time at most, further requests to it wait. Knows bytes and OIDs, nothing of printers. The engine must outlive its
/// tasks: one that still waits when the engine goes is never resumed.
class Engine : public QObject {
    Q_OBJECT

public:
    explicit Engine(QObject* parent = nullptr);
    ~Engine() override;

    /// The values of `oids` (at most 64), in that order; objects that are not there come with an exception as their value
    /// (v1: the one named by noSuchName is taken out and the rest asked again; what is tooBig is asked in halves). Fails with
    /// Timeout, NetworkFailed, InvalidInput (credentials that cannot be), PermissionDenied (refused, with what to check) or
    /// Malformed (an SNMPv3 engine that contradicts itself).
    QCoro::Task<Result<VarBinds>> get(Target target, QList<Oid> oids);

    /// GETBULK of v2c; with v1 a GETNEXT of all `oids`. Same errors as get. What comes back is as the device sent it.
    QCoro::Task<Result<VarBinds>> getBulk(Target target, QList<Oid> oids, int nonRepeaters, int maxRepetitions);

    /// Everything below `root`, in order. A device that goes backwards, repeats itself or passes a limit ends the walk: what
    /// was read until then comes back, `truncated` says so. Fails with Timeout only when nothing at all was answered.
    struct Walked {
        VarBinds varBinds;
        QString truncated; ///< empty, or why the walk ended early, as an English sentence
    };
    /// `progress`, when set, hears the number of objects read so far after each answer.
    QCoro::Task<Result<Walked>> walk(
        Target target, Oid root, WalkLimits limits = {}, std::function<void(qsizetype)> progress = {});

    /// Spares the discovery of an SNMPv3 engine that a sweep has just heard (RFC 3414 §4). What a device is heard to be later wins.
    void remember(const QHostAddress& address, quint16 port, const QByteArray& engineId, quint32 boots, quint32 time);

    const EngineCounters& counters() const;

private:
    std::unique_ptr<Exchange> m_exchange;
};

} // namespace platen::snmp
