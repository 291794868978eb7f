// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Ingest.h"

#include "Guard.h"
#include "Log.h"

#include <protocol/ReadingCodec.h>
#include <server/store/DeviceStore.h>
#include <server/store/Installation.h>
#include <server/store/Receptions.h>
#include <storage/Query.h>

using namespace Qt::StringLiterals;

namespace platen::ingest {

namespace {

constexpr qsizetype mostFullWanted = 1000;
constexpr qsizetype mostTold = 10'000;
constexpr qsizetype reasonBytes = 256;

QString named(const QByteArray& agentId) { return QString::fromLatin1(agentId.toHex()); }

} // namespace

/// One envelope on its way into the database.
struct Ingest::Submission {
    Arrival arrival;
    protocol::Data data;
    Instant created{}; ///< as the agent says
    std::optional<protocol::Gap> gap; ///< of a GAP, and in place of an envelope that makes no sense
    Instant now{};
};

/// What came of it.
struct Ingest::Outcome {
    Verdict verdict;
    QList<qint64> devices; ///< that changed, those only seen included
    QList<quint64> full;
    qsizetype stored = 0; ///< readings
    int malformed = 0;
    QString problem; ///< the first one
    std::optional<protocol::Gap> gap; ///< what was lost, and counts
};

namespace {

/// The full keyed form that a part stands for; nothing when the delta is against something else than what we have.
Result<std::optional<QCborMap>> completed(
    QSqlDatabase db, const store::DeviceOfAgent& who, const protocol::ReadingPart& part)
{
    if (part.isFull())
        return part.reading;
    const auto latest = store::latestReading(db, who);
    if (!latest)
        return fail(latest.error());
    if (!*latest || protocol::baseOf(**latest) != part.base)
        return std::nullopt;
    auto whole = protocol::patched(**latest, part.reading);
    if (!whole)
        return fail(whole.error());
    return *std::move(whole);
}

/// A value and its place are the peer's; the disk is ours. Only the latter stops an envelope.
bool isOurs(const Error& error) { return error.code == ErrorCode::StorageFailed || error.code == ErrorCode::Internal; }

enum class PartFate { Stored, Mismatched };

Result<PartFate> storePart(
    QSqlDatabase db, const QByteArray& agentId, const protocol::ReadingPart& part, Instant now, QList<qint64>& devices)
{
    const store::DeviceOfAgent who{agentId, part.localDeviceId};
    auto keyed = completed(db, who, part);
    if (!keyed)
        return fail(keyed.error());
    if (!*keyed)
        return PartFate::Mismatched;
    auto reading = protocol::fromKeyed(**keyed);
    if (!reading)
        return fail(reading.error());
    const auto device = store::storeReading(db, who, **std::move(keyed), *std::move(reading), now);
    if (!device)
        return fail(device.error());
    devices.append(*device);
    if (part.isFull())
        if (const auto came = storage::execute(db, u"DELETE FROM full_wanted WHERE agent_id = ? AND local_id = ?"_s,
                {agentId, static_cast<qint64>(part.localDeviceId)});
            !came)
            return fail(came.error());
    return PartFate::Stored;
}

/// Remembered until it comes, for the answer that asks for it may get lost.
Status wantFull(QSqlDatabase db, const QByteArray& agentId, const QList<quint64>& localIds)
{
    for (const quint64 id : localIds) {
        const auto wanted = storage::execute(db,
            u"INSERT INTO full_wanted (agent_id, local_id) SELECT ?, ? WHERE"
            " (SELECT count(*) FROM full_wanted WHERE agent_id = ?) < ? ON CONFLICT DO NOTHING"_s,
            {agentId, static_cast<qint64>(id), agentId, mostFullWanted});
        if (!wanted)
            return fail(wanted.error());
    }
    return {};
}

/// A GAP travels under the last number that it declares lost.
bool endsAt(const protocol::Gap& gap, quint64 seq) { return gap.from >= 1 && gap.from <= gap.to && gap.to == seq; }

/// The peer's words, fit for a log and never empty.
QString reasonOf(const protocol::Gap& gap)
{
    const QString said = protocol::cleaned(gap.reason, reasonBytes).trimmed();
    return said.isEmpty() ? u"not given"_s : said;
}

Status storeGap(QSqlDatabase db, const QByteArray& agentId, const protocol::Gap& gap, Instant now)
{
    const auto added =
        storage::execute(db, u"INSERT INTO gap (agent_id, from_seq, to_seq, reason, at) VALUES (?, ?, ?, ?, ?)"_s,
            {agentId, static_cast<qint64>(gap.from), static_cast<qint64>(gap.to), gap.reason, toMs(now)});
    if (!added)
        return fail(added.error());
    return {};
}

} // namespace

Ingest::Ingest(storage::Database& database, Events& events, const Clock& clock)
    : m_database(database)
    , m_events(events)
    , m_clock(clock)
{
}

/// Fails only with what is our own trouble; a reading that is none is dropped, the others stay.
Status Ingest::storeData(QSqlDatabase db, const Submission& submission, Instant now, Outcome& outcome)
{
    const QByteArray& agentId = submission.arrival.agentId;
    for (const protocol::ReadingPart& part : submission.data.readings) {
        const auto fate = storePart(db, agentId, part, now, outcome.devices);
        if (!fate && isOurs(fate.error()))
            return fail(fate.error());
        if (!fate) {
            ++outcome.malformed;
            if (outcome.problem.isEmpty())
                outcome.problem = u"reading of its device %1: %2"_s.arg(part.localDeviceId).arg(fate.error().detail);
        } else if (*fate == PartFate::Mismatched) {
            outcome.full.append(part.localDeviceId);
        }
    }
    outcome.stored = outcome.devices.size();
    for (const quint64 localId : submission.data.seen) {
        const auto device = store::noteSeen(db, {agentId, localId}, submission.created, now);
        if (!device)
            return fail(device.error());
        *device ? outcome.devices.append(**device) : outcome.full.append(localId);
    }
    outcome.full.resize(std::min(outcome.full.size(), mostFullWanted)); // the others are asked for when they come again
    return wantFull(db, agentId, outcome.full);
}

/// On the writing thread, inside the one write of the envelope.
Result<Ingest::Outcome> Ingest::store(QSqlDatabase db, const Submission& submission)
{
    const auto now = store::timeReached(db, submission.now);
    if (!now)
        return fail(now.error());
    const auto verdict = passGuard(db, submission.arrival, *now);
    if (!verdict)
        return fail(verdict.error());
    Outcome outcome;
    outcome.verdict = *verdict;
    if (verdict->kind == Verdict::Kind::Refused) {
        if (const auto noted = store::timeReached(db, submission.now, true); !noted)
            return fail(noted.error());
    }
    if (verdict->kind != Verdict::Kind::Fresh)
        return outcome;

    if (const Status stored = storeData(db, submission, *now, outcome); !stored)
        return fail(stored.error());
    if (submission.gap) {
        outcome.gap = submission.gap;
        outcome.gap->from = std::max(outcome.gap->from, verdict->hwmBefore + 1); // what came is not lost
        if (const Status stored = storeGap(db, submission.arrival.agentId, *outcome.gap, *now); !stored)
            return fail(stored.error());
    }
    return outcome;
}

QCoro::Task<Result<protocol::Ack>> Ingest::take(channel::OpenedEnvelope envelope)
{
    const protocol::EnvelopeHeader header = envelope.header;
    if (header.seq == 0)
        co_return fail(ErrorCode::Malformed, u"an envelope without a number"_s);
    Submission submission{{header.agentId, header.epoch, header.seq, header.seq, false, envelope.sha256}, {},
        fromMs(header.created), {}, m_clock.now()};

    // What opens and makes no sense is taken all the same, as lost: the agent would send it again for ever.
    auto message = protocol::decodeFromAgent(header.type, envelope.body);
    if (message && std::holds_alternative<protocol::Data>(*message)) {
        submission.data = std::get<protocol::Data>(*std::move(message));
    } else if (message && std::holds_alternative<protocol::Gap>(*message)
        && endsAt(std::get<protocol::Gap>(*message), header.seq)) {
        submission.gap = std::get<protocol::Gap>(*message);
        submission.gap->reason = reasonOf(*submission.gap);
        submission.arrival.from = submission.gap->from;
        submission.arrival.isGap = true;
    } else {
        ++m_counts.malformed;
        warnOnce(header.agentId, u"malformed"_s,
            message ? u"sent an envelope of a type that has no number"_s
                    : u"sent an envelope that is none: "_s + message.error().detail);
        submission.gap = protocol::Gap{header.seq, header.seq, u"malformed"_s};
    }
    envelope = {}; // up to 8 MiB that nobody needs while the write waits

    auto outcome = co_await m_database.write(
        [submission = std::move(submission)](QSqlDatabase db) { return store(db, submission); });
    if (!outcome)
        co_return fail(outcome.error());
    tell(header.agentId, *outcome);
    co_return protocol::Ack{outcome->verdict.hwm, ackCodeOf(outcome->verdict.kind), outcome->full};
}

/// After the commit: counts, logs, events.
void Ingest::tell(const QByteArray& agentId, const Outcome& outcome)
{
    switch (outcome.verdict.kind) {
    case Verdict::Kind::Fresh:
        ++m_counts.envelopes;
        break;
    case Verdict::Kind::Again:
        ++m_counts.again;
        break;
    case Verdict::Kind::Fork:
        ++m_counts.forks;
        if (outcome.verdict.isNewFork) {
            qCCritical(lcIngest).noquote() << "agent" << named(agentId)
                                           << "sent another envelope under a number that is stored:" << store::forkAdvice();
            emit m_events.agentForked(agentId);
            emit m_events.agentChanged(agentId);
        }
        break;
    case Verdict::Kind::Nak:
    case Verdict::Kind::Refused:
        break;
    }
    if (outcome.gap) {
        m_counts.lost += outcome.gap->to - outcome.gap->from + 1;
        qCWarning(lcIngest).noquote() << "agent" << named(agentId) << "lost envelopes" << outcome.gap->from << "to"
                                      << outcome.gap->to << "because:" << outcome.gap->reason;
    }
    m_counts.readings += static_cast<quint64>(outcome.stored);
    m_counts.malformed += static_cast<quint64>(outcome.malformed);
    m_counts.mismatched += static_cast<quint64>(outcome.full.size());
    if (outcome.malformed > 0)
        warnOnce(agentId, u"readings"_s, u"sent readings that are none, dropped; the first: "_s + outcome.problem);
    if (!outcome.full.isEmpty() && isNews(agentId, u"full"_s))
        qCInfo(lcIngest).noquote() << "agent" << named(agentId) << "speaks of" << outcome.full.size()
                                   << "devices whose last reading we do not have: asked for full ones";
    for (const qint64 device : outcome.devices)
        emit m_events.deviceChanged(device);
}

bool Ingest::isNews(const QByteArray& agentId, const QString& kind)
{
    const QString key = named(agentId) + kind;
    if (m_told.contains(key) || m_told.size() >= mostTold)
        return false;
    m_told.insert(key);
    return true;
}

void Ingest::warnOnce(const QByteArray& agentId, const QString& kind, const QString& what)
{
    if (isNews(agentId, kind))
        qCWarning(lcIngest).noquote() << "agent" << named(agentId) << what;
}

} // namespace platen::ingest
