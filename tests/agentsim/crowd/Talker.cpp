// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Talker.h"

#include <base/Clock.h>
#include <channel/SealedEnvelope.h>
#include <crypto/Crypto.h>
#include <protocol/Messages.h>
#include <protocol/ReadingCodec.h>

#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace platen::agentsim {

namespace {

using protocol::EnvelopeType;

constexpr int metersChanged = 10;

/// What a multi-function printer has to say at this count of pages.
model::Reading readingAt(qint64 pages, const QByteArray& agentId)
{
    model::Reading reading;
    reading.address = u"10.0.0.5"_s;
    reading.takenAt = Clock::system().now();
    reading.identity.manufacturer = u"HP"_s;
    reading.identity.model = u"LaserJet 4250"_s;
    reading.identity.serialNumber = QString::fromLatin1(agentId.toHex().left(20));
    reading.status.state = u"idle"_s;
    for (int i = 0; i < metersChanged; ++i)
        reading.meters.append({u"meter%1"_s.arg(i), u"impressions"_s, pages + i, {}});
    return reading;
}

class PlatenTalker final : public Talker {
public:
    explicit PlatenTalker(const QByteArray& key)
        : m_keys(crypto::AgentKeys::derive(Secret(key.mid(16)), key.left(16)))
    {
    }

    QByteArray hello() override
    {
        m_hello = {};
        m_hello.nonceA = crypto::randomBytes(16);
        m_hello.nextSeq = m_seq;
        m_hello.bootId = m_keys.agentId;
        return seal(EnvelopeType::Hello, 0, m_hello.encode());
    }

    QByteArray ready() override
    {
        protocol::Ready ready;
        ready.nonceS = m_nonceS;
        return seal(EnvelopeType::Ready, 0, ready.encode());
    }

    Heard hear(const QByteArray& message) override
    {
        const auto header = protocol::EnvelopeHeader::decode(message);
        if (!header)
            return Heard::Wrong;
        const bool isGreeting = header->type == EnvelopeType::HelloAck;
        const auto opened = channel::openEnvelope(message, isGreeting ? m_keys.ack : m_s2a);
        if (!opened)
            return Heard::Wrong;
        if (isGreeting) {
            const auto answer = protocol::HelloAck::decode(opened->body);
            if (!answer)
                return Heard::Wrong;
            m_nonceS = answer->nonceS;
            m_s2a = m_keys.s2a(m_hello.nonceA, m_nonceS);
            return Heard::Greeted;
        }
        if (header->type != EnvelopeType::Ack)
            return Heard::Nothing;
        const auto ack = protocol::Ack::decode(opened->body);
        if (!ack || (ack->code == protocol::AckCode::Ok && ack->hwm < m_seq))
            return Heard::Wrong;
        if (ack->code != protocol::AckCode::Ok)
            return Heard::Nothing;
        ++m_seq;
        m_submission.clear();
        return Heard::Acknowledged;
    }

    QByteArray submission() override
    {
        if (!m_submission.isEmpty())
            return m_submission;
        const QCborMap now = protocol::toKeyed(readingAt(static_cast<qint64>(m_seq) * 100, m_keys.agentId));
        protocol::ReadingPart part{1, {}, now};
        if (m_seq > 1) {
            part.base = protocol::baseOf(m_last);
            part.reading = protocol::difference(m_last, now);
        }
        m_last = now;
        m_submission = seal(EnvelopeType::Data, m_seq, protocol::Data{{part}, {}}.encode());
        return m_submission;
    }

private:
    QByteArray seal(EnvelopeType type, quint64 seq, const QByteArray& body) const
    {
        protocol::EnvelopeHeader header;
        header.type = type;
        header.agentId = m_keys.agentId;
        header.epoch = 1;
        header.seq = seq;
        header.created = toMs(Clock::system().now());
        return channel::sealEnvelope(header, body, m_keys.a2s);
    }

    const crypto::AgentKeys m_keys;
    protocol::Hello m_hello;
    QByteArray m_nonceS;
    Secret m_s2a;
    quint64 m_seq = 1;
    QCborMap m_last;
    QByteArray m_submission;
};

class JsonTalker final : public Talker {
public:
    explicit JsonTalker(int number) : m_number(number) {}

    QByteArray hello() override { return QByteArray::number(m_number).leftJustified(150, ' '); }
    QByteArray ready() override { return QByteArray(100, 'r'); }

    Heard hear(const QByteArray& message) override
    {
        if (message.startsWith('h'))
            return Heard::Greeted;
        if (message.left(20).trimmed() != QByteArray::number(m_seq))
            return Heard::Wrong;
        ++m_seq;
        return Heard::Acknowledged;
    }

    QByteArray submission() override
    {
        QJsonObject values;
        for (int i = 0; i < metersChanged; ++i)
            values.insert(u"meter%1"_s.arg(i), m_seq * 100 + i);
        return QJsonDocument({{u"agent"_s, m_number}, {u"seq"_s, m_seq}, {u"values"_s, values}}).toJson(QJsonDocument::Compact);
    }

private:
    const int m_number;
    qint64 m_seq = 1;
};

} // namespace

std::unique_ptr<Talker> platenTalker(const QByteArray& key) { return std::make_unique<PlatenTalker>(key); }
std::unique_ptr<Talker> jsonTalker(int number) { return std::make_unique<JsonTalker>(number); }

} // namespace platen::agentsim
