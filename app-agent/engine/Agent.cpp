// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Agent.h"

#include "Log.h"

#include <crypto/Crypto.h>
#ifdef PLATEN_LEGACY_3DES
#include <agent/legacy/LegacyTransport.h>
#endif

#include <QStorageInfo>

#include <malloc.h>

using namespace Qt::StringLiterals;

namespace platen::agent {

namespace {

constexpr std::chrono::days journalLife{400}; // a year's comparison, and some days to make it
constexpr std::chrono::minutes clockTolerance{5};
constexpr qint64 leastToBegin = 512 << 10; // bytes of disk, to open the state
constexpr std::chrono::seconds patience{4}; // of stop() with devices that do not answer

Intake::Ways waysThrough(Outbox& outbox)
{
    return {[&outbox](const protocol::Data& data) { return outbox.submit(data); },
        [&outbox](StateChange change) { outbox.remember(std::move(change)); }};
}

QString wordFor(channel::AgentLink::State state)
{
    switch (state) {
    case channel::AgentLink::State::Stopped:
        return u"stopped"_s;
    case channel::AgentLink::State::Connecting:
    case channel::AgentLink::State::Greeting:
        return u"connecting"_s;
    case channel::AgentLink::State::Connected:
        return u"connected"_s;
    case channel::AgentLink::State::Waiting:
        return u"waiting"_s;
    case channel::AgentLink::State::Hibernating:
        return u"refused"_s;
    }
    return {};
}

} // namespace

Agent::Agent(Setup setup, const Clock& clock)
    : m_setup(std::move(setup))
    , m_clock(clock)
    , m_logins(m_setup.settings, m_setup.enrolment.loginSalt())
    , m_keys(m_setup.enrolment, m_setup.folder.keyFile(), m_setup.folder.sessionFile())
    , m_state(m_setup.folder.state())
    , m_outbox(m_keys, m_state, m_devices,
          {.transparency = m_setup.settings.transparency,
              .masks = namesOf(m_setup.settings.mask),
              .port = quint16(m_setup.settings.port),
              .limits = {.bytes = qint64(m_setup.settings.spoolMegabytes) << 20, .age = std::chrono::days(m_setup.settings.spoolDays)}},
          clock)
    , m_intake(m_devices, waysThrough(m_outbox),
          {m_setup.settings.fullReadingInterval, m_setup.settings.mask}, clock)
    , m_completer(m_setup.catalogue, m_setup.pages, clock)
    , m_rounds({m_engine, m_setup.catalogue, &m_completer}, m_setup.settings, m_logins, m_devices, m_intake, clock)
{
    m_nextRound.setSingleShot(true);
    m_reporting.setSingleShot(true);
    connect(&m_nextRound, &QTimer::timeout, this, &Agent::tick);
    connect(&m_reporting, &QTimer::timeout, this, [this] {
        if (const Status written = report().write(m_setup.folder.statusFile()); !written)
            qCDebug(lcAgent) << written.error();
    });
}

Agent::~Agent() = default;

QCoro::Task<Status> Agent::start()
{
    if (QStorageInfo(m_setup.folder.path).bytesAvailable() < leastToBegin)
        spool::Spool::giveBackReserve(m_setup.folder.spool()); // a state that cannot be opened would end us here
    if (const Status opened = co_await m_state.open(m_setup.enrolment.agentId); !opened)
        co_return opened;
    const Result<State::Loaded> loaded = co_await m_state.load();
    if (!loaded)
        co_return fail(loaded.error());
    m_devices = KnownDevices(loaded->devices);
    if (const Status opened = co_await m_outbox.open(m_setup.folder.spool(), *loaded); !opened)
        co_return opened;
    m_outbox.resumeAfter(m_keys.resumesAfter(m_keys.current().epoch)); // a change of keys that was cut short
    m_state.pruneJournal(m_clock.now() - journalLife);

    Schedule::Past past{loaded->discoveredAt, loaded->metersReadAt};
    if (m_devices.hasLost()) // by a crash, with addresses masked: only a search tells where they are
        past.discovery = {};
    m_schedule = std::make_unique<Schedule>(m_setup.settings, past, m_clock);
    m_schedule->putOffMeters(jitterOf(m_setup.enrolment.agentId, m_setup.settings));
    m_report.startedAt = m_clock.now();
    m_report.searchedAt = loaded->discoveredAt;
    makeLink();
    if (!m_setup.once)
        m_link->start();
    arm();
    reportSoon();
    qCInfo(lcAgent).noquote() << "agent" << m_setup.enrolment.agentId.toHex() << "runs in" << m_setup.folder.path
                              << "with" << m_devices.count() << "known printers and" << m_outbox.spool()->count()
                              << "envelopes to send";
    co_return Status();
}

void Agent::makeLink()
{
    const QUrl server = m_setup.settings.serverUrl.isEmpty() ? m_setup.enrolment.server : m_setup.settings.serverUrl;
    m_report.server = server.toString();
    channel::AgentLink::Settings settings;
    settings.url = endpoint(server, u"/a/v2/socket"_s, true);
    settings.bootId = crypto::randomBytes(16);
    const channel::TlsTrust trust = m_setup.enrolment.trust(m_setup.settings.allowPlainHttp);
    m_transports = std::make_unique<channel::TransportChooser>(
        channel::TransportChooser::usual(trust, m_setup.settings.wayOut(), false), m_clock);
    m_link = std::make_unique<channel::AgentLink>(
        m_keys, settings, m_outbox, transportMaker(settings.url, trust));
    connect(m_transports.get(), &channel::TransportChooser::better, m_link.get(), &channel::AgentLink::reconnect);
    connect(m_transports.get(), &channel::TransportChooser::changed, this, &Agent::reportSoon);
    connect(m_link.get(), &channel::AgentLink::stateChanged, this, &Agent::noteLink);
    connect(m_link.get(), &channel::AgentLink::fullReadingsWanted, this, &Agent::sendFull);
    connect(m_link.get(), &channel::AgentLink::acknowledged, this, &Agent::reportSoon);
    if (!m_setup.legacy3des) // that format has none
        connect(m_link.get(), &channel::AgentLink::greetingSent, this, &Agent::noteGreeting);
    connect(m_link.get(), &channel::AgentLink::greeted, this, &Agent::compareClocks);
    connect(&m_outbox, &Outbox::readyToSend, m_link.get(), &channel::AgentLink::wake);
    connect(&m_outbox, &Outbox::readyToSend, this, &Agent::reportSoon);
}

channel::AgentLink::TransportMaker Agent::transportMaker(const QUrl& url, [[maybe_unused]] const channel::TlsTrust& trust)
{
#ifdef PLATEN_LEGACY_3DES
    if (m_setup.legacy3des) {
        const QString account = m_setup.folder.path + u"/legacy-3des"_s;
        return [this, trust, account] {
            return std::make_unique<legacy::LegacyTransport>(
                legacy::LegacyTransport::Site{m_keys.current(), account, [this] { return m_outbox.acknowledgedSeq(); }}, trust,
                m_setup.settings.wayOut());
        };
    }
#endif
    return [this, url] { return m_transports->next(url); };
}

/// Readings are dated by this computer's clock; nobody's right to send depends on it.
void Agent::compareClocks(const protocol::HelloAck& answer)
{
    const auto ahead = std::chrono::round<std::chrono::minutes>(m_clock.now() - answer.serverTime);
    const bool isWrong = std::chrono::abs(ahead) > clockTolerance;
    if (isWrong && !m_saidClock)
        qCWarning(lcAgent).noquote() << "the clock of this computer is" << std::chrono::abs(ahead).count() << "minutes"
                                     << (ahead.count() > 0 ? "ahead of" : "behind")
                                     << "the server's: readings carry wrong times until one of them is set";
    m_saidClock = isWrong;
}

/// The journal has every envelope that left, also those that say nothing of printers.
void Agent::noteGreeting(protocol::EnvelopeType type, qsizetype bytes)
{
    const QString word = type == protocol::EnvelopeType::Hello ? u"hello"_s
        : type == protocol::EnvelopeType::Rekey               ? u"rekey"_s
                                                              : u"ready"_s;
    StateChange change;
    change.greeting = JournalEntry{0, m_clock.now(), type, {{u"greeting"_s, word}}, bytes, {}};
    m_outbox.remember(std::move(change));
}

void Agent::noteLink(channel::AgentLink::State state, const QString& reason)
{
    using Link = channel::AgentLink::State;
    const QString before = m_report.connection;
    m_report.connection = wordFor(state);
    m_report.reason = reason;
    if (state == Link::Connected && before != m_report.connection) {
        m_report.connectedAt = m_clock.now();
        qCInfo(lcAgent).noquote() << "connected to" << m_report.server << "by" << m_link->transportName();
        m_saidReason.clear();
    } else if (reason == m_saidReason) {
        // the same failure again, at each try
    } else if (state == Link::Waiting) {
        m_saidReason = reason;
        qCWarning(lcAgent).noquote() << "not connected to" << m_report.server << "and trying again:" << reason;
    } else if (state == Link::Hibernating) {
        m_saidReason = reason;
        qCCritical(lcAgent).noquote() << "the server does not take this agent's readings:" << reason;
    }
    reportSoon();
}

/// The server asks again with every delta that it cannot use; one full reading on its way answers them all.
void Agent::sendFull(const QList<quint64>& deviceIds)
{
    QList<quint32> missing;
    for (const quint64 id : deviceIds)
        if (m_fullSpooled.value(id) <= m_outbox.acknowledgedSeq() && id <= std::numeric_limits<quint32>::max())
            missing.append(quint32(id));
    if (missing.isEmpty())
        return;
    qCInfo(lcAgent) << "the server asks for full readings of" << missing.size() << "devices";
    m_intake.sendFull(missing);
    for (const quint32 id : std::as_const(missing))
        if (m_devices.find(id))
            m_fullSpooled.insert(id, m_outbox.nextSeq() - 1);
}

void Agent::arm()
{
    if (!m_isStopping)
        m_nextRound.start(m_schedule->untilNext());
}

void Agent::tick()
{
    const Schedule::Work work = m_schedule->due();
    if (work != Schedule::Work::Nothing && !m_inRound)
        doRound(work);
    else
        arm();
}

QCoro::Task<> Agent::doRound(Schedule::Work work)
{
    m_inRound = true;
    m_schedule->begun(work);
    const Status done = co_await m_rounds.run(work);
    m_inRound = false;
    if (m_isStopping) {
        finish();
        co_return;
    }
    m_report.problem = done ? QString() : done.error().detail;
    if (!done) {
        qCWarning(lcAgent) << "could not search for printers; trying again later:" << done.error();
        m_schedule->discoveryFailed();
    }
    StateChange change;
    change.discoveredAt = m_schedule->past().discovery;
    change.metersReadAt = m_schedule->past().meters;
    m_outbox.remember(change);
    const Intake::Counts& counts = m_intake.counts();
    qCDebug(lcAgent) << "round done:" << counts.read << "printers read," << counts.changed << "with changes,"
                     << counts.added << "new," << counts.silent << "silent";
    m_report.searchedAt = m_schedule->past().discovery;
    m_report.readAt = m_clock.now();
    ::malloc_trim(0); // hundreds of printers were talked to at a time: back to the system with it
    reportSoon();
    if (m_setup.once)
        deliver();
    else
        arm();
}

/// The round of a scheduled task is over: what there is goes to the server, or the time is up.
void Agent::deliver()
{
    connect(&m_outbox, &Outbox::settled, this, &Agent::stopWhenDelivered);
    connect(m_link.get(), &channel::AgentLink::acknowledged, this, &Agent::stopWhenDelivered);
    connect(m_link.get(), &channel::AgentLink::stateChanged, this, [this](channel::AgentLink::State state) {
        if (state == channel::AgentLink::State::Hibernating)
            QMetaObject::invokeMethod(this, &Agent::stop, Qt::QueuedConnection);
    });
    QTimer::singleShot(*m_setup.once, this, &Agent::stop);
    if (m_outbox.spool()->count() > 0)
        m_link->start();
    stopWhenDelivered();
}

void Agent::stopWhenDelivered()
{
    if (isDelivered() && m_outbox.isSettled() && !m_link->isChangingKey())
        QMetaObject::invokeMethod(this, &Agent::stop, Qt::QueuedConnection);
}

bool Agent::isDelivered() const { return m_outbox.spool() && m_outbox.spool()->count() == 0; }

void Agent::stop()
{
    if (std::exchange(m_isStopping, true))
        return;
    m_nextRound.stop();
    m_rounds.stop();
    if (m_link)
        m_link->stop();
    if (m_inRound)
        QTimer::singleShot(patience, this, &Agent::finish); // unless the round ends before
    else
        finish();
}

void Agent::finish()
{
    if (std::exchange(m_isFinished, true))
        return;
    m_reporting.stop();
    if (const Status written = report().write(m_setup.folder.statusFile()); !written)
        qCDebug(lcAgent) << written.error();
    if (m_outbox.isSettled())
        emit stopped();
    else { // what the state does not learn now it learns from the spool at the next start
        connect(&m_outbox, &Outbox::settled, this, &Agent::stopped, Qt::SingleShotConnection);
        QTimer::singleShot(patience, this, &Agent::stopped);
    }
}

void Agent::reportSoon()
{
    if (!m_reporting.isActive() && !m_isStopping)
        m_reporting.start(std::chrono::milliseconds(250));
}

Report Agent::report() const
{
    Report report = m_report;
    report.agentId = QString::fromLatin1(m_setup.enrolment.agentId.toHex());
    report.name = m_setup.enrolment.name;
    report.version = QStringLiteral(PLATEN_VERSION);
    report.transport = m_link ? m_link->transportName() : QString();
    if (m_transports) {
        report.transportSince = m_transports->ladder().since();
        report.notBetter = m_transports->whyNotBetter();
    }
    report.devices = m_devices.count();
    report.offlineDevices = m_devices.offlineCount();
    if (m_schedule)
        report.nextRoundAt = m_clock.now() + m_schedule->untilStatus();
    if (const spool::Spool* spool = m_outbox.spool()) {
        report.waitingEnvelopes = spool->count();
        report.waitingBytes = spool->bytes();
        report.spoolLimitBytes = qint64(m_setup.settings.spoolMegabytes) << 20;
        report.oldestWaitingAt = spool->oldest().value_or(Instant());
        report.spooledSeq = qint64(spool->nextSeq() - 1);
        report.refusedEnvelopes = qint64(spool->counts().refused);
        report.lostEnvelopes = qint64(spool->counts().lost);
        report.thinnedEnvelopes = qint64(spool->counts().thinned);
        report.quarantinedFiles = spool->quarantineCount();
        report.spoolProblem = m_outbox.problem();
    }
    report.acknowledgedSeq = qint64(m_outbox.acknowledgedSeq());
    return report;
}

} // namespace platen::agent
