// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "KeyRing.h"

#include "Log.h"

#include <base/File.h>

#include <algorithm>

namespace platen::agent {

namespace {

constexpr qsizetype mostFormer = 3;
constexpr qint64 longestCount = 32;

/// The key that counted is one of before. What `acknowledged` covers is nobody's to seal again.
Enrolment withFormer(Enrolment changed, bool greets, quint64 acknowledged, quint64 last)
{
    changed.former.removeIf([acknowledged](const OtherKey& key) { return key.upTo <= acknowledged; });
    for (OtherKey& key : changed.former)
        key.greets = false;
    changed.former.prepend({changed.epoch, changed.root, 0, last, greets});
    changed.former.resize(std::min(changed.former.size(), mostFormer));
    return changed;
}

} // namespace

KeyRing::KeyRing(Enrolment enrolment, crypto::KeyFile file, QString sessionFile)
    : m_enrolment(std::move(enrolment))
    , m_file(std::move(file))
    , m_sessionFile(std::move(sessionFile))
    , m_current(m_enrolment.identity())
{
    const auto written = readFile(m_sessionFile, longestCount);
    m_session = written ? written->trimmed().toULongLong() : 0;
}

channel::AgentIdentity KeyRing::identityOf(const OtherKey& key) const
{
    return {m_enrolment.agentId, key.epoch, crypto::AgentKeys::derive(key.root, m_enrolment.agentId)};
}

QList<channel::AgentIdentity> KeyRing::candidates() const
{
    QList<channel::AgentIdentity> all;
    if (m_enrolment.next)
        all.append(identityOf(*m_enrolment.next));
    all.append(m_current);
    for (const OtherKey& key : m_enrolment.former)
        if (key.greets)
            all.append(identityOf(key));
    return all;
}

quint64 KeyRing::countSession()
{
    if (const Status written = writeDurably(m_sessionFile, QByteArray::number(m_session + 1) + '\n'); written)
        ++m_session;
    else
        qCWarning(lcAgent) << "cannot count this session; a copy of this agent would not be noticed:" << written.error();
    return m_session;
}

Status KeyRing::add(quint32 epoch, const Secret& root, quint64 after)
{
    Enrolment changed = m_enrolment;
    changed.logins = m_enrolment.loginSalt();
    changed.next = OtherKey{epoch, root, after, 0, false};
    return keep(std::move(changed));
}

quint64 KeyRing::resumesAfter(quint32 epoch) const
{
    if (m_enrolment.next && m_enrolment.next->epoch == epoch)
        return m_enrolment.next->after;
    return m_enrolment.epoch == epoch ? m_enrolment.after : 0;
}

Status KeyRing::settle(quint32 epoch, quint64 acknowledged, quint64 last)
{
    Enrolment changed = m_enrolment;
    const auto next = std::exchange(changed.next, std::nullopt);
    if (epoch != m_enrolment.epoch) {
        const bool isNext = next && next->epoch == epoch;
        const auto former = std::ranges::find(m_enrolment.former, epoch, &OtherKey::epoch);
        if (!isNext && former == m_enrolment.former.end())
            return fail(ErrorCode::Internal, QStringLiteral("a key that was never ours cannot be settled"));
        const OtherKey chosen = isNext ? *next : *former;
        changed.former.removeIf([&](const OtherKey& key) { return key == chosen; });
        // After a fork somebody else may have the old key: it opens no connection any more.
        changed = withFormer(std::move(changed), isNext && chosen.after == 0, acknowledged, last);
        changed.epoch = chosen.epoch;
        changed.root = chosen.root;
        changed.after = isNext ? chosen.after : 0;
    }
    return changed == m_enrolment ? Status() : keep(std::move(changed));
}

Result<channel::OpenedEnvelope> KeyRing::open(QByteArrayView envelope) const
{
    auto opened = channel::openEnvelope(envelope, m_current.keys.a2s);
    for (const OtherKey& key : m_enrolment.former) {
        if (opened || opened.error().code != ErrorCode::CryptoFailed)
            break;
        if (auto other = channel::openEnvelope(envelope, identityOf(key).keys.a2s))
            opened = std::move(other);
    }
    return opened;
}

Status KeyRing::keep(Enrolment changed)
{
    if (const Status saved = m_file.save(changed.encode()); !saved)
        return saved;
    m_enrolment = std::move(changed);
    m_current = m_enrolment.identity();
    return {};
}

} // namespace platen::agent
