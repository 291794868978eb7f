// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <snmp/Value.h>

#include <QHostAddress>
#include <QNetworkDatagram>
#include <QTimer>
#include <QUdpSocket>

#include <algorithm>
#include <chrono>
#include <optional>

namespace platen::test {

/// An SNMP agent (v1, v2c) on a loopback address that can also misbehave. Tests that use it link the snmp module.
class FakeSnmpAgent {
public:
    enum class Manner {
        Good,
        Silent,
        WrongPort,      ///< answers from another port
        WrongRequestId,
        Garbage,        ///< sends three datagrams of rubbish, then the answer
        Backwards,      ///< its next object after the last is the first
        Endless,        ///< there is always one more object
        Empty,          ///< answers without any object
        TooBig,         ///< refuses more than two objects with tooBig
    };

    explicit FakeSnmpAgent(snmp::Answers objects = {}, const QHostAddress& address = QHostAddress::LocalHost) : m_objects(std::move(objects))
    {
        const bool isBound = m_socket.bind(address, 0) && m_elsewhere.bind(address, 0);
        Q_ASSERT(isBound);
        QObject::connect(&m_socket, &QUdpSocket::readyRead, &m_socket, [this] {
            while (m_socket.hasPendingDatagrams())
                hear(m_socket.receiveDatagram());
        });
    }

    Manner manner = Manner::Good;
    QByteArray community = "public";        ///< others are not answered
    std::chrono::milliseconds delay{0};     ///< before an answer
    int ignored = 0;                        ///< requests that get no answer before the first that does
    std::optional<snmp::Oid> poisoned;      ///< asking for it is answered with genErr
    int refusal = 0;                        ///< when set, the error-status of every answer

    QHostAddress address() const { return m_socket.localAddress(); }
    quint16 port() const { return m_socket.localPort(); }
    int requests() const { return m_requests; }
    qsizetype largestAnswer() const { return m_largestAnswer; }

private:
    struct Request {
        quint8 version = 0;
        quint8 kind = 0; // the PDU's tag
        qint64 id = 0;
        qint64 nonRepeaters = 0;
        qint64 maxRepetitions = 0;
        QList<snmp::Oid> oids;
    };

    // --- BER, as little as a fake needs: well-formed requests in, any answer out ---
    struct Reader {
        QByteArrayView bytes;

        quint8 tag() const { return static_cast<quint8>(bytes[0]); }
        Reader content() // and goes behind it
        {
            qsizetype length = static_cast<quint8>(bytes[1]), head = 2;
            if (length >= 0x80) {
                const qsizetype more = length & 0x7f;
                for (length = 0; head < 2 + more; ++head)
                    length = (length << 8) | static_cast<quint8>(bytes[head]);
            }
            const Reader inside{bytes.sliced(head, length)};
            bytes = bytes.sliced(head + length);
            return inside;
        }
        qint64 number()
        {
            qint64 value = 0;
            for (const char byte : content().bytes)
                value = (value << 8) | static_cast<quint8>(byte);
            return value;
        }
        snmp::Oid oid()
        {
            const QByteArrayView encoded = content().bytes;
            snmp::Oid oid;
            quint32 arc = 0;
            for (const char byte : encoded) {
                arc = (arc << 7) | (static_cast<quint8>(byte) & 0x7f);
                if (static_cast<quint8>(byte) & 0x80)
                    continue;
                oid = oid.isEmpty() ? snmp::Oid{std::min(arc / 40, 2U), arc - std::min(arc / 40, 2U) * 40} : oid + arc;
                arc = 0;
            }
            return oid;
        }
    };

    static QByteArray wrapped(quint8 tag, const QByteArray& content)
    {
        QByteArray head(1, static_cast<char>(tag));
        if (content.size() >= 0x80)
            head += "\x82" + QByteArray(1, static_cast<char>(content.size() >> 8));
        return head + static_cast<char>(content.size()) + content;
    }
    static QByteArray number(quint8 tag, qint64 value)
    {
        QByteArray bytes;
        do {
            bytes.prepend(static_cast<char>(value));
            value >>= 8;
        } while ((value != 0 && value != -1) || ((bytes[0] & 0x80) != 0) != (value < 0));
        return wrapped(tag, bytes);
    }
    static QByteArray name(const snmp::Oid& oid)
    {
        QByteArray bytes(1, static_cast<char>(oid[0] * 40 + oid[1]));
        for (qsizetype i = 2; i < oid.size(); ++i) {
            QByteArray arc(1, static_cast<char>(oid[i] & 0x7f));
            for (quint32 rest = oid[i] >> 7; rest; rest >>= 7)
                arc.prepend(static_cast<char>((rest & 0x7f) | 0x80));
            bytes += arc;
        }
        return wrapped(0x06, bytes);
    }
    static QByteArray encoded(const snmp::Value& value)
    {
        using Type = snmp::Value::Type;
        switch (value.type) {
        case Type::Integer: return number(0x02, value.number);
        case Type::OctetString: return wrapped(0x04, value.octets);
        case Type::Null: return wrapped(0x05, {});
        case Type::ObjectId: return name(value.objectId);
        case Type::IpAddress: return wrapped(0x40, value.octets);
        case Type::Counter32: return number(0x41, value.number);
        case Type::Gauge32: return number(0x42, value.number);
        case Type::TimeTicks: return number(0x43, value.number);
        case Type::Opaque: return wrapped(0x44, value.octets);
        case Type::Counter64: return number(0x46, value.number);
        case Type::NoSuchObject: return wrapped(0x80, {});
        case Type::NoSuchInstance: return wrapped(0x81, {});
        case Type::EndOfMibView: return wrapped(0x82, {});
        }
        Q_UNREACHABLE();
    }

