// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a spool holds after so many days without a server: a fleet made of the recordings in FOLDER prints at office hours and is read every
// 15 minutes, through the agent's own intake, outbox, state and spool, by a clock that runs ahead. Then the spool is opened anew.
//   platen-spooldays FOLDER DEVICES DAYS [MEGABYTES [KEPTDAYS]]
//   platen-spooldays --files COUNT           opens a spool of COUNT small envelopes
#include <agent/engine/Intake.h>
#include <agent/engine/Outbox.h>
#include <crypto/Crypto.h>
#include <profiles/Interview.h>
#include <snmp/Snmprec.h>

#include <QCoro/QCoroTask>
#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QElapsedTimer>
#include <QLoggingCategory>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTextStream>

using namespace Qt::StringLiterals;
using namespace platen;

namespace {

constexpr std::chrono::minutes interval{15};

QTextStream& out()
{
    static QTextStream stream(stdout);
    return stream;
}

class AcceleratedClock final : public Clock {
public:
    Instant wall = fromMs(1'764'547'200'000); // a Monday
    Instant now() const override { return wall; }
    std::chrono::milliseconds monotonic() const override { return wall.time_since_epoch(); }
};

QList<model::Reading> recordedReadings(const profiles::Catalogue& catalogue, const QString& folder)
{
    QList<model::Reading> readings;
    for (const QFileInfo& info : QDir(folder).entryInfoList({u"*.snmprec"_s}, QDir::Files, QDir::Name)) {
        QFile file(info.filePath());
        const auto answers = file.open(QIODevice::ReadOnly) ? snmp::parseSnmprec(file.readAll()) : fail(ErrorCode::NotFound, info.filePath());
        if (!answers)
            continue;
        profiles::Interview interview(catalogue, QHostAddress(u"192.0.2.7"_s), {});
        while (const auto question = interview.next())
            interview.take(*question, profiles::answerFrom(*answers, *question));
        if (const auto reading = interview.reading({}))
            readings.append(*reading);
    }
    return readings;
}

/// One printer's quarter of an hour. At office hours every third has printed: up to 40 pages on each of its meters, in proportion, and
/// what that takes of its supplies; one in eight is caught printing; one in fifty has a new alert or loses one.
void live(model::Reading& reading, const QDateTime& time, QRandomGenerator& random)
{
    const bool isOffice = time.date().dayOfWeek() <= 5 && time.time().hour() >= 7 && time.time().hour() < 18;
    const auto oneIn = [&](quint32 many) { return random.bounded(many) == 0; };
    reading.status.state = isOffice && oneIn(8) ? u"printing"_s : u"idle"_s;
    if (!isOffice)
        return;
    if (oneIn(3)) {
        const qint64 pages = 1 + random.bounded(40);
        for (model::Meter& meter : reading.meters)
            meter.value += meter.name == "total"_L1 ? pages : pages * qint64(random.bounded(3)) / 4;
        for (model::Supply& supply : reading.supplies)
            if (supply.level.kind == model::SupplyLevel::Kind::Percent && oneIn(12))
                supply.level.percent = supply.level.percent < 1 ? 100 : supply.level.percent - 1;
    }
    if (!oneIn(50))
        return;
    if (reading.alerts.isEmpty() || oneIn(2)) {
        model::Alert alert;
        alert.index = u"1.%1"_s.arg(random.bounded(100'000));
        alert.severity = u"warning"_s;
        alert.group = u"mediaPath"_s;
        alert.code = 8;
        alert.description = u"Paper jam in area %1"_s.arg(random.bounded(9));
        reading.alerts.append(alert);
        reading.status.errors = QStringList{u"jammed"_s};
    } else {
        reading.alerts.removeLast();
        reading.status.errors = QStringList();
    }
}

/// The agent without its network.
struct Life {
    Life(const QString& folder, const channel::Keyring& keys, const Clock& clock, spool::Limits limits)
        : state(folder + u"/state.db"_s)
        , outbox(keys, state, devices, {.limits = limits}, clock)
        , intake(devices,
              {[this](const protocol::Data& data) { return outbox.submit(data); },
                  [this](agent::StateChange change) { outbox.remember(std::move(change)); }},
              {std::chrono::days(7)}, clock)
    {
        if (!QCoro::waitFor(state.open(keys.current().agentId)))
            qFatal("no state");
        const auto loaded = QCoro::waitFor(state.load());
        devices = agent::KnownDevices(loaded->devices);
        if (const Status opened = QCoro::waitFor(outbox.open(folder + u"/spool"_s, *loaded)); !opened)
            qFatal("%s", qPrintable(opened.error().detail));
    }

    void settle()
    {
        QElapsedTimer quiet; // and thin, a step a turn
        quiet.start();
        while (!outbox.isSettled() || quiet.elapsed() < 2) {
            const quint64 thinned = outbox.spool()->counts().thinned;
            QElapsedTimer turn;
            turn.start();
            QCoreApplication::processEvents(QEventLoop::AllEvents);
            if (outbox.spool()->counts().thinned != thinned)
                longestStep = std::max(longestStep, turn.elapsed());
            if (!outbox.isSettled() || outbox.spool()->counts().thinned != thinned)
                quiet.restart();
        }
    }

    agent::State state;
    agent::KnownDevices devices;
    agent::Outbox outbox;
    agent::Intake intake;
    qint64 longestStep = 0; ///< ms, of thinning
};

QString residentMiB()
{
    QFile file(u"/proc/self/status"_s);
    const QString text = file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
    const qsizetype at = text.indexOf(u"VmRSS:"_s);
    return u"%1 MiB"_s.arg(text.mid(at + 6).simplified().split(u' ').value(0).toLongLong() / 1024);
}

void say(const Life& life, const QString& when)
{
    const spool::Spool& spool = *life.outbox.spool();
    out() << when.leftJustified(12) << spool.count() << " files, " << QString::number(double(spool.bytes()) / (1 << 20), 'f', 1)
          << " MiB of disk, " << spool.counts().thinned << " envelopes thinned, " << spool.counts().refused << " refused";
    if (life.longestStep > 0)
        out() << "; longest step " << life.longestStep << " ms";
    out() << Qt::endl;
}

int simulate(const QStringList& words)
{
    const auto catalogue = profiles::Catalogue::builtIn();
    const QList<model::Reading> recorded = catalogue ? recordedReadings(**catalogue, words[0]) : QList<model::Reading>();
    if (recorded.isEmpty()) {
        QTextStream(stderr) << "platen-spooldays: no recordings of printers in " << words[0] << Qt::endl;
        return 1;
    }
    const int count = words[1].toInt(), days = words[2].toInt();
    const spool::Limits limits{.bytes = words.value(3, u"512"_s).toLongLong() << 20, .age = std::chrono::days(words.value(4, u"30"_s).toInt())};
    QTemporaryDir folder;
    AcceleratedClock clock;
    channel::AgentIdentity identity;
    identity.agentId = crypto::randomBytes(16);
    identity.keys = crypto::AgentKeys::derive(crypto::randomSecret(32), identity.agentId);
    const channel::SingleKey keys(identity);

    QList<model::Reading> fleet;
    for (int index = 0; index < count; ++index) {
        fleet.append(recorded[index % recorded.size()]);
        fleet.last().address = u"10.%1.%2.%3"_s.arg(index >> 16).arg(index >> 8 & 255).arg(index & 255);
        fleet.last().identity.serialNumber += QString::number(index);
        fleet.last().identity.mac.clear();
    }
    QRandomGenerator random(1);
    QElapsedTimer timer;
    timer.start();
    auto life = std::make_unique<Life>(folder.path(), keys, clock, limits);
    for (int day = 1; day <= days; ++day) {
        for (int round = 0; round < 96; ++round, clock.wall += interval) {
            // Who did not change is only seen: an envelope of its own here, which the intake would have added to the last one.
            QList<quint64> seen;
            life->intake.begin();
            for (int index = 0; index < count; ++index) {
                model::Reading& reading = fleet[index];
                const model::Reading before = reading;
                if (round > 0 || day > 1)
                    live(reading, QDateTime::fromMSecsSinceEpoch(toMs(clock.wall)), random);
                if (reading == before && (round > 0 || day % 7 > 1)) {
                    seen.append(quint64(index) + 1);
                    continue;
                }
                reading.takenAt = clock.wall;
                life->intake.take({QHostAddress(reading.address), 161, {}, false}, {reading});
            }
            life->intake.end();
            if (!seen.isEmpty())
                (void)life->outbox.submit({{}, seen}); // refused ones are counted
            life->settle();
        }
        if (day == 1 || day % 5 == 0 || day == days)
            say(*life, u"day %1"_s.arg(day));
    }
    out() << "simulated in " << timer.elapsed() / 1000 << " s, resident " << residentMiB() << Qt::endl;
    life.reset();
    timer.restart();
    life = std::make_unique<Life>(folder.path(), keys, clock, limits);
    out() << "opened anew (state and spool) in " << timer.elapsed() << " ms, resident " << residentMiB() << Qt::endl;
    return 0;
}

/// Written without fsync; what opening and appending cost then does not depend on it.
int openMany(int count)
{
    QTemporaryDir folder;
    protocol::EnvelopeHeader header;
    header.agentId = QByteArray(16, 'a');
    header.length = 400;
    QElapsedTimer timer;
    const auto envelope = [&](quint64 seq) {
        header.seq = seq;
        return header.encode() + QByteArray(24 + 400, 'x');
    };
    for (int seq = 1; seq <= count; ++seq) {
        QFile file(u"%1/%2.ple"_s.arg(folder.path()).arg(seq, 20, 10, QLatin1Char('0')));
        if (!file.open(QIODevice::WriteOnly) || file.write(envelope(quint64(seq))) < 0)
            return 1;
    }
    const QString before = residentMiB();
    timer.start();
    auto spool = spool::Spool::open(folder.path(), 0, {}, {.bytes = 1LL << 40});
    if (!spool)
        return 1;
    out() << count << " files: opened in " << timer.elapsed() << " ms; resident " << before << " before, " << residentMiB() << " after" << Qt::endl;
    timer.restart();
    constexpr int appended = 100;
    for (int index = 0; index < appended; ++index)
        if (!(*spool)->append(envelope((*spool)->nextSeq())))
            return 1;
    out() << "an append with its two fsyncs: " << double(timer.elapsed()) / appended << " ms" << Qt::endl;
    timer.restart();
    (*spool)->acknowledged(quint64(count));
    out() << "all acknowledged at once: " << timer.elapsed() << " ms" << Qt::endl;
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication app(argc, argv);
    QLoggingCategory::setFilterRules(u"platen.*.info=false"_s); // a thousand new devices
    const QStringList words = QCoreApplication::arguments().sliced(1);
    if (!crypto::start())
        return 1;
    if (words.size() == 2 && words[0] == "--files"_L1)
        return openMany(words[1].toInt());
    if (words.size() >= 3)
        return simulate(words);
    QTextStream(stderr) << "platen-spooldays FOLDER DEVICES DAYS [MEGABYTES [KEPTDAYS]] | --files COUNT" << Qt::endl;
    return 1;
}
