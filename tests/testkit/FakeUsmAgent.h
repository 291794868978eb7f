// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <snmp/Ber.h>
#include <snmp/NetSnmp.h>
#include <snmp/UsmMessage.h>

#include <QNetworkDatagram>
#include <QUdpSocket>

#include <functional>

namespace platen::test {

/// An SNMPv3 engine with one user on a loopback address; every object has the value "read". It can also misbehave. Tests that
/// use it link the snmp module.
class FakeUsmAgent {
public:
    enum class Manner {
        Good,
        Silent,
        OnlyDiscovery, ///< answers nothing but a discovery
        TimelessDiscovery, ///< tells boots and time 0 at a discovery, as RFC 3414 §4 has it
        NeverInTime, ///< reports notInTimeWindow whatever comes
        AlwaysNewEngine, ///< reports unknownEngineID with another id each time
        DropsUndecrypted, ///< says nothing to what it cannot decrypt, as Net-SNMP's agent does
        NoContext, ///< reports unknownContexts
        BareReport, ///< reports without saying what
        WrongDigest, ///< its answers do not verify
        Unsealed, ///< answers at noAuthNoPriv
        OtherEngineAnswers, ///< answers, well sealed, in the name of another engine
        OtherRequestId, ///< answers with another request id inside
    };

    FakeUsmAgent(snmp::Credentials user, QByteArray engineId, const QHostAddress& address = QHostAddress::LocalHost)
        : m_user(*snmp::checkedCredentials(std::move(user)))
        , m_engineId(std::move(engineId))
    {
        const bool isBound = m_socket.bind(address, 0);
        Q_ASSERT(isBound);
        QObject::connect(&m_socket, &QUdpSocket::readyRead, &m_socket, [this] {
            while (m_socket.hasPendingDatagrams())
                hear(m_socket.receiveDatagram());
        });
    }

    Manner manner = Manner::Good;
    quint32 boots = 3;
    quint32 time = 5000;

    void becomeEngine(const QByteArray& engineId) { m_engineId = engineId; }
    QHostAddress address() const { return m_socket.localAddress(); }
    quint16 port() const { return m_socket.localPort(); }
    int packets() const { return m_packets; } ///< that came, discoveries included
    int discoveries() const { return m_discoveries; } ///< of them

private:
    using Report = quint32; // the arc below usmStats
    static constexpr Report unsupportedLevel = 1, notInTimeWindow = 2, unknownUser = 3, unknownEngine = 4,
                            wrongDigest = 5, notDecrypted = 6;

    void hear(const QNetworkDatagram& datagram)
    {
        const QByteArray bytes = datagram.data();
        const std::optional<snmp::Incoming> message = snmp::parsed(bytes);
        if (!message || message->version != snmp::Version::V3)
            return;
        ++m_packets;
        const bool isDiscovery = message->header.engineId.isEmpty();
        m_discoveries += isDiscovery;
        if (manner == Manner::Silent || (manner == Manner::OnlyDiscovery && !isDiscovery))
            return;
        const QByteArray answer = answerTo(*message, bytes);
        if (!answer.isEmpty())
            m_socket.writeDatagram(answer, datagram.senderAddress(), static_cast<quint16>(datagram.senderPort()));
    }

