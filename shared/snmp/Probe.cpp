// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Probe.h"

#include "Message.h"

#include <algorithm>

#include <cstring>

#include <QtEndian>

namespace platen::snmp {

namespace {

QByteArray encodedProbe(const Credentials& credentials, const QList<Oid>& oids, bool isNext, quint32 id)
{
    if (credentials.version == Version::V3)
        return encodedDiscovery(id);
    Question question;
    question.kind = isNext ? Question::Kind::GetNext : Question::Kind::Get;
    question.target.credentials = credentials;
    question.oids = oids;
    return encoded(question, id);
}

/// The engine that a Report tells of; nothing when it tells of none.
std::optional<EngineIdentity> engineOf(const Incoming& message)
{
    const UsmHeader& header = message.header;
    const bool isId = header.engineId.size() >= 5 && header.engineId.size() <= 32; // RFC 3411 §5, SnmpEngineID
    const std::optional<Pdu> pdu = isId && !header.isEncrypted ? parsedScopedPdu(message.scoped) : std::nullopt;
    if (!pdu || pdu->kind != Pdu::Kind::Report)
        return std::nullopt;
    return EngineIdentity{header.engineId, header.boots, header.time};
}

} // namespace

Probe::Probe(const Credentials& credentials, const QList<Oid>& oids, bool isNext)
{
    // Two encodings differ in the id alone, and these two ids in each of their bytes.
    constexpr quint32 one = 0x41424344, other = 0x52535455;
    m_bytes = encodedProbe(credentials, oids, isNext, one);
    const QByteArray second = encodedProbe(credentials, oids, isNext, other);
    Q_ASSERT(second.size() == m_bytes.size());
    for (qsizetype i = 0; i < m_bytes.size(); ++i) {
        if (m_bytes[i] == second[i])
            continue;
        m_idAt.append(i);
        i += 3;
    }
}

std::span<char> Probe::write(std::span<char> to, quint32 id) const
{
    Q_ASSERT(to.size() >= size() && id >= smallestId && id <= largestId);
    std::memcpy(to.data(), m_bytes.constData(), size());
    for (const qsizetype at : m_idAt)
        qToBigEndian(id, to.data() + at);
    return to.first(size());
}

std::optional<ProbeAnswer> parsedAnswer(QByteArrayView datagram)
{
    std::optional<Incoming> message = parsed(datagram);
    if (!message)
        return std::nullopt;
    ProbeAnswer answer;
    answer.version = message->version;
    if (message->version == Version::V3) {
        answer.id = message->header.id;
        answer.engine = engineOf(*message);
        return answer.engine ? std::optional(std::move(answer)) : std::nullopt;
    }
    if (message->pdu.id < 0 || message->pdu.id > Probe::largestId)
        return std::nullopt;
    answer.id = static_cast<quint32>(message->pdu.id);
    answer.isRefusal = message->pdu.errorStatus == Pdu::authorizationError;
    if (message->pdu.errorStatus == 0)
        answer.varBinds = std::move(message->pdu.varBinds);
    return answer;
}

} // namespace platen::snmp
