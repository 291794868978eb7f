// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Outbox.h"

#include "JournalSummary.h"
#include "Log.h"

#include <protocol/ReadingCodec.h>

#include <QPointer>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace platen::agent {

namespace {

constexpr qsizetype mostUnsaved = 5000; // a state that cannot be written for that long: nothing more is taken
constexpr qsizetype mostReplayed = 100; // envelopes in one transaction, each with up to a thousand devices

} // namespace

Outbox::Outbox(
    const channel::Keyring& keys, State& state, KnownDevices& devices, Settings settings, const Clock& clock)
    : m_seal(keys)
    , m_state(state)
    , m_devices(devices)
    , m_settings(settings)
    , m_clock(clock)
    , m_pace(settings.pace, clock)
{
    m_paced.setSingleShot(true);
    m_thinning.setSingleShot(true);
    connect(&m_paced, &QTimer::timeout, this, &Outbox::readyToSend);
    connect(&m_thinning, &QTimer::timeout, this, &Outbox::thin);
    connect(this, &Outbox::settled, &m_thinning, [this] { m_thinning.start(0); });
}

Outbox::~Outbox() = default;

QCoro::Task<Status> Outbox::open(QString folder, State::Loaded loaded)
{
    auto spool =
        spool::Spool::open(folder, std::max(loaded.spooledSeq, loaded.acknowledgedSeq), seal(), m_settings.limits);
    if (!spool)
        co_return fail(spool.error());
    m_spool = std::move(*spool);
    m_acknowledged = loaded.acknowledgedSeq;
    m_spool->acknowledged(m_acknowledged);

    quint64 from = std::max(loaded.spooledSeq, m_spool->firstSeq() - 1);
    qsizetype caughtUp = 0;
    for (QList<StateChange> changes = replay(from); !changes.isEmpty(); changes = replay(from)) {
        caughtUp += changes.size();
        if (const Status saved = co_await m_state.save(changes); !saved)
            co_return saved;
    }
    if (caughtUp > 0)
        qCInfo(lcAgent) << "caught up with" << caughtUp << "envelopes that were spooled just before the last end";
    m_savedSeq = m_spool->nextSeq() - 1;
    m_isOpen = true;
    m_thinning.start(0);
    co_return Status();
}

/// What the next envelopes after `from` change in the state; empty when there are none.
QList<StateChange> Outbox::replay(quint64& from)
{
    QList<StateChange> changes = std::exchange(m_unsaved, {}); // a GAP or a thinning made on the way
    while (changes.size() < mostReplayed) {
        const Result<std::optional<spool::Entry>> entry = m_spool->nextAfter(from);
        changes.append(std::exchange(m_unsaved, {}));
        if (!entry || !*entry)
            return changes;
        from = (*entry)->seq;
        const bool isJournaled = !changes.isEmpty() && changes.last().journal && changes.last().journal->seq == from;
        if (!isJournaled)
            changes.append(replayed(**entry));
    }
    return changes;
}

/// What submit() did with this envelope of ours before the crash.
StateChange Outbox::replayed(const spool::Entry& entry)
{
    StateChange change;
    const Result<channel::OpenedEnvelope> opened = m_seal.open(entry.envelope);
    if (opened && opened->header.type == protocol::EnvelopeType::Data) {
        if (const Result<protocol::Data> data = protocol::Data::decode(opened->body))
            change.devices = apply(*data);
        else
            qCWarning(lcAgent) << "spooled envelope" << entry.seq << "does not decode:" << data.error();
    }
    change.journal = lineOf(entry);
    return change;
}

/// The journal's line of an envelope of ours.
JournalEntry Outbox::lineOf(const spool::Entry& entry) const
{
    JournalEntry line{entry.seq, m_clock.now(), protocol::EnvelopeType::Data, {}, entry.envelope.size(), std::nullopt};
    const Result<channel::OpenedEnvelope> opened = m_seal.open(entry.envelope);
    if (!opened) // cannot be: the spool has checked it
        return line;
    line.type = opened->header.type;
    line.createdAt = fromMs(opened->header.created);
    const auto data = line.type == protocol::EnvelopeType::Data ? protocol::Data::decode(opened->body)
                                                                : fail(ErrorCode::Unsupported, {});
    const std::optional<spool::Lost> lost = m_seal.declared(entry);
    if (data)
        line.summary = summaryOf(*data, m_devices, {m_settings.transparency, m_settings.masks});
    else if (lost)
        line.summary = {{u"from"_s, qint64(lost->from)}, {u"to"_s, qint64(lost->to)}, {u"reason"_s, lost->reason}};
    return line;
}