    QByteArray answerTo(const snmp::Incoming& message, const QByteArray& bytes)
    {
        const snmp::UsmHeader& header = message.header;
        const snmp::UsmKeys keys = m_keyMaker.keysFor(m_user, m_engineId);
        if (manner == Manner::AlwaysNewEngine)
            m_engineId = m_engineId.chopped(1) + static_cast<char>(m_packets);
        if (header.engineId != m_engineId)
            return report(header, unknownEngine, {});
        if (manner == Manner::BareReport)
            return sealedAnswer(header.id, false, {}, pdu(0xa8, 0, {}));
        if (manner == Manner::NoContext)
            return sealedAnswer(header.id, false, {}, pdu(0xa8, 0, counter(snmp::Oid{1, 3, 6, 1, 6, 3, 12, 1, 5, 0})));
        if (header.user != m_user.user.toUtf8())
            return report(header, unknownUser, {});
        if ((header.isAuthenticated && keys.auth == snmp::AuthProtocol::None)
            || (header.isEncrypted && keys.priv == snmp::PrivProtocol::None))
            return report(header, unsupportedLevel, {});
        const auto scoped = snmp::opened(message, bytes, keys);
        if (!scoped && scoped.error() == snmp::UsmTrouble::WrongDigest)
            return report(header, wrongDigest, {});
        const bool isInTime = header.boots == boots && qAbs(qint64(header.time) - qint64(time)) <= 150;
        if (manner == Manner::NeverInTime || (header.isAuthenticated && !isInTime))
            return report(header, notInTimeWindow, header.isAuthenticated ? keys : snmp::UsmKeys());
        const std::optional<QPair<qint64, snmp::VarBinds>> request = scoped ? requestIn(*scoped) : std::nullopt;
        if (!request && manner == Manner::DropsUndecrypted)
            return {};
        if (!request)
            return report(header, notDecrypted, {});

        QByteArray objects;
        for (const snmp::VarBind& object : request->second)
            objects += snmp::ber::element(0x30, snmp::ber::objectId(object.oid) + snmp::ber::octetString("read"));
        const QByteArray inside = pdu(0xa2, request->first ^ (manner == Manner::OtherRequestId), objects);
        if (manner == Manner::Unsealed)
            return sealedAnswer(header.id, false, {}, inside);
        const QByteArray engineId =
            std::exchange(m_engineId, manner == Manner::OtherEngineAnswers ? m_engineId + "x" : m_engineId);
        QByteArray answer = sealedAnswer(header.id, header.isEncrypted, keys, inside);
        m_engineId = engineId;
        if (manner == Manner::WrongDigest)
            answer.back() = static_cast<char>(answer.back() ^ 1);
        return answer;
    }

    /// The request id and the objects of a scoped PDU.
    static std::optional<QPair<qint64, snmp::VarBinds>> requestIn(const QByteArray& scoped)
    {
        snmp::ber::Reader outside(scoped);
        const auto content = outside.content(0x30);
        if (!content)
            return std::nullopt;
        snmp::ber::Reader fields(*content);
        if (!fields.content(0x04) || !fields.content(0x04))
            return std::nullopt;
        const std::optional<snmp::Pdu> pdu = snmp::parsedPdu(fields.rest());
        return pdu ? std::optional(QPair(pdu->id, pdu->varBinds)) : std::nullopt;
    }

    static QByteArray counter(const snmp::Oid& oid)
    {
        return snmp::ber::element(0x30, snmp::ber::objectId(oid) + snmp::ber::element(0x41, QByteArray("\x07", 1)));
    }
    static QByteArray pdu(quint8 tag, qint64 id, const QByteArray& objects)
    {
        return snmp::ber::element(tag,
            snmp::ber::integer(id) + snmp::ber::integer(0) + snmp::ber::integer(0) + snmp::ber::element(0x30, objects));
    }

    QByteArray report(const snmp::UsmHeader& request, Report which, const snmp::UsmKeys& keys) const
    {
        const bool isTimeless = manner == Manner::TimelessDiscovery && which == unknownEngine;
        return sealedAnswer(request.id, false, keys,
            pdu(0xa8, 0, counter(snmp::Oid{1, 3, 6, 1, 6, 3, 15, 1, 1, which, 0})), isTimeless);
    }
    QByteArray sealedAnswer(quint32 id, bool isEncrypted, const snmp::UsmKeys& keys, const QByteArray& inside,
        bool isTimeless = false) const
    {
        snmp::UsmHeader header;
        header.id = id;
        header.isAuthenticated = keys.auth != snmp::AuthProtocol::None;
        header.isEncrypted = isEncrypted;
        header.engineId = m_engineId;
        header.boots = isTimeless ? 0 : boots;
        header.time = isTimeless ? 0 : time;
        header.user = m_user.user.toUtf8();
        if (isEncrypted)
            header.salt = "saltsalt";
        return snmp::sealed(header, keys, snmp::scopedPdu(m_engineId, {}, inside));
    }

    snmp::Credentials m_user;
    QByteArray m_engineId;
    snmp::UsmKeyMaker m_keyMaker;
    QUdpSocket m_socket;
    int m_packets = 0;
    int m_discoveries = 0;
};

} // namespace platen::test
