// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "SpoolSeal.h"

#include "Folding.h"

#include <utility>

using namespace Qt::StringLiterals;

namespace platen::agent {

QByteArray SpoolSeal::seal(protocol::EnvelopeType type, quint64 seq, const QByteArray& body, Instant created) const
{
    protocol::EnvelopeHeader header;
    header.type = type;
    const channel::AgentIdentity& key = m_keys.current();
    header.agentId = key.agentId;
    header.epoch = key.epoch;
    header.seq = seq;
    header.created = toMs(created);
    return channel::sealEnvelope(header, body, key.keys.a2s);
}

Result<channel::OpenedEnvelope> SpoolSeal::open(QByteArrayView envelope) const
{
    return m_keys.open(envelope);
}

Result<std::optional<QByteArray>> SpoolSeal::resealed(QByteArrayView envelope) const
{
    if (m_keys.isOnlyKey() || channel::openEnvelope(envelope, m_keys.current().keys.a2s))
        return std::nullopt;
    const auto opened = open(envelope);
    if (!opened)
        return fail(opened.error());
    const protocol::EnvelopeHeader& header = opened->header;
    return seal(header.type, header.seq, opened->body, fromMs(header.created));
}

Result<QByteArray> SpoolSeal::gap(const spool::Lost& lost, Instant created) const
{
    return seal(protocol::EnvelopeType::Gap, lost.to, protocol::Gap{lost.from, lost.to, lost.reason}.encode(), created);
}

std::optional<spool::Lost> SpoolSeal::declared(const spool::Entry& gap) const
{
    const auto opened = open(gap.envelope);
    const auto said = opened && opened->header.type == protocol::EnvelopeType::Gap
        ? protocol::Gap::decode(opened->body)
        : fail(ErrorCode::Malformed, {});
    if (!said)
        return std::nullopt;
    return spool::Lost{said->from, said->to, said->reason};
}

Result<QList<QByteArray>> SpoolSeal::folded(const QList<spool::Entry>& entries) const
{
    Folding folding;
    Instant created{};
    for (const spool::Entry& entry : entries) {
        const auto opened = open(entry.envelope);
        if (!opened)
            return fail(opened.error());
        created = fromMs(opened->header.created);
        if (opened->header.type == protocol::EnvelopeType::Gap) // of an earlier thinning: what it took is in the next one
            continue;
        const auto data = protocol::Data::decode(opened->body);
        if (!data)
            return fail(data.error());
        folding.add(*data);
    }
    const QList<protocol::Data> messages = folding.take();
    quint64 seq = entries.last().seq - quint64(messages.size());
    QList<QByteArray> envelopes;
    for (const protocol::Data& message : messages) {
        envelopes.append(seal(protocol::EnvelopeType::Data, ++seq, message.encode(), created));
        if (envelopes.last().isEmpty())
            return fail(ErrorCode::Internal, u"what was folded is larger than an envelope"_s);
    }
    return envelopes;
}

} // namespace platen::agent