    void hear(const QNetworkDatagram& datagram)
    {
        Reader message = Reader{datagram.data()}.content();
        Request request;
        request.version = static_cast<quint8>(message.number());
        if (message.content().bytes != community || manner == Manner::Silent || ++m_requests <= ignored)
            return;
        request.kind = message.tag();
        Reader pdu = message.content();
        request.id = pdu.number();
        request.nonRepeaters = pdu.number();
        request.maxRepetitions = pdu.number();
        for (Reader list = pdu.content(); !list.bytes.isEmpty();)
            request.oids.append(list.content().oid());

        const QByteArray answer = answerTo(request);
        m_largestAnswer = std::max(m_largestAnswer, answer.size());
        QTimer::singleShot(delay, &m_socket, [this, answer, to = datagram] { send(answer, to); });
    }

    void send(const QByteArray& answer, const QNetworkDatagram& to)
    {
        if (manner == Manner::Garbage) {
            for (const QByteArray& rubbish : {QByteArray("HTTP/1.1 400 Bad Request"), answer.first(answer.size() / 2), QByteArray("\x30\x82\xff\xff\x02\x01\x01\x04", 8), QByteArray()})
                m_socket.writeDatagram(rubbish, to.senderAddress(), static_cast<quint16>(to.senderPort()));
        }
        (manner == Manner::WrongPort ? m_elsewhere : m_socket).writeDatagram(answer, to.senderAddress(), static_cast<quint16>(to.senderPort()));
    }

    snmp::VarBind nextOf(const snmp::Oid& oid) const
    {
        if (manner == Manner::Endless) {
            const auto arcs = oid.arcs();
            return {arcs.size() < 12 ? oid + 1 : snmp::Oid(arcs.first(arcs.size() - 1)) + (arcs.back() + 1), snmp::Value::integer(1)};
        }
        auto next = m_objects.upperBound(oid);
        if (next == m_objects.cend() && manner == Manner::Backwards)
            next = m_objects.cbegin();
        if (next == m_objects.cend())
            return {oid, {snmp::Value::Type::EndOfMibView, 0, {}, {}}};
        return {next.key(), next.value()};
    }

    snmp::VarBinds objectsFor(const Request& request) const
    {
        snmp::VarBinds answer;
        if (request.kind == 0xa0) {
            for (const snmp::Oid& oid : request.oids)
                answer.append({oid, m_objects.value(oid, {snmp::Value::Type::NoSuchInstance, 0, {}, {}})});
        } else {
            const qsizetype single = request.kind == 0xa5 ? std::clamp<qsizetype>(request.nonRepeaters, 0, request.oids.size()) : 0;
            for (const snmp::Oid& oid : request.oids.first(single))
                answer.append(nextOf(oid));
            QList<snmp::Oid> from = request.oids.sliced(single);
            for (qint64 row = 0; row < (request.kind == 0xa5 ? request.maxRepetitions : 1); ++row) {
                for (snmp::Oid& oid : from) {
                    answer.append(nextOf(oid));
                    oid = answer.last().oid;
                }
            }
        }
        return manner == Manner::Empty ? snmp::VarBinds() : answer;
    }

    QByteArray answerTo(const Request& request) const
    {
        snmp::VarBinds objects = objectsFor(request);
        qint64 status = refusal, index = 0;
        if (manner == Manner::TooBig && objects.size() > 2)
            status = 1;
        for (qsizetype i = 0; i < request.oids.size() && status == 0; ++i) {
            const bool isMissing = request.version == 0 && i < objects.size() && !objects[i].value.exists();
            const bool isPoisoned = poisoned && request.oids[i] == *poisoned;
            status = isPoisoned ? 5 : isMissing ? 2 : 0;
            index = status ? i + 1 : 0;
        }
        if (status) {
            objects.clear();
            for (const snmp::Oid& oid : request.oids)
                objects.append({oid, {}});
        }
        QByteArray list;
        for (const snmp::VarBind& object : std::as_const(objects))
            list += wrapped(0x30, name(object.oid) + encoded(object.value));
        const qint64 id = manner == Manner::WrongRequestId ? request.id ^ 1 : request.id;
        const QByteArray pdu = number(0x02, id) + number(0x02, status) + number(0x02, index) + wrapped(0x30, list);
        return wrapped(0x30, number(0x02, request.version) + wrapped(0x04, community) + wrapped(0xa2, pdu));
    }

    snmp::Answers m_objects;
    QUdpSocket m_socket;
    QUdpSocket m_elsewhere;
    int m_requests = 0;
    qsizetype m_largestAnswer = 0;
};

} // namespace platen::test
