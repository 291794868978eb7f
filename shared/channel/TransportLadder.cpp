// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "TransportLadder.h"

#include "Backoff.h"

namespace platen::channel {

namespace {

constexpr int mostStrikes = 3;

} // namespace

TransportLadder::TransportLadder(const Clock& clock, std::chrono::milliseconds riseEvery)
    : m_clock(clock)
    , m_riseEvery(riseEvery)
{
}

void TransportLadder::worked(TransportKind kind)
{
    Rung& rung = at(kind);
    rung.strikes = 0;
    rung.hasWorked = true;
    rung.failure.reset();
    if (m_working == kind && m_next == kind)
        return;
    m_next = kind;
    m_working = kind;
    m_since = m_clock.now();
    m_lookAt = m_clock.monotonic() + jittered(m_riseEvery);
}

void TransportLadder::failed(TransportKind kind, const QString& why)
{
    Rung& rung = at(kind);
    rung.failure = Failure{kind, why, m_clock.now()};
    if (kind != m_next || (++rung.strikes < mostStrikes && rung.hasWorked))
        return;
    rung.strikes = 0;
    const bool isLast = kind == TransportKind::Poll;
    m_next = isLast ? TransportKind::WebSocket : static_cast<TransportKind>(static_cast<int>(kind) + 1);
}

bool TransportLadder::isRiseDue() const
{
    return m_working && *m_working != TransportKind::WebSocket && m_next == *m_working && m_clock.monotonic() >= m_lookAt;
}

QList<TransportKind> TransportLadder::better() const
{
    QList<TransportKind> found;
    for (int i = 0; m_working && i < static_cast<int>(*m_working); ++i)
        found.append(static_cast<TransportKind>(i));
    return found;
}

void TransportLadder::found(TransportKind kind)
{
    m_next = kind;
    at(kind).strikes = 0;
    at(kind).hasWorked = false; // not by messages yet: one failure is enough to step down again
}

void TransportLadder::missed(TransportKind kind, const QString& why)
{
    at(kind).failure = Failure{kind, why, m_clock.now()};
    m_lookAt = m_clock.monotonic() + jittered(m_riseEvery);
}

void TransportLadder::putOff(std::chrono::milliseconds time)
{
    m_lookAt = m_clock.monotonic() + time;
}

QList<TransportLadder::Failure> TransportLadder::failures() const
{
    const std::size_t end = m_working ? static_cast<std::size_t>(std::max(*m_working, m_next)) : kinds;
    QList<Failure> all;
    for (std::size_t i = 0; i < end; ++i) {
        if (m_rungs[i].failure)
            all.append(*m_rungs[i].failure);
    }
    return all;
}

} // namespace platen::channel
