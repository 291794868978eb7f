// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "KnownDevices.h"

#include <profiles/Decoders.h>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace platen::agent {

namespace {

/// Two values that are both known and not the same.
bool contradict(const QString& one, const QString& other)
{
    return !one.isEmpty() && !other.isEmpty() && one.compare(other, Qt::CaseInsensitive) != 0;
}

/// Serial numbers are only unlike within a model: some devices all carry the same made-up one.
QString serialAndModel(const QString& serial, const QString& model) { return serial + u'/' + model.toLower(); }

} // namespace

QString serialKey(const model::Identity& identity)
{
    QString serial = profiles::normalisedSerial(identity.serialNumber).toUpper();
    serial.removeIf([](QChar character) { return !character.isLetterOrNumber(); });
    const bool oneCharacter = std::ranges::all_of(serial, [&](QChar character) { return character == serial.front(); });
    if (serial.size() < 3 || oneCharacter)
        return {};
    return identity.manufacturer.toLower() + u'/' + serial;
}

KnownDevices::KnownDevices(const QList<KnownDevice>& devices)
{
    for (const KnownDevice& device : devices) {
        m_devices.insert_or_assign(device.id, device);
        if (!device.place.address.isNull())
            m_byAddress.insert(device.place.address, device.id);
        if (!device.serial.isEmpty())
            m_bySerial.insert(serialAndModel(device.serial, device.model), device.id);
    }
}

qsizetype KnownDevices::offlineCount() const
{
    return std::ranges::count_if(m_devices, [](const auto& entry) { return entry.second.isOffline(); });
}

bool KnownDevices::hasLost() const
{
    return std::ranges::any_of(m_devices, [](const auto& entry) { return entry.second.place.address.isNull(); });
}

QList<quint32> KnownDevices::ids() const
{
    QList<quint32> ids;
    for (const auto& [id, device] : m_devices)
        ids.append(id);
    return ids;
}

KnownDevice* KnownDevices::find(quint32 id)
{
    const auto found = m_devices.find(id);
    return found == m_devices.end() ? nullptr : &found->second;
}

const KnownDevice* KnownDevices::find(quint32 id) const
{
    const auto found = m_devices.find(id);
    return found == m_devices.end() ? nullptr : &found->second;
}

const KnownDevice* KnownDevices::at(const QHostAddress& address) const { return find(m_byAddress.value(address)); }

/// 0 when it is none we know.
quint32 KnownDevices::match(const model::Reading& reading, const QString& serial, const QHostAddress& address) const
{
    if (const quint32 id = m_bySerial.value(serialAndModel(serial, reading.identity.model)); id && !serial.isEmpty())
        return id;
    const QString& mac = reading.identity.mac;
    if (!mac.isEmpty())
        for (const auto& [id, device] : m_devices)
            if (device.mac == mac && !contradict(device.serial, serial))
                return id;
    const KnownDevice* there = at(address);
    if (!there || contradict(there->serial, serial) || contradict(there->mac, mac))
        return 0;
    const bool isSameSerial =
        !serial.isEmpty() && there->serial == serial; // then a model by another name is a new firmware
    return isSameSerial || !contradict(there->model, reading.identity.model) ? there->id : 0;
}

const KnownDevice* KnownDevices::whoseIs(const model::Reading& reading, const QHostAddress& address) const
{
    return find(match(reading, serialKey(reading.identity), address));
}

KnownDevice& KnownDevices::recognise(const model::Reading& reading, const Place& place)
{
    KnownDevice* device = find(match(reading, serialKey(reading.identity), place.address));
    if (!device)
        device = &add(m_devices.empty() ? 1 : m_devices.rbegin()->first + 1);
    note(*device, reading, place);
    return *device;
}

KnownDevice& KnownDevices::restore(quint32 id)
{
    KnownDevice* device = find(id);
    return device ? *device : add(id);
}

KnownDevice& KnownDevices::add(quint32 id)
{
    KnownDevice& device = m_devices[id];
    device.id = id;
    return device;
}

void KnownDevices::note(KnownDevice& device, const model::Reading& reading, const Place& place)
{
    const QString serial = serialKey(reading.identity);
    if (m_byAddress.value(device.place.address) == device.id)
        m_byAddress.remove(device.place.address);
    device.place = place;
    if (!place.address.isNull()) // masked, in a reading that comes back from the spool
        m_byAddress.insert(place.address, device.id);
    m_bySerial.remove(serialAndModel(device.serial, device.model));
    if (!serial.isEmpty())
        device.serial = serial;
    if (!reading.identity.mac.isEmpty())
        device.mac = reading.identity.mac;
    if (!reading.identity.model.isEmpty())
        device.model = reading.identity.model;
    if (!device.serial.isEmpty())
        m_bySerial.insert(serialAndModel(device.serial, device.model), device.id);
}

} // namespace platen::agent
