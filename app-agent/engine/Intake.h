// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Batch.h"
#include "KnownDevices.h"
#include "Mask.h"
#include "State.h"

#include <QSet>

#include <functional>

namespace platen::agent {

/// A reading, and what the next one of its device needs to know (KnownDevice).
struct Taken {
    model::Reading reading;
    QByteArray memory = {};
    QByteArray supplement = {};
};

/// Turns the readings of a round into what must be sent: whole the first time, then only what changed (COLLECTION.md §3), and
/// once offline when a device was silent for two rounds. No network and no disk: `Ways` lead there.
///
/// begin(), then take() or miss() for each device asked, then end(). Known addresses first: a device that answers at a second
/// address as well is then left where it is.
class Intake {
public:
    struct Ways {
        std::function<Status(const protocol::Data&)>
            submit; ///< must note in the known devices what is sent (Outbox::submit)
        std::function<void(StateChange)> remember;
    };

    static constexpr int missesUntilOffline = 2;

    struct Rules {
        std::chrono::milliseconds fullReadingInterval;
        Mask mask = {}; ///< what is left out of all that is sent
    };

    /// `devices` and `clock` must outlive it.
    Intake(KnownDevices& devices, Ways ways, Rules rules, const Clock& clock = Clock::system());

    void begin();

    /// What was read at `place`.
    void take(const Place& place, const Taken& taken);

    /// Its next reading goes out whole: the first one, the server asked, or the time has come.
    bool wantsFull(const KnownDevice& device) const;

    /// The known device at `address` gave no answer, or is no printer any more.
    void miss(const QHostAddress& address);

    /// Sends what is left, misses those that were nowhere, names those that were only seen.
    void end();

    /// The server asks for full readings: what it should already have is sent at once. Ids it made up are ignored.
    void sendFull(const QList<quint32>& deviceIds);

    struct Counts {
        int read = 0; ///< devices that answered in this round
        int changed = 0; ///< of which something was sent
        int added = 0; ///< of which were new
        int silent = 0;
    };
    const Counts& counts() const { return m_counts; } ///< of this round, or the last

private:
    std::optional<protocol::ReadingPart> partOf(const KnownDevice& device, const QCborMap& keyed) const;
    void send(KnownDevice& device, const protocol::ReadingPart& part);
    bool isDisplaced(const KnownDevice& device) const;
    void countMiss(KnownDevice& device);
    void flush();

    KnownDevices& m_devices;
    Ways m_ways;
    Rules m_rules;
    const Clock& m_clock;
    Batch m_batch;
    QSet<quint32> m_taken; ///< answered in this round
    QSet<quint32> m_silent; ///< were not where they used to be
    QList<quint32> m_seen; ///< answered and had nothing new
    QSet<quint32> m_changed; ///< rows to remember
    Counts m_counts;
    bool m_saidKept = false; ///< that the spool takes nothing
};

} // namespace platen::agent
