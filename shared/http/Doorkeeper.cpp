// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Doorkeeper.h"

#include "Log.h"

#include <base/Clock.h>

namespace platen::http {

namespace {

constexpr std::chrono::milliseconds quietTime = std::chrono::minutes(10);

} // namespace

QByteArray sourceOf(const QHostAddress& peer)
{
    bool isV4 = false;
    const quint32 v4 = peer.toIPv4Address(&isV4);
    if (isV4)
        return QByteArray::number(v4, 16);
    const Q_IPV6ADDR v6 = peer.toIPv6Address();
    return QByteArray(reinterpret_cast<const char*>(v6.c), 8);
}

std::unique_ptr<Doorkeeper::Place> Doorkeeper::enter(const std::shared_ptr<Doorkeeper>& keeper, const QHostAddress& peer)
{
    const QByteArray source = sourceOf(peer);
    std::unique_lock lock(keeper->m_lock);
    const bool isFull = keeper->counters.open >= keeper->m_limits.connections;
    const bool isCrowd = keeper->m_perSource.value(source) >= keeper->m_limits.connectionsPerAddress;
    if (!isFull && !isCrowd) {
        ++keeper->m_perSource[source];
        ++keeper->counters.open;
        ++keeper->counters.accepted;
        return std::make_unique<Place>(keeper, source);
    }
    lock.unlock();
    keeper->refused(isFull ? Refusal::TooManyConnections : Refusal::TooManyFromAddress, peer);
    return nullptr;
}

void Doorkeeper::leave(const QByteArray& source)
{
    const std::lock_guard lock(m_lock);
    --counters.open;
    const auto here = m_perSource.find(source);
    if (here != m_perSource.end() && --*here == 0)
        m_perSource.erase(here);
}

void Doorkeeper::refused(Refusal why, const QHostAddress& peer)
{
    const auto index = static_cast<size_t>(why);
    ++counters.refusals[index];

    const qint64 now = Clock::system().monotonic().count();
    qint64 quietUntil = m_quietUntil[index];
    if (now < quietUntil || !m_quietUntil[index].compare_exchange_strong(quietUntil, now + quietTime.count()))
        return;
    qCWarning(log).noquote() << "refused" << peer.toString() << "for" << describe(why) << "-"
                             << counters.refused(why) << "so far; more of these are counted, and logged again in ten minutes";
}

const char* describe(Refusal why)
{
    switch (why) {
    case Refusal::TlsHandshake: return "a TLS handshake that failed or took too long";
    case Refusal::BadHead: return "a request head that is not valid HTTP/1.1";
    case Refusal::HeadTooLarge: return "a request head that is too large";
    case Refusal::TooManyFields: return "too many header fields";
    case Refusal::UrlTooLong: return "a URL that is too long";
    case Refusal::BadHost: return "a missing or repeated Host field";
    case Refusal::BodyTooLarge: return "a request body that is too large";
    case Refusal::BadBody: return "a request body that is malformed or was cut";
    case Refusal::TooSlow: return "sending or reading too slowly";
    case Refusal::BadUpgrade: return "a WebSocket upgrade with a wrong version, key or origin";
    case Refusal::BadFrame: return "a WebSocket frame that breaks RFC 6455";
    case Refusal::MessageTooLarge: return "a WebSocket message that is too large";
    case Refusal::SlowReader: return "not reading what it asked for";
    case Refusal::DeadPeer: return "not answering pings";
    case Refusal::TooManyConnections: return "too many connections in all";
    case Refusal::TooManyFromAddress: return "too many connections from one address";
    case Refusal::Overloaded: return "more requests than we can answer";
    case Refusal::BadMessages: return "messages by POST that make no sense";
    case Refusal::Count_: break;
    }
    return "an unknown reason";
}

} // namespace platen::http
