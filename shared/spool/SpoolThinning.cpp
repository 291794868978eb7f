// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Head.h"
#include "Log.h"
#include "Spool.h"

#include <base/File.h>

#include <QFile>

using namespace Qt::StringLiterals;

/// Thinning: a stretch of envelopes becomes a GAP over most of its numbers and, under the last of them, envelopes that leave the
/// server where the stretch would have left it. No delta behind it loses its base, and no number gets a second meaning: what may
/// have been sent is not touched (ThinningPlan::untouched).
namespace platen::spool {

const QString Spool::thinnedReason = u"thinned to one reading per device and day: the agent could not deliver for long"_s;

Result<bool> Spool::thin(Instant now)
{
    if (!m_seal.folded || !m_seal.gap || !m_seal.declared)
        return false;
    if (const Status finished = finishRewrite(); !finished)
        return fail(finished.error());
    const std::optional<ThinningPlan::Stretch> stretch = m_plan.next(m_files, now);
    if (!stretch)
        return false;
    const quint64 before = m_files.at(stretch->begin - 1).seq;
    const Result<QList<Entry>> entries = read(*stretch);
    if (!entries)
        return fail(entries.error());
    if (entries->isEmpty()) // the files are not what they were: next time
        return true;
    const quint64 last = entries->last().seq;
    const Result<QList<QByteArray>> folded = m_seal.folded(*entries);
    if (!folded || quint64(folded->size()) >= last - before) {
        m_plan.passOver(last);
        return true;
    }
    const quint64 gapTo = last - quint64(folded->size());
    const Instant created = m_files.at(m_files.indexAfter(last) - 1).created;
    const Result<QByteArray> gap = m_seal.gap({before + 1, gapTo, thinnedReason}, created);
    if (!gap)
        return fail(gap.error());
    qint64 room = 0;
    for (const Entry& entry : *entries)
        room += File{entry.seq, {}, quint32(entry.envelope.size())}.room();
    return replace({before + 1, QList<QByteArray>{*gap} + *folded}, room);
}

/// The stretch's envelopes up to the first real loss, which stays as it is: what follows it does not continue what was before.
/// Empty when one of them had to be put aside (the stretch is another then) or a loss stands first.
Result<QList<Entry>> Spool::read(ThinningPlan::Stretch stretch)
{
    const qsizetype count = m_files.count();
    const quint64 last = m_files.at(stretch.end - 1).seq;
    QList<Entry> entries;
    for (quint64 seq = m_files.at(stretch.begin - 1).seq; seq < last;) {
        const Result<std::optional<Entry>> entry = nextAfter(seq);
        if (!entry)
            return fail(entry.error());
        if (!*entry || m_files.count() != count)
            return QList<Entry>();
        seq = (*entry)->seq;
        const std::optional<Lost> lost = declaredBy(**entry);
        if (lost && lost->reason != thinnedReason) {
            if (entries.isEmpty())
                m_plan.passOver(seq);
            return entries;
        }
        entries.append(**entry);
    }
    return entries;
}

Result<bool> Spool::replace(const Replacement& replacement, qint64 roomBefore)
{
    qint64 room = 0;
    for (const QByteArray& envelope : replacement.envelopes)
        room += File{0, {}, quint32(envelope.size())}.room();
    if (room >= roomBefore) {
        m_plan.passOver(replacement.to());
        return true;
    }
    const quint64 fewer = replacement.to() - replacement.from + 1;
    if (const Status begun = m_rewrite.begin(replacement); !begun)
        return fail(begun.error());
    m_unfinished = replacement;
    if (const Status finished = finishRewrite(); !finished)
        return fail(finished.error());
    m_counts.thinned += fewer - quint64(replacement.envelopes.size() - 1);
    return true;
}

/// Does what `thinning` says; as often as it takes.
Status Spool::finishRewrite()
{
    if (!m_unfinished)
        return {};
    const Replacement& replacement = *m_unfinished;
    for (const QByteArray& envelope : replacement.envelopes) {
        const quint64 seq = headOf(envelope, envelope.size())->seq;
        if (const Status sound = m_seal.check ? m_seal.check({seq, envelope}) : Status(); !sound) {
            forgetRewrite(sound.error().detail);
            return {};
        }
    }
    const quint64 to = replacement.to();
    m_lastSeq = std::max(m_lastSeq, to);
    while (const File* file = m_files.after(replacement.from - 1)) { // first the old: the disk may need their room
        if (file->seq > to)
            break;
        if (!QFile::remove(pathOf(file->seq)) && QFile::exists(pathOf(file->seq)))
            return fail(ErrorCode::StorageFailed, u"cannot delete %1, which was thinned"_s.arg(pathOf(file->seq)));
        m_files.remove(file->seq, file->seq);
    }
    for (const QByteArray& envelope : replacement.envelopes)
        if (const Status stored = store(headOf(envelope, envelope.size())->seq, envelope); !stored)
            return stored;
    if (const Status ended = m_rewrite.end(); !ended)
        return ended;
    if (m_seal.wasThinned)
        m_seal.wasThinned(replacement);
    m_unfinished.reset();
    return {};
}

/// What cannot be read was cut off before anything was touched, or is damage like any other: then the numbers show as lost.
void Spool::forgetRewrite(const QString& why)
{
    m_unfinished.reset();
    m_quarantine.take(Rewrite::fileName, why);
}

} // namespace platen::spool
