// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Usm.h"

#include <QRandomGenerator>

#include <QtEndian>

namespace platen::snmp {

namespace {

constexpr qsizetype longestEngineId = 32; // RFC 3411 §5: SnmpEngineID has 5 to 32; too short does no harm
constexpr quint32 largestTime = 0x7fffffff;

const Oid usmStats{1, 3, 6, 1, 6, 3, 15, 1, 1};
const Oid unknownContexts{1, 3, 6, 1, 6, 3, 12, 1, 5};

bool isEngineId(const QByteArray& id) { return !id.isEmpty() && id.size() <= longestEngineId; }

/// By the counter that a Report shows.
Report reportOf(const Pdu& pdu)
{
    if (pdu.varBinds.isEmpty())
        return Report::Other;
    const Oid& counter = pdu.varBinds.first().oid;
    if (counter.startsWith(unknownContexts))
        return Report::UnknownContext;
    if (!counter.startsWith(usmStats) || counter.size() <= usmStats.size())
        return Report::Other;
    switch (counter[usmStats.size()]) {
    case 1:
        return Report::UnsupportedLevel;
    case 2:
        return Report::NotInTimeWindow;
    case 3:
        return Report::UnknownUser;
    case 4:
        return Report::UnknownEngine;
    case 5:
        return Report::WrongDigest;
    case 6:
        return Report::NotDecrypted;
    default:
        return Report::Other;
    }
}

} // namespace

size_t qHash(const Host& host, size_t seed) { return qHashMulti(seed, host.address, host.port); }

Usm::Sealed Usm::sealed(const Question& question, quint32 id)
{
    const auto found = m_peers.find({question.target.address, question.target.port});
    if (found == m_peers.end())
        return {encodedDiscovery(id), {.isDiscovery = true}};
    Peer& peer = *found;
    peer.lastUse = ++m_uses;
    const Credentials& credentials = question.target.credentials;
    if (peer.keysOf != credentials) {
        peer.keys = m_keyMaker.keysFor(credentials, peer.engineId);
        peer.keysOf = credentials;
        peer.hasAnswered = false;
    }

    UsmHeader header;
    header.id = id;
    header.isReportable = true;
    header.isAuthenticated = peer.keys.auth != AuthProtocol::None;
    header.isEncrypted = peer.keys.priv != PrivProtocol::None;
    header.engineId = peer.engineId;
    header.user = credentials.user.toUtf8();
    if (header.isAuthenticated) {
        const auto since =
            std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - peer.at).count();
        header.boots = peer.boots;
        header.time = static_cast<quint32>(std::min<qint64>(peer.time + since, largestTime));
    }
    if (header.isEncrypted) {
        // Never twice with one key: counted on from a random start (RFC 3826 §3.1.2.1).
        m_salt = m_salt ? m_salt + 1 : QRandomGenerator::system()->generate64();
        const quint64 salt = qToBigEndian(m_salt);
        header.salt = QByteArray(reinterpret_cast<const char*>(&salt), sizeof salt);
    }
    const QByteArray scoped = scopedPdu(peer.engineId, credentials.contextName.toUtf8(), encodedPdu(question, id));
    return {snmp::sealed(header, peer.keys, scoped),
        {false, header.isAuthenticated, header.isEncrypted, peer.engineId, peer.keys}};
}

Usm::Heard Usm::heard(
    const Host& host, quint32 id, const Expected& expected, const Incoming& message, QByteArrayView datagram)
{
    const std::expected<QByteArray, UsmTrouble> scoped = opened(message, datagram, expected.keys);
    if (!scoped)
        return {Heard::Kind::Unauthentic};
    const UsmHeader& header = message.header;
    if (expected.isDiscovery) {
        if (!isEngineId(header.engineId))
            return {};
        remember(host, header.engineId, header.boots, header.time);
        return {Heard::Kind::Discovery};
    }
    std::optional<Pdu> pdu = parsedScopedPdu(*scoped);
    if (!pdu)
        return {};
    if (pdu->kind == Pdu::Kind::Report)
        return reported(host, expected, header, *pdu);
    if (header.isAuthenticated != expected.isAuthenticated || header.isEncrypted != expected.isEncrypted
        || header.engineId != expected.engineId)
        return {Heard::Kind::Unauthentic};
    if (pdu->id != id)
        return {};
    // RFC 3414 §3.2 7b would drop an answer whose time is more than 150 s behind: that is for replays, and this one cannot be, as the
    // random message and request ids under its digest show. So the clock of a printer may stand still or go backwards.
    if (const auto peer = m_peers.find(host); peer != m_peers.end() && peer->engineId == header.engineId) {
        peer->hasAnswered = true;
        if (header.isAuthenticated)
            keepTime(*peer, header);
    }
    return {Heard::Kind::Answer, {}, *std::move(pdu)};
}

/// A Report need not be authenticated, and mostly cannot be: it is believed because it has our message id and comes from where the
/// request went. At worst it makes us ask once more with another id or time, which who forges it could prevent as well.
Usm::Heard Usm::reported(const Host& host, const Expected& expected, const UsmHeader& header, const Pdu& pdu)
{
    const Report report = reportOf(pdu);
    if (report == Report::UnknownEngine && header.engineId != expected.engineId)
        remember(host, header.engineId, header.boots, header.time);
    if (const auto peer = m_peers.find(host);
        report == Report::NotInTimeWindow && peer != m_peers.end() && peer->engineId == header.engineId)
        keepTime(*peer, header);
    return {Heard::Kind::Report, report};
}

void Usm::keepTime(Peer& peer, const UsmHeader& header)
{
    peer.boots = header.boots;
    peer.time = header.time;
    peer.at = std::chrono::steady_clock::now();
}

bool Usm::isUnproven(const Host& host) const
{
    const auto peer = m_peers.constFind(host);
    return peer != m_peers.cend() && !peer->hasAnswered;
}

void Usm::remember(const Host& host, const QByteArray& engineId, quint32 boots, quint32 time)
{
    if (!isEngineId(engineId))
        return;
    if (!m_peers.contains(host) && m_peers.size() >= mostRemembered)
        m_peers.erase(std::ranges::min_element(m_peers, {}, &Peer::lastUse));
    m_peers.insert(host, {engineId, boots, time, std::chrono::steady_clock::now(), ++m_uses, false, {}, {}});
}

void Usm::forget(const Host& host) { m_peers.remove(host); }

} // namespace platen::snmp
