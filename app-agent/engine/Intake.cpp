// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Intake.h"

#include "Log.h"

#include <protocol/ReadingCodec.h>

#include <utility>

using namespace Qt::StringLiterals;

namespace platen::agent {

namespace {

/// The keyed form of a device that does not answer: who it is, its meters and supplies stay as they were.
QCborMap offline(QCborMap keyed, Instant now)
{
    keyed[u"takenAt"_s] = toMs(now);
    keyed[u"status"_s] = QCborMap{{u"state"_s, u"offline"_s}};
    keyed.remove(u"alerts"_s);
    return keyed;
}

/// Who is just starting up does not show all of its tables yet.
bool isLess(const QCborMap& keyed, const QCborMap& before)
{
    const QString serial = u"serialNumber"_s, identity = u"identity"_s;
    const auto hasFewer = [&](const QString& table) { return keyed[table].toMap().size() < before[table].toMap().size(); };
    return hasFewer(u"meters"_s) || hasFewer(u"supplies"_s)
        || (before[identity].toMap().contains(serial) && !keyed[identity].toMap().contains(serial));
}

} // namespace

Intake::Intake(KnownDevices& devices, Ways ways, Rules rules, const Clock& clock)
    : m_devices(devices)
    , m_ways(std::move(ways))
    , m_rules(rules)
    , m_clock(clock)
{
}

void Intake::begin()
{
    m_taken.clear();
    m_silent.clear();
    m_seen.clear();
    m_changed.clear();
    m_counts = {};
}

void Intake::take(const Place& place, const Taken& taken)
{
    const model::Reading& reading = taken.reading;
    const KnownDevice* who = m_devices.whoseIs(reading, place.address);
    if (who && m_taken.contains(who->id)) {
        qCInfo(lcAgent).noquote() << "device" << who->id << "at" << who->place.address.toString() << "answers at"
                                  << place.address.toString() << "as well";
        return;
    }
    if (const KnownDevice* holder = m_devices.at(place.address); holder && holder != who)
        m_silent.insert(holder->id); // another one has its address now
    const KnownDevice before = who ? *who : KnownDevice{};
    KnownDevice& device = m_devices.recognise(reading, place);
    if (who && before.place.address != place.address)
        qCInfo(lcAgent).noquote() << "device" << device.id << "moved from" << before.place.address.toString() << "to"
                                  << place.address.toString();
    else if (!who)
        qCInfo(lcAgent).noquote() << "new device" << device.id << "at" << place.address.toString()
                                  << reading.identity.manufacturer << reading.identity.model;

    const QCborMap keyed = protocol::toKeyed(masked(reading, m_rules.mask));
    device.misses = 0;
    device.memory = isLess(keyed, device.spooled) ? QByteArray() : taken.memory; // the next reading then asks for everything
    device.supplement = taken.supplement;
    device.seenAt = before.seenAt;
    if (!(device == before))
        m_changed.insert(device.id);
    device.seenAt = m_clock.now();
    m_taken.insert(device.id);
    m_counts.read += 1;
    m_counts.added += who ? 0 : 1;
    if (const auto part = partOf(device, keyed))
        send(device, *part);
    else
        m_seen.append(device.id);
}

bool Intake::wantsFull(const KnownDevice& device) const
{
    const auto age = m_clock.now() - device.fullAt;
    const bool isDue = age >= m_rules.fullReadingInterval || age < -std::chrono::hours(24); // or the clock was set back
    return device.spooled.isEmpty() || device.wantsFull || isDue;
}

/// What of `keyed` must be sent; nothing when the server knows it all.
std::optional<protocol::ReadingPart> Intake::partOf(const KnownDevice& device, const QCborMap& keyed) const
{
    if (wantsFull(device))
        return protocol::ReadingPart{device.id, {}, keyed};
    const QCborMap before = device.spooled;
    const QCborMap patch = protocol::difference(before, keyed);
    if (protocol::isEmptyPatch(patch))
        return std::nullopt;
    return protocol::ReadingPart{device.id, protocol::baseOf(before), patch};
}

void Intake::send(KnownDevice& device, const protocol::ReadingPart& part)
{
    if (!m_batch.takes(part))
        flush();
    m_batch.add(part);
    m_counts.changed += 1;
    m_changed.remove(device.id); // its row goes with the envelope
}

void Intake::miss(const QHostAddress& address)
{
    if (const KnownDevice* device = m_devices.at(address))
        m_silent.insert(device->id);
}

/// Another one has its address now, so nobody asks it any more.
bool Intake::isDisplaced(const KnownDevice& device) const
{
    return !device.place.address.isNull() && m_devices.at(device.place.address) != &device;
}

void Intake::countMiss(KnownDevice& device)
{
    m_counts.silent += 1;
    if (device.misses < missesUntilOffline) {
        device.misses += 1;
        m_changed.insert(device.id);
        if (device.misses == missesUntilOffline)
            qCInfo(lcAgent).noquote() << "device" << device.id << "at" << device.place.address.toString()
                                      << "does not answer any more: offline";
    }
    // Said until it is spooled: the spool may have been full, or we ended before.
    if (device.misses < missesUntilOffline || device.spooled.isEmpty() || device.isOffline())
        return;
    const QCborMap keyed = offline(device.spooled, m_clock.now());
    send(device, {device.id, protocol::baseOf(device.spooled), protocol::difference(device.spooled, keyed)});
}

void Intake::end()
{
    for (const quint32 id : m_devices.ids()) {
        KnownDevice* device = m_devices.find(id);
        if (!m_taken.contains(id) && (m_silent.contains(id) || isDisplaced(*device)))
            countMiss(*device);
    }
    for (const quint32 id : std::as_const(m_seen)) {
        if (!m_batch.takesSeen())
            flush();
        m_batch.addSeen(id);
    }
    flush();
    StateChange change;
    for (const quint32 id : std::as_const(m_changed))
        if (const KnownDevice* device = m_devices.find(id))
            change.devices.append(*device);
    if (!change.devices.isEmpty())
        m_ways.remember(change);
}

void Intake::sendFull(const QList<quint32>& deviceIds)
{
    flush(); // what waits was made against the bases of before
    StateChange change;
    for (const quint32 id : deviceIds) {
        KnownDevice* device = m_devices.find(id);
        if (!device)
            continue;
        device->wantsFull = true; // until it is spooled
        change.devices.append(*device);
        if (device->spooled.isEmpty())
            continue;
        const protocol::ReadingPart part{id, {}, device->spooled};
        if (!m_batch.takes(part))
            flush();
        m_batch.add(part);
    }
    if (!change.devices.isEmpty())
        m_ways.remember(change);
    flush();
}

void Intake::flush()
{
    if (m_batch.isEmpty())
        return;
    const protocol::Data data = m_batch.take();
    // On failure nothing is lost: the devices still carry what the server knows, so the next round finds the difference again.
    if (const Status submitted = m_ways.submit(data); !submitted) {
        for (const protocol::ReadingPart& part : data.readings)
            m_changed.insert(quint32(part.localDeviceId));
        if (!std::exchange(m_saidKept, true)) // not in every round that follows
            qCWarning(lcAgent) << "kept back" << data.readings.size()
                               << "readings until a later round:" << submitted.error();
    } else {
        m_saidKept = false;
    }
}

} // namespace platen::agent