Status Outbox::submit(const protocol::Data& data)
{
    if (m_unsaved.size() >= mostUnsaved)
        return fail(ErrorCode::StorageFailed,
            u"the agent's state cannot be written, nothing more is sent: free space on its disk"_s);
    const quint64 seq = m_spool->nextSeq();
    const QByteArray envelope = m_seal.seal(protocol::EnvelopeType::Data, seq, data.encode(), m_clock.now());
    if (envelope.isEmpty())
        return fail(ErrorCode::Internal, u"a batch of readings is larger than an envelope"_s);
    if (const Status spooled = m_spool->append(envelope); !spooled) {
        m_refused = spooled.error().detail;
        return spooled;
    }
    m_refused.clear();
    ++m_submitted;
    StateChange change;
    change.devices = apply(data);
    change.journal =
        JournalEntry{seq, m_clock.now(), protocol::EnvelopeType::Data,
            summaryOf(data, m_devices, {m_settings.transparency, m_settings.masks}), envelope.size(), std::nullopt};
    remember(change);
    return {};
}

/// Notes in each device of `data` what the server will know after it.
QList<KnownDevice> Outbox::apply(const protocol::Data& data)
{
    QList<KnownDevice> changed;
    for (const protocol::ReadingPart& part : data.readings) {
        KnownDevice& device = m_devices.restore(quint32(part.localDeviceId));
        const bool fits = part.isFull() || (!device.spooled.isEmpty() && protocol::baseOf(device.spooled) == part.base);
        const Result<QCborMap> keyed =
            part.isFull() ? Result<QCborMap>(part.reading) : protocol::patched(device.spooled, part.reading);
        if (fits && keyed)
            device.spooled = *keyed;
        if (part.isFull()) {
            device.fullAt = fromMs(part.reading[u"takenAt"_s].toInteger());
            device.wantsFull = false;
        } else if (!fits || !keyed) {
            device.wantsFull = true; // the state was lost; the server asks as well
        }
        if (device.place.address.isNull()) // it was new in the round before the crash
            if (const auto reading = protocol::fromKeyed(device.spooled))
                m_devices.note(device, *reading, {QHostAddress(reading->address), m_settings.port, {}, false});
        changed.append(device);
    }
    return changed;
}

void Outbox::remember(StateChange change)
{
    if (m_unsaved.size() >= 2 * mostUnsaved)
        return;
    m_unsaved.append(std::move(change));
    if (m_isOpen && !m_saving && m_retry.count() == 0) // before, open() saves it
        save();
}

QCoro::Task<> Outbox::save()
{
    const QPointer<Outbox> self(this);
    m_saving = true;
    while (!m_unsaved.isEmpty()) {
        const QList<StateChange> changes = m_unsaved;
        const Status saved = co_await m_state.save(changes);
        if (!self)
            co_return;
        if (!saved) {
            m_spool->giveBackReserve();
            if (std::exchange(m_broken, saved.error().detail).isEmpty())
                qCCritical(lcAgent) << "cannot write the agent's state; trying again:" << saved.error();
            saveLater();
            break;
        }
        if (!std::exchange(m_broken, {}).isEmpty())
            qCInfo(lcAgent) << "the agent's state can be written again";
        m_retry = std::chrono::milliseconds(0);
        m_unsaved.remove(0, changes.size());
        const quint64 before = m_savedSeq;
        for (const StateChange& change : changes)
            if (change.journal)
                m_savedSeq = std::max(m_savedSeq, change.journal->seq);
        if (m_savedSeq > before)
            emit readyToSend();
    }
    m_saving = false;
    if (isSettled())
        emit settled();
}

void Outbox::saveLater()
{
    m_retry = std::clamp(m_retry * 2, m_settings.firstRetry, m_settings.lastRetry);
    QTimer::singleShot(m_retry, this, [this] {
        if (!m_saving)
            save();
    });
}

