// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "SpooledReading.h"

#include <base/Clock.h>
#include <model/Reading.h>

#include <QHash>
#include <QHostAddress>
#include <QList>
#include <QSet>

#include <chrono>
#include <map>
#include <optional>

namespace platen::agent {

/// Where and how a device answered.
struct Place {
    QHostAddress address;
    quint16 port = 161;
    QByteArray login; ///< key of the login that it answered; empty or no longer there: all that may be are tried
    bool isV1 = false; ///< that login's community by SNMP v1
    bool isIpp = false; ///< has no SNMP: `port` is IPP's, and no login counts
    QString ippPath = {}; ///< resource path as it announced it; empty: the usual ones

    bool operator==(const Place&) const = default;
};

/// A printer the agent found once. It stays known whatever becomes of ranges, credentials and addresses.
struct KnownDevice {
    quint32 id = 0; ///< what the server knows it by, of this agent; never used again for another device
    Place place;
    QString serial; ///< "hp/CNXXB12345": maker and serial number without padding; empty when not known
    QString mac; ///< empty when not known
    QString model;
    QByteArray memory; ///< profiles::Memory of its last reading; empty: the next one asks for everything
    QByteArray supplement; ///< keyed form, CBOR, of what other ways than SNMP gave last; empty: nothing
    SpooledReading spooled; ///< keyed form of the last reading that was spooled; empty before the first
    Instant fullAt{}; ///< when a full reading was spooled last
    Instant seenAt{}; ///< when it answered last
    int misses = 0; ///< rounds in a row without an answer
    bool wantsFull = false; ///< the server asked for a full reading that is not spooled yet

    bool isOffline() const { return spooled.isOffline(); } ///< the last spooled reading says so
    bool operator==(const KnownDevice&) const = default;
};

/// The printers of a site, and which of them a reading belongs to. No I/O; the state keeps it.
class KnownDevices {
public:
    KnownDevices() = default;
    explicit KnownDevices(const QList<KnownDevice>& devices);

    qsizetype count() const { return qsizetype(m_devices.size()); }
    qsizetype offlineCount() const;
    bool hasLost() const; ///< some whose address is not known
    QList<quint32> ids() const;
    KnownDevice* find(quint32 id);
    const KnownDevice* find(quint32 id) const;
    const KnownDevice* at(const QHostAddress& address) const; ///< the one last found there

    /// Whose reading this is: by maker, model and serial number, else by MAC, else by address, never against a stronger sign; a new
    /// device when there is no such one. What the reading tells of it (place, serial, MAC) is noted; nothing known is
    /// overwritten by nothing.
    KnownDevice& recognise(const model::Reading& reading, const Place& place);

    /// The one that recognise() would give; null: it would be a new one.
    const KnownDevice* whoseIs(const model::Reading& reading, const QHostAddress& address) const;

    /// The device of this number, made when it is not there: for a reading that was spooled just before a crash.
    KnownDevice& restore(quint32 id);

    /// What the reading tells of this device of ours: place, serial number, MAC, model.
    void note(KnownDevice& device, const model::Reading& reading, const Place& place);

private:
    quint32 match(const model::Reading& reading, const QString& serial, const QHostAddress& address) const;
    KnownDevice& add(quint32 id);

    std::map<quint32, KnownDevice> m_devices; ///< references stay valid
    QHash<QString, quint32> m_bySerial;
    QHash<QHostAddress, quint32> m_byAddress;
};

/// "hp/CNXXB12345" of a reading; empty when its serial number is missing or a placeholder.
QString serialKey(const model::Identity& identity);

} // namespace platen::agent
