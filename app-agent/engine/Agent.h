// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "DataFolder.h"
#include "Enrolment.h"
#include "Intake.h"
#include "KeyRing.h"
#include "Outbox.h"
#include "Report.h"
#include "Rounds.h"
#include "Schedule.h"

#include <channel/TransportChooser.h>

#include <QHash>
#include <QObject>
#include <QTimer>

namespace platen::agent {

/// The running agent of one data folder: rounds at the site by schedule, their readings to the server. Lives as long as the
/// program; make one, start it, stop it.
class Agent : public QObject {
    Q_OBJECT

public:
    struct Setup {
        DataFolder folder;
        Settings settings;
        Enrolment enrolment;
        std::shared_ptr<const profiles::Catalogue> catalogue;
        pages::PageBook pages; ///< of the catalogue
        bool legacy3des = false; ///< sends in the obsolete format of 4.x (docs/legacy-3des.md); only in builds that can
        std::optional<std::chrono::seconds> once = {}; ///< one round, and so long for the server to take it, then it stops by itself
    };

    explicit Agent(Setup setup, const Clock& clock = Clock::system());
    ~Agent() override;

    /// Opens state and spool, connects, begins the first round. Fails with StorageFailed or Conflict, and then does nothing.
    QCoro::Task<Status> start();

    /// Closes the connection and asks nobody any more; stopped() follows within a few seconds. What is spooled stays.
    void stop();

    Report report() const;

    /// Nothing waits for the server any more.
    bool isDelivered() const;
    const Intake::Counts& counts() const { return m_intake.counts(); } ///< of the last round

signals:
    void stopped();

private:
    void makeLink();
    channel::AgentLink::TransportMaker transportMaker(const QUrl& url, const channel::TlsTrust& trust);
    void deliver();
    void stopWhenDelivered();
    void sendFull(const QList<quint64>& deviceIds);
    void tick();
    QCoro::Task<> doRound(Schedule::Work work);
    void arm();
    void noteGreeting(protocol::EnvelopeType type, qsizetype bytes);
    void compareClocks(const protocol::HelloAck& answer);
    void noteLink(channel::AgentLink::State state, const QString& reason);
    void reportSoon();
    void finish();

    Setup m_setup;
    const Clock& m_clock;
    Logins m_logins;
    KeyRing m_keys;
    State m_state;
    KnownDevices m_devices;
    Outbox m_outbox;
    snmp::Engine m_engine;
    Intake m_intake;
    completion::Completer m_completer;
    Rounds m_rounds;
    std::unique_ptr<channel::TransportChooser> m_transports;
    std::unique_ptr<channel::AgentLink> m_link;
    std::unique_ptr<Schedule> m_schedule;
    QTimer m_nextRound;
    QTimer m_reporting;
    QHash<quint64, quint64> m_fullSpooled; ///< by device: the last number that a full reading travels under
    Report m_report;
    QString m_saidReason; ///< why there is no connection, as last logged
    bool m_saidClock = false; ///< that it is wrong
    bool m_inRound = false;
    bool m_isStopping = false;
    bool m_isFinished = false;
};

} // namespace platen::agent
