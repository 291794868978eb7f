// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "SweepBook.h"

#include "Probe.h"

#include <QRandomGenerator>

#include <algorithm>

namespace platen::snmp {

namespace {

constexpr int mostTries = 250; // of one address: they are counted in a byte
constexpr quint32 longIdBit = 0x4000'0000; // set in every id: all are encoded in four bytes

/// Without the second and later ones of v3: their discovery of the engine is the same.
QList<int> tellingApart(const QList<int>& credentials, const QList<Version>& versions)
{
    QList<int> distinct;
    bool hasV3 = false;
    for (const int index : credentials) {
        const bool isV3 = versions[index] == Version::V3;
        if (!isV3 || !hasV3)
            distinct.append(index);
        hasV3 = hasV3 || isV3;
    }
    return distinct;
}

std::vector<quint32> randomNumbers(size_t count)
{
    std::vector<quint32> numbers(count);
    QRandomGenerator::system()->fillRange(numbers.data(), static_cast<qsizetype>(count));
    for (quint32& number : numbers)
        number &= longIdBit - 1;
    return numbers;
}

} // namespace

SweepBook::SweepBook(const SweepOrder& order)
    : m_pace(order.pace)
    , m_spans(order.spans)
{
    for (const Credentials& credentials : order.credentials)
        m_versions.append(credentials.version);
    m_firsts.reserve(static_cast<size_t>(m_spans.size()));
    for (SweepSpan& span : m_spans) {
        span.credentials = tellingApart(span.credentials, m_versions);
        m_firsts.push_back(m_open);
        m_open += static_cast<quint32>(span.count());
    }
    m_masks = randomNumbers(static_cast<size_t>(m_versions.size()));
    m_ids = randomNumbers(m_open);
    m_tries.resize(m_open);
    m_flags.resize(m_open);
}

bool SweepBook::hasNext(Time now)
{
    settle(now);
    while (!m_silent.empty() && (m_flags[m_silent.front()] & Answered))
        m_silent.pop_front(); // late, but in time to be spared
    const bool hasRoom = m_underWay.size() < static_cast<size_t>(std::max(m_pace.window, 1));
    return hasRoom && (m_fresh < m_ids.size() || !m_silent.empty());
}

std::optional<SweepBook::Request> SweepBook::next(Time now)
{
    if (!hasNext(now))
        return std::nullopt;
    Request request;
    if (m_fresh < m_ids.size()) {
        request.number = m_fresh++;
    } else {
        request.number = m_silent.front();
        m_silent.pop_front();
    }
    request.span = &spanOf(request.number);
    request.address =
        request.span->first + (request.number - m_firsts[static_cast<size_t>(request.span - m_spans.constData())]);
    request.credentials = request.span->credentials[m_tries[request.number] / std::max(m_pace.passes, 1)];
    request.id = (m_ids[request.number] ^ m_masks[static_cast<size_t>(request.credentials)]) | longIdBit;
    return request;
}

void SweepBook::sent(const Request& request, Time now)
{
    ++m_tries[request.number];
    m_flags[request.number] |= UnderWay;
    m_underWay.push_back({request.number, static_cast<quint32>((now + m_pace.timeout).count())});
}

void SweepBook::skipped(const Request& request) { giveUp(request.number); }

SweepBook::Judgement SweepBook::heard(IpNumber from, quint16 port, quint32 id, Version version, bool isRefusal)
{
    const std::optional<quint32> number = numberOf(from);
    if (!number)
        return {};
    const SweepSpan& span = spanOf(*number);
    const auto isAnswered = [&](int index) {
        return m_versions[index] == version
            && id == ((m_ids[*number] ^ m_masks[static_cast<size_t>(index)]) | longIdBit);
    };
    const auto credentials = std::ranges::find_if(span.credentials, isAnswered);
    if (port != span.port || credentials == span.credentials.cend() || m_tries[*number] == 0)
        return {};
    quint8& flags = m_flags[*number];
    if (flags & Answered)
        return {Verdict::Duplicate, &span, *credentials};
    if (isRefusal)
        return {Verdict::Refusal, &span, *credentials};
    if (!(flags & GivenUp))
        --m_open;
    flags |= Answered;
    return {flags & UnderWay ? Verdict::Hit : Verdict::LateHit, &span, *credentials};
}

std::optional<QHostAddress> SweepBook::closed(IpNumber from, quint16 port)
{
    const std::optional<quint32> number = numberOf(from);
    if (!number || spanOf(*number).port != port || (m_flags[*number] & (Closed | Answered)))
        return std::nullopt;
    m_flags[*number] |= Closed;
    return spanOf(*number).address(from);
}

bool SweepBook::isOver(Time now)
{
    settle(now);
    return m_open == 0;
}

SweepBook::Time SweepBook::wakeAt() const { return Time(m_underWay.empty() ? 0 : m_underWay.front().until); }

/// Takes note of those whose time is over.
void SweepBook::settle(Time now)
{
    while (!m_underWay.empty() && m_underWay.front().until <= now.count()) {
        const quint32 number = m_underWay.front().number;
        m_underWay.pop_front();
        m_flags[number] &= static_cast<quint8>(~UnderWay);
        if (m_flags[number] & Answered)
            continue;
        if (m_tries[number] < triesOf(spanOf(number)))
            m_silent.push_back(number);
        else
            giveUp(number);
    }
}

void SweepBook::giveUp(quint32 number)
{
    if (!(m_flags[number] & (Answered | GivenUp)))
        --m_open;
    m_flags[number] |= GivenUp;
}

const SweepSpan& SweepBook::spanOf(quint32 number) const
{
    const auto after = std::ranges::upper_bound(m_firsts, number);
    return m_spans[std::distance(m_firsts.begin(), after) - 1];
}

int SweepBook::triesOf(const SweepSpan& span) const
{
    return std::min(static_cast<int>(span.credentials.size()) * std::max(m_pace.passes, 1), mostTries);
}

std::optional<quint32> SweepBook::numberOf(IpNumber address) const
{
    const auto after = std::ranges::upper_bound(m_spans, address, {}, &SweepSpan::first);
    if (after == m_spans.cbegin() || std::prev(after)->last < address)
        return std::nullopt;
    const auto span = std::prev(after);
    return m_firsts[static_cast<size_t>(span - m_spans.cbegin())]
        + static_cast<quint32>(span->first.countTo(address) - 1);
}

} // namespace platen::snmp
