// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Outbox.h"

#include "Log.h"

#include <channel/SealedEnvelope.h>
#include <protocol/ReadingCodec.h>

#include <QJsonArray>
#include <QPointer>
#include <QTimer>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace platen::agent {

namespace {

constexpr qsizetype mostUnsaved = 5000; // a state that cannot be written for that long: nothing more is taken

} // namespace

QStringList fieldsOf(const QCborMap& keyed)
{
    QStringList fields;
    for (const auto& [key, value] : keyed) {
        const QString name = key.toString();
        if (!value.isMap()) {
            fields.append(name);
            continue;
        }
        for (const auto& [inner, ignored] : value.toMap())
            fields.append(name + u'.' + inner.toString());
    }
    return fields;
}

Outbox::Outbox(
    channel::AgentIdentity identity, State& state, KnownDevices& devices, Settings settings, const Clock& clock)
    : m_identity(std::move(identity))
    , m_state(state)
    , m_devices(devices)
    , m_settings(settings)
    , m_clock(clock)
{
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

    QList<StateChange> changes = std::exchange(m_unsaved, {});
    changes.append(replay(std::max(loaded.spooledSeq, m_spool->firstSeq() - 1)));
    if (!changes.isEmpty()) {
        qCInfo(lcAgent) << "caught up with" << changes.size() << "envelopes that were spooled just before the last end";
        if (const Status saved = co_await m_state.save(changes); !saved)
            co_return saved;
    }
    m_savedSeq = m_spool->nextSeq() - 1;
    m_isOpen = true;
    co_return Status();
}

QList<StateChange> Outbox::replay(quint64 from)
{
    QList<StateChange> changes;
    while (true) {
        const Result<std::optional<spool::Entry>> entry = m_spool->nextAfter(from);
        changes.append(std::exchange(m_unsaved, {})); // a GAP made on the way
        if (!entry || !*entry)
            return changes;
        from = (*entry)->seq;
        const bool isJournaled = !changes.isEmpty() && changes.last().journal && changes.last().journal->seq == from;
        if (!isJournaled)
            changes.append(replayed(**entry));
    }
}

/// What submit() did with this envelope of ours before the crash.
StateChange Outbox::replayed(const spool::Entry& entry)
{
    StateChange change;
    change.journal =
        JournalEntry{entry.seq, m_clock.now(), protocol::EnvelopeType::Data, {}, entry.envelope.size(), std::nullopt};
    const Result<channel::OpenedEnvelope> opened = channel::openEnvelope(entry.envelope, m_identity.keys.a2s);
    if (!opened) // cannot be: the spool has checked it
        return change;
    change.journal->type = opened->header.type;
    change.journal->createdAt = fromMs(opened->header.created);
    if (opened->header.type != protocol::EnvelopeType::Data)
        return change;
    const Result<protocol::Data> data = protocol::Data::decode(opened->body);
    if (!data) {
        qCWarning(lcAgent) << "spooled envelope" << entry.seq << "does not decode:" << data.error();
        return change;
    }
    change.devices = apply(*data);
    change.journal->summary = summary(*data);
    return change;
}

Status Outbox::submit(const protocol::Data& data)
{
    if (m_unsaved.size() >= mostUnsaved)
        return fail(ErrorCode::StorageFailed,
            u"the agent's state cannot be written, nothing more is sent: free space on its disk"_s);
    const quint64 seq = m_spool->nextSeq();
    const QByteArray envelope = sealed(protocol::EnvelopeType::Data, seq, data.encode());
    if (envelope.isEmpty())
        return fail(ErrorCode::Internal, u"a batch of readings is larger than an envelope"_s);
    if (const Status spooled = m_spool->append(envelope); !spooled)
        return spooled;
    ++m_submitted;
    StateChange change;
    change.devices = apply(data);
    change.journal =
        JournalEntry{seq, m_clock.now(), protocol::EnvelopeType::Data, summary(data), envelope.size(), std::nullopt};
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
    if (!m_saving && m_retry.count() == 0)
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
            if (!std::exchange(m_saidBroken, true))
                qCCritical(lcAgent) << "cannot write the agent's state; trying again:" << saved.error();
            saveLater();
            break;
        }
        m_saidBroken = false;
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
    const Result<std::optional<spool::Entry>> entry = m_spool->nextAfter(seq);
    if (!entry) {
        qCWarning(lcAgent) << "cannot declare a lost envelope to the server; trying again later:" << entry.error();
        return std::nullopt;
    }
    if (!*entry || (*entry)->seq > m_savedSeq)
        return std::nullopt;
    return channel::OutgoingEnvelope{(*entry)->seq, (*entry)->envelope};
}