std::optional<channel::OutgoingEnvelope> Outbox::nextAfter(quint64 seq)
{
    if (const auto wait = m_pace.untilNext(); wait.count() > 0) {
        if (!m_paced.isActive())
            m_paced.start(wait);
        return std::nullopt;
    }
    Result<std::optional<spool::Entry>> entry = m_spool->nextAfter(seq);
    if (!entry) {
        qCWarning(lcAgent) << "cannot declare a lost envelope to the server; trying again later:" << entry.error();
        return std::nullopt;
    }
    if (!*entry || (*entry)->seq > m_savedSeq)
        return std::nullopt;
    // Under a former key nothing is taken any more, and nothing of it was: it travels under its number and the new key. On disk
    // first, for a number that left must never have other bytes.
    const auto resealed = m_seal.resealed((*entry)->envelope);
    const Status stored = !resealed ? fail(resealed.error())
        : *resealed                 ? m_spool->reseal((*entry)->seq, **resealed)
                                    : Status();
    if (!stored) {
        qCWarning(lcAgent) << "cannot seal an envelope under the new key; trying again later:" << stored.error();
        return std::nullopt;
    }
    if (*resealed)
        (*entry)->envelope = **resealed;
    m_pace.sent((*entry)->envelope.size());
    return channel::OutgoingEnvelope{(*entry)->seq, (*entry)->envelope};
}

void Outbox::resumeAfter(quint64 seq)
{
    if (seq <= m_acknowledged)
        return;
    const qsizetype before = m_spool->count();
    m_spool->resumeAfter(seq);
    qCWarning(lcAgent) << "this agent was put back to an older state and goes on after envelope" << seq << "of its server;"
                       << before - m_spool->count() << "that waited under other numbers are in the folder quarantine";
    m_acknowledged = seq;
    m_savedSeq = std::max(m_savedSeq, seq);
    StateChange change;
    change.acknowledged = seq;
    change.at = m_clock.now();
    change.devices = wantAllFull();
    remember(std::move(change));
}

quint64 Outbox::nextSeq() const { return m_spool->nextSeq(); }

void Outbox::acknowledged(quint64 hwm)
{
    if (hwm <= m_acknowledged)
        return;
    m_acknowledged = std::min(hwm, m_savedSeq);
    m_spool->acknowledged(m_acknowledged);
    if (!m_spool->isFull())
        m_refused.clear();
    StateChange change;
    change.acknowledged = m_acknowledged;
    change.at = m_clock.now();
    remember(change);
}

QString Outbox::problem() const { return m_broken.isEmpty() ? m_refused : m_broken; }

spool::Spool::Seal Outbox::seal()
{
    return {
        .check = [this](const spool::Entry& entry) -> Status {
            const auto opened = m_seal.open(entry.envelope);
            if (!opened)
                return fail(opened.error());
            return {};
        },
        .gap = [this](const spool::Lost& lost, Instant created) { return m_seal.gap(lost, created == Instant() ? m_clock.now() : created); },
        .declared = [this](const spool::Entry& gap) { return m_seal.declared(gap); },
        .folded = [this](const QList<spool::Entry>& entries) { return m_seal.folded(entries); },
        .wasLost = [this](const spool::Lost& lost, const spool::Entry& gap) { noteLost(lost, gap); },
        .wasThinned = [this](const spool::Replacement& replacement) { noteThinned(replacement); },
    };
}

/// Nobody knows what was in it, or how far back the server was set: a device that changes no more must be told as well.
void Outbox::noteLost(const spool::Lost&, const spool::Entry& gap)
{
    StateChange change;
    change.journal = lineOf(gap);
    change.devices = wantAllFull();
    remember(std::move(change));
}

/// Those that did not before.
QList<KnownDevice> Outbox::wantAllFull()
{
    QList<KnownDevice> changed;
    for (const quint32 id : m_devices.ids()) {
        KnownDevice& device = m_devices.restore(id);
        if (!std::exchange(device.wantsFull, true))
            changed.append(device);
    }
    return changed;
}

void Outbox::noteThinned(const spool::Replacement& replacement)
{
    StateChange replaced;
    replaced.withdrawn = {replacement.from, replacement.to()};
    remember(replaced);
    quint64 seq = replacement.to() - quint64(replacement.envelopes.size());
    for (const QByteArray& envelope : replacement.envelopes) {
        StateChange change;
        change.journal = lineOf({++seq, envelope});
        remember(std::move(change));
    }
}

/// A step at a time, so that nothing else waits long; only while the state knows all of the spool.
void Outbox::thin()
{
    if (!m_isOpen || !isSettled())
        return; // `settled` comes back here
    const Result<bool> more = m_spool->thin(m_clock.now());
    if (!more && !std::exchange(m_saidUnthinned, true))
        qCWarning(lcAgent) << "cannot thin the spool; trying again:" << more.error();
    if (more)
        m_saidUnthinned = false;
    if (more && *more && isSettled())
        m_thinning.start(0);
}

} // namespace platen::agent
