// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "KnownDevices.h"
#include "Pace.h"
#include "SpoolSeal.h"
#include "State.h"

#include <channel/AgentLink.h>
#include <channel/OutgoingQueue.h>
#include <spool/Spool.h>

#include <QObject>
#include <QTimer>

#include <memory>

namespace platen::agent {

/// From readings to the server without losing or doubling one (PROTOCOL.md §3.3). Each DATA is sealed, written to the spool
/// durably, then written into the state, and only then sent. The spool is thereby the log that the state is restored from: after a crash between
/// the two, open() opens the agent's own envelopes and catches up, so that the bases of later deltas are right. When the spool holds too much
/// or too old envelopes they are thinned in the pauses; what waits leaves at a Pace.
class Outbox : public QObject, public channel::OutgoingQueue {
    Q_OBJECT

public:
    struct Settings {
        bool transparency = true; ///< the journal names printers and fields
        QStringList masks = {}; ///< what the readings lack, for the journal
        quint16 port = 161; ///< of a device that is only known from its reading in the spool
        spool::Limits limits = {};
        std::chrono::milliseconds firstRetry{1'000}; ///< of a state that could not be written
        std::chrono::milliseconds lastRetry{20'000};
        Pace::Limits pace = {};
    };

    /// `keys`, `state` (open), `devices` and `clock` must outlive it.
    Outbox(const channel::Keyring& keys, State& state, KnownDevices& devices, Settings settings,
        const Clock& clock = Clock::system());
    ~Outbox() override;

    /// Opens the spool in `folder`, brings state and `devices` up to it, and deletes what the server is known to have. Fails with
    /// StorageFailed.
    QCoro::Task<Status> open(QString folder, State::Loaded loaded);

    /// Seals and spools `data`; on success the devices in it carry what the server will know. The rest (state, sending) happens
    /// by itself. Fails with LimitExceeded or StorageFailed as the spool does; nothing has happened then.
    Status submit(const protocol::Data& data);

    /// Remembers something that does not travel: a device's place, misses; when a search was done.
    void remember(StateChange change);

    /// Everything submitted and remembered so far is in the state, or could not be written.
    bool isSettled() const { return m_unsaved.isEmpty() && !m_saving; }

    quint64 submittedCount() const { return m_submitted; } ///< envelopes since the start
    const spool::Spool* spool() const { return m_spool.get(); } ///< null before open()
    QString problem() const; ///< why readings or the state cannot be written now, a sentence; empty when all is well

    // OutgoingQueue
    std::optional<channel::OutgoingEnvelope> nextAfter(quint64 seq) override;
    quint64 nextSeq() const override;
    quint64 acknowledgedSeq() const override { return m_acknowledged; }
    void resumeAfter(quint64 seq) override;
    void acknowledged(quint64 hwm) override;

signals:
    void readyToSend(); ///< nextAfter has something new
    void settled(); ///< isSettled() became true

private:
    spool::Spool::Seal seal();
    QList<StateChange> replay(quint64& from);
    StateChange replayed(const spool::Entry& entry);
    JournalEntry lineOf(const spool::Entry& entry) const;
    QList<KnownDevice> apply(const protocol::Data& data);
    QList<KnownDevice> wantAllFull();
    void noteLost(const spool::Lost& lost, const spool::Entry& gap);
    void noteThinned(const spool::Replacement& replacement);
    void thin();
    QCoro::Task<> save();
    void saveLater();

    SpoolSeal m_seal;
    State& m_state;
    KnownDevices& m_devices;
    Settings m_settings;
    const Clock& m_clock;
    std::unique_ptr<spool::Spool> m_spool;
    QList<StateChange> m_unsaved; ///< in the order they happened
    bool m_isOpen = false;
    bool m_saving = false;
    std::chrono::milliseconds m_retry{0};
    quint64 m_savedSeq = 0; ///< the state knows everything up to here: may be sent
    quint64 m_acknowledged = 0;
    quint64 m_submitted = 0;
    Pace m_pace;
    QTimer m_paced; ///< until the pace lets the next one go
    QTimer m_thinning;
    QString m_refused; ///< why the last submit failed
    QString m_broken; ///< why the state cannot be written
    bool m_saidUnthinned = false;
};

} // namespace platen::agent
