// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "UsmMessage.h"

#include <QHash>

#include <chrono>

namespace platen::snmp {

/// Where a device is asked. Two ports of one address may be two devices behind a router.
struct Host {
    QHostAddress address;
    quint16 port = 161;

    bool operator==(const Host&) const = default;
};
size_t qHash(const Host& host, size_t seed = 0);

/// What an SNMPv3 engine reports instead of an answer (RFC 3414 §5 usmStats, RFC 3412 §5 snmpMPDStats, RFC 3413 §4.1.2).
enum class Report {
    UnsupportedLevel,
    NotInTimeWindow,
    UnknownUser,
    UnknownEngine,
    WrongDigest,
    NotDecrypted,
    UnknownContext,
    Other
};

/// The user-based security model (RFC 3414) as the one who asks needs it: which engine is at a host and how late it is there,
/// the keys for it, messages sealed and opened. No I/O. Engine ids are what devices claim, so everything is kept by host, never
/// by engine id: two clones of one id, with clocks of their own, are two hosts, and a device that claims the id of another
/// changes nothing for that one.
class Usm {
public:
    /// What a message that was sent lets expect.
    struct Expected {
        bool isDiscovery = false;
        bool isAuthenticated = false;
        bool isEncrypted = false;
        QByteArray engineId = {};
        UsmKeys keys = {};
    };
    struct Sealed {
        QByteArray datagram;
        Expected expected;
    };
    /// What an incoming message turned out to be.
    struct Heard {
        enum class Kind {
            Answer, ///< `pdu` is it
            Discovery, ///< the engine is known now: ask the question itself
            Report, ///< `report` says of what; the engine's id or time was learnt where the report tells it
            Unauthentic, ///< not sealed with the keys or at the level of the request
            Malformed,
        };
        Kind kind = Kind::Malformed;
        Report report = Report::Other;
        Pdu pdu = {};
    };

    /// The message for `question`, whose credentials are checked, or a discovery when the engine of its host is not known yet.
    Sealed sealed(const Question& question, quint32 id);

    /// What an answer to it says. `datagram` is what `message` was parsed from.
    Heard heard(
        const Host& host, quint32 id, const Expected& expected, const Incoming& message, QByteArrayView datagram);

    /// What a sweep has learnt, so that no discovery is needed. Ignored when `engineId` has not 1 to 32 octets.
    void remember(const Host& host, const QByteArray& engineId, quint32 boots, quint32 time);
    void forget(const Host& host);
    /// There is an engine, but it never answered with the credentials that were used last.
    bool isUnproven(const Host& host) const;

    qsizetype remembered() const { return m_peers.size(); }
    static constexpr qsizetype mostRemembered = 4096; ///< hosts; beyond that the one not spoken to for longest goes

private:
    struct Peer {
        QByteArray engineId;
        quint32 boots = 0;
        quint32 time = 0; ///< the engine's, when it was heard
        std::chrono::steady_clock::time_point at; ///< when that was
        quint64 lastUse = 0;
        bool hasAnswered = false; ///< with the credentials below
        Credentials keysOf;
        UsmKeys keys;
    };
    void keepTime(Peer& peer, const UsmHeader& header);
    Heard reported(const Host& host, const Expected& expected, const UsmHeader& header, const Pdu& pdu);

    QHash<Host, Peer> m_peers;
    quint64 m_uses = 0;
    quint64 m_salt = 0; ///< of the last message; 0: none yet
    UsmKeyMaker m_keyMaker;
};

} // namespace platen::snmp