quint64 Outbox::nextSeq() const { return m_spool->nextSeq(); }

void Outbox::acknowledged(quint64 hwm)
{
    if (hwm <= m_acknowledged)
        return;
    m_acknowledged = std::min(hwm, m_savedSeq);
    m_spool->acknowledged(m_acknowledged);
    StateChange change;
    change.acknowledged = m_acknowledged;
    change.at = m_clock.now();
    remember(change);
}

spool::Spool::Seal Outbox::seal()
{
    return {
        .check = [this](const spool::Entry& entry) -> Status {
            const auto opened = channel::openEnvelope(entry.envelope, m_identity.keys.a2s);
            if (!opened)
                return fail(opened.error());
            return {};
        },
        .gap = [this](quint64 from, quint64 to, const QString& reason) -> Result<QByteArray> {
            const QByteArray envelope =
                sealed(protocol::EnvelopeType::Gap, to, protocol::Gap{from, to, reason}.encode());
            StateChange change;
            change.journal = JournalEntry{to, m_clock.now(), protocol::EnvelopeType::Gap,
                {{u"from"_s, qint64(from)}, {u"to"_s, qint64(to)}, {u"reason"_s, reason}}, envelope.size(),
                std::nullopt};
            // Nobody knows what was in it, or how far back the server was set: a device that changes no more must be told as well.
            for (const quint32 id : m_devices.ids()) {
                KnownDevice& device = m_devices.restore(id);
                if (!std::exchange(device.wantsFull, true))
                    change.devices.append(device);
            }
            if (m_isOpen)
                remember(change);
            else
                m_unsaved.append(change); // open() saves it
            return envelope;
        },
    };
}

QByteArray Outbox::sealed(protocol::EnvelopeType type, quint64 seq, const QByteArray& body) const
{
    protocol::EnvelopeHeader header;
    header.type = type;
    header.agentId = m_identity.agentId;
    header.epoch = m_identity.epoch;
    header.seq = seq;
    header.created = toMs(m_clock.now());
    return channel::sealEnvelope(header, body, m_identity.keys.a2s);
}

QJsonObject Outbox::summary(const protocol::Data& data) const
{
    if (!m_settings.transparency)
        return {{u"readings"_s, data.readings.size()}, {u"seen"_s, data.seen.size()}};
    QJsonArray readings;
    for (const protocol::ReadingPart& part : data.readings) {
        QJsonObject line{{u"device"_s, qint64(part.localDeviceId)}, {u"full"_s, part.isFull()},
            {u"fields"_s, QJsonArray::fromStringList(fieldsOf(part.reading))}};
        if (const KnownDevice* device = m_devices.find(quint32(part.localDeviceId)))
            line.insert(u"address"_s, device->place.address.toString());
        readings.append(line);
    }
    QJsonArray seen;
    for (const quint64 id : data.seen)
        seen.append(qint64(id));
    QJsonObject summary{{u"readings"_s, readings}, {u"seen"_s, seen}};
    if (!m_settings.masks.isEmpty())
        summary.insert(u"masked"_s, QJsonArray::fromStringList(m_settings.masks));
    return summary;
}

} // namespace platen::agent
