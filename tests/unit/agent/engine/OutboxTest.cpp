// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <agent/engine/Outbox.h>
#include <channel/SealedEnvelope.h>
#include <crypto/Crypto.h>
#include <protocol/Cbor.h>
#include <protocol/ReadingCodec.h>
#include <testkit/FakeClock.h>
#include <testkit/Program.h>
#include <testkit/Wait.h>

#include <QDir>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace platen;
using namespace Qt::StringLiterals;
using agent::KnownDevices;
using agent::Outbox;
using agent::State;

namespace {

QCborMap keyed(qint64 pages)
{
    model::Reading reading;
    reading.address = u"10.0.0.5"_s;
    reading.takenAt = fromMs(1'764'000'000'000 + pages);
    reading.identity.serialNumber = u"CN1"_s;
    reading.meters = {{u"total"_s, u"impressions"_s, pages, {}}};
    return protocol::toKeyed(reading);
}

protocol::Data full(qint64 pages, quint64 id = 1) { return {{{id, {}, keyed(pages)}}, {}}; }

protocol::Data delta(qint64 from, qint64 to, quint64 id = 1)
{
    return {{{id, protocol::baseOf(keyed(from)), protocol::difference(keyed(from), keyed(to))}}, {}};
}

} // namespace

class OutboxTest : public QObject {
    Q_OBJECT

    /// One life of the agent, from start to end.
    struct Life {
        channel::SingleKey keys;
        State state;
        KnownDevices devices;
        Outbox outbox;

        Life(
            const QString& folder, const channel::AgentIdentity& identity, const Clock& clock, bool transparency = true)
            : keys(identity)
            , state(folder + u"/state.db"_s)
            , outbox(keys, state, devices, {.transparency = transparency, .port = 1161}, clock)
        {
            const Status opened = test::wait(state.open(identity.agentId));
            if (!opened)
                qFatal("%s", qPrintable(opened.error().detail));
            const auto loaded = test::wait(state.load());
            devices = KnownDevices(loaded->devices);
            if (const Status ready = test::wait(outbox.open(folder + u"/spool"_s, *loaded)); !ready)
                qFatal("%s", qPrintable(ready.error().detail));
        }
        ~Life() { settle(); }

        void settle()
        {
            QVERIFY(test::eventually([this] { return outbox.isSettled(); }));
        }
    };

    test::FakeClock m_clock;
    channel::AgentIdentity m_identity;
    std::unique_ptr<QTemporaryDir> m_folder;

    QString file(const QString& name) const { return m_folder->filePath(name); }
    QString spooled(int seq) const { return file(u"spool/%1.ple"_s.arg(seq, 20, 10, QLatin1Char('0'))); }
    std::unique_ptr<Life> begin() const { return std::make_unique<Life>(m_folder->path(), m_identity, m_clock); }

    void putBack(const QString& copy) const
    {
        for (const QString& name : QDir(m_folder->path()).entryList({u"state.db*"_s}))
            QVERIFY(QFile::remove(file(name)));
        if (!copy.isEmpty())
            QVERIFY(QFile::copy(copy, file(u"state.db"_s)));
    }

    std::optional<channel::OpenedEnvelope> envelopeAfter(Outbox& outbox, quint64 seq) const
    {
        const auto next = outbox.nextAfter(seq);
        if (!next)
            return std::nullopt;
        const auto opened = channel::openEnvelope(next->bytes, m_identity.keys.a2s);
        return opened ? std::optional(*opened) : std::nullopt;
    }

private slots:
    void initTestCase() { QVERIFY(crypto::start()); }

    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_identity.agentId = crypto::randomBytes(16);
        m_identity.keys = crypto::AgentKeys::derive(crypto::randomSecret(32), m_identity.agentId);
    }

    void sendsOnlyWhatTheStateKnows()
    {
        auto life = begin();
        QSignalSpy ready(&life->outbox, &Outbox::readyToSend);
        QVERIFY(life->outbox.submit(full(100)));
        QVERIFY(QFile::exists(spooled(1)));
        QVERIFY(!life->outbox.nextAfter(0)); // spooled, but the state is not written yet
        life->settle();
        QCOMPARE(ready.count(), 1);
        const auto envelope = envelopeAfter(life->outbox, 0);
        QVERIFY(envelope);
        QCOMPARE(envelope->header.seq, 1u);
        QCOMPARE(envelope->header.agentId, m_identity.agentId);
        QCOMPARE(envelope->body, full(100).encode());
        QVERIFY(!life->outbox.nextAfter(1));
    }

    void remembersWhatTheServerKnows()
    {
        begin()->outbox.submit(full(100));
        auto life = begin();
        QCOMPARE(protocol::encodeMap(life->devices.find(1)->spooled), protocol::encodeMap(keyed(100)));
        QVERIFY(life->outbox.submit(delta(100, 105)));
        QCOMPARE(protocol::encodeMap(life->devices.find(1)->spooled), protocol::encodeMap(keyed(105)));
        life.reset();
        life = begin();
        QCOMPARE(protocol::encodeMap(life->devices.find(1)->spooled), protocol::encodeMap(keyed(105)));
        QCOMPARE(life->outbox.nextSeq(), 3u);
    }

    void catchesUpAfterACrashBetweenSpoolAndState()
    {
        begin()->outbox.submit(full(100));
        QVERIFY(QFile::copy(file(u"state.db"_s), file(u"copy"_s)));
        {
            auto life = begin();
            QVERIFY(life->outbox.submit(delta(100, 105)));
            QVERIFY(life->outbox.submit(full(7, 2))); // a new device
        }
        QFile second(spooled(2));
        QVERIFY(second.open(QIODevice::ReadOnly));
        const QByteArray bytes = second.readAll();
        putBack(file(u"copy"_s));

        auto life = begin();
        QCOMPARE(protocol::encodeMap(life->devices.find(1)->spooled), protocol::encodeMap(keyed(105)));
        QCOMPARE(protocol::encodeMap(life->devices.find(2)->spooled), protocol::encodeMap(keyed(7)));
        QCOMPARE(life->devices.find(2)->place, (agent::Place{QHostAddress(u"10.0.0.5"_s), 1161, {}, false}));
        QCOMPARE(life->outbox.nextSeq(), 4u);
        QCOMPARE(life->outbox.nextAfter(1)->bytes, bytes); // the same envelope, not a new one under its number
        const auto journal = test::wait(life->state.journal({}));
        QCOMPARE(journal->size(), 3);
        QVERIFY(life->outbox.submit(delta(105, 110))); // and the next delta is against what was spooled
        life.reset();
        QCOMPARE(protocol::encodeMap(begin()->devices.find(1)->spooled), protocol::encodeMap(keyed(110)));
    }

    void neverReusesANumberWhenTheStateIsLost()
    {
        {
            auto life = begin();
            for (int pages = 0; pages < 3; ++pages)
                QVERIFY(life->outbox.submit(full(pages)));
            life->settle();
            life->outbox.acknowledged(2);
        }
        putBack({});
        auto life = begin();
        QCOMPARE(life->outbox.nextSeq(), 4u);
        QCOMPARE(envelopeAfter(life->outbox, 2)->header.type,
            protocol::EnvelopeType::Data); // no GAP for what the server has
        QCOMPARE(protocol::encodeMap(life->devices.find(1)->spooled), protocol::encodeMap(keyed(2)));
    }

    void asksForAFullReadingWhenADeltaHasNoBase()
    {
        begin()->outbox.submit(full(100));
        {
            auto life = begin();
            QVERIFY(life->outbox.submit(delta(100, 105)));
            life->settle();
            life->outbox.acknowledged(1);
        }
        putBack({});
        auto life = begin();
        QVERIFY(life->devices.find(1)->wantsFull);
    }

    void forgetsWhatIsAcknowledged()
    {
        {
            auto life = begin();
            QVERIFY(life->outbox.submit(full(100)));
            QVERIFY(life->outbox.submit(delta(100, 105)));
            life->settle();
            m_clock.advance(std::chrono::seconds(5));
            life->outbox.acknowledged(1);
            QVERIFY(!QFile::exists(spooled(1)));
            QVERIFY(QFile::exists(spooled(2)));
        }
        auto life = begin();
        QCOMPARE(life->outbox.acknowledgedSeq(), 1u);
        const auto journal = test::wait(life->state.journal({}));
        QCOMPARE(journal->at(0).acknowledgedAt, std::optional(m_clock.now()));
        QCOMPARE(journal->at(1).acknowledgedAt, std::nullopt);
        life->outbox.acknowledged(99); // more than there is
        QCOMPARE(life->outbox.acknowledgedSeq(), 2u);
        QCOMPARE(life->outbox.nextSeq(), 3u);
    }

    void declaresADamagedEnvelopeLost_data()
    {
        QTest::addColumn<bool>("stateKnowsIt");
        QTest::newRow("in the state") << true;
        QTest::newRow("before the state knew it") << false;
    }

    void declaresADamagedEnvelopeLost()
    {
        QFETCH(bool, stateKnowsIt);
        begin()->outbox.submit(full(100));
        QVERIFY(QFile::copy(file(u"state.db"_s), file(u"copy"_s)));
        begin()->outbox.submit(delta(100, 105));
        if (!stateKnowsIt)
            putBack(file(u"copy"_s));
        QFile envelope(spooled(2));
        QVERIFY(envelope.open(QIODevice::ReadWrite) && envelope.seek(80) && envelope.write("????") == 4);
        envelope.close();

        auto life = begin();
        const auto gap = envelopeAfter(life->outbox, 1);
        QVERIFY(gap);
        QCOMPARE(gap->header.type, protocol::EnvelopeType::Gap);
        QCOMPARE(*protocol::Gap::decode(gap->body), (protocol::Gap{2, 2, u"its file was damaged"_s}));
        life->settle();
        QCOMPARE(test::wait(life->state.journal({}))->last().type, protocol::EnvelopeType::Gap);
        QVERIFY(life->devices.find(1)->wantsFull); // what was lost comes back with the next full reading
        QVERIFY(test::wait(life->state.load())->devices.first().wantsFull);
        QCOMPARE(life->outbox.nextSeq(), 3u);
    }

    void thinsOldDaysAndKeepsTheChain()
    {
        auto life = begin();
        QVERIFY(life->outbox.submit(full(0)));
        for (qint64 pages = 0; pages < 150; ++pages)
            QVERIFY(life->outbox.submit(delta(pages, pages + 1)));
        life->settle();
        m_clock.advance(std::chrono::days(31));
        QVERIFY(life->outbox.submit(delta(150, 200)));
        QVERIFY(test::eventually([&] { return life->outbox.spool()->counts().thinned > 0 && life->outbox.isSettled(); }));
        QVERIFY(test::eventually([&] { return life->outbox.spool()->count() == 67 && life->outbox.isSettled(); })); // those that may be on their way, GAP, day, new

        QCborMap server;
        qsizetype deltas = 0;
        for (quint64 seq = 0; const auto envelope = envelopeAfter(life->outbox, seq); seq = envelope->header.seq) {
            if (envelope->header.type != protocol::EnvelopeType::Data)
                continue;
            const auto data = protocol::Data::decode(envelope->body);
            QVERIFY(data);
            for (const protocol::ReadingPart& part : data->readings) {
                QVERIFY(part.isFull() || part.base == protocol::baseOf(server));
                server = part.isFull() ? part.reading : *protocol::patched(server, part.reading);
                ++deltas;
            }
        }
        QCOMPARE(deltas, 66);
        QCOMPARE(protocol::encodeMap(server), protocol::encodeMap(keyed(200)));
        QVERIFY(!life->devices.find(1)->wantsFull);
        const auto journal = test::wait(life->state.journal({}));
        QCOMPARE(journal->size(), 67); // what does not leave any more is not said to have left
        life.reset();
        life = begin();
        QCOMPARE(life->outbox.nextSeq(), 153u);
        QCOMPARE(life->outbox.spool()->counts().quarantined, 0u);
    }

    void keepsAJournalInPlainWords()
    {
        auto life = begin();
        QVERIFY(life->outbox.submit(full(100)));
        QVERIFY(life->outbox.submit({delta(100, 105).readings, {4, 5}}));
        life->settle();
        const auto journal = test::wait(life->state.journal({}));
        QCOMPARE(journal->size(), 2);
        QCOMPARE(journal->at(1).seq, 2u);
        QCOMPARE(journal->at(1).size, QFileInfo(spooled(2)).size());
        const QJsonObject reading = journal->at(1).summary[u"readings"_s].toArray().first().toObject();
        QCOMPARE(reading[u"device"_s].toInt(), 1);
        QCOMPARE(reading[u"address"_s].toString(), u"10.0.0.5"_s);
        QVERIFY(reading[u"fields"_s].toArray().contains(u"meters.total"_s));
        QVERIFY(!reading[u"fields"_s].toArray().contains(u"identity.serialNumber"_s));
        QCOMPARE(journal->at(1).summary[u"seen"_s].toArray().size(), 2);
    }

    void namesNothingInTheJournalWhenTheSiteWantsThat()
    {
        Life life(m_folder->path(), m_identity, m_clock, false);
        QVERIFY(life.outbox.submit(full(100)));
        life.settle();
        QCOMPARE(
            test::wait(life.state.journal({}))->first().summary, (QJsonObject{{u"readings"_s, 1}, {u"seen"_s, 0}}));
    }

    void refusesTheStateOfAnotherActivation()
    {
        begin();
        State state(file(u"state.db"_s));
        const Status opened = test::wait(state.open(crypto::randomBytes(16)));
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, ErrorCode::Conflict);
        QVERIFY(opened.error().detail.contains(u"state.db"_s));
    }

    void keepsDevicesThatNeverTravelled()
    {
        agent::KnownDevice device;
        device.id = 3;
        device.place = {QHostAddress(u"10.0.0.9"_s), 1161, "12345678", true};
        device.serial = u"hp/CN1"_s;
        device.mac = u"00:11:22:33:44:55"_s;
        device.model = u"LaserJet"_s;
        device.seenAt = m_clock.now();
        device.misses = 1;
        device.wantsFull = true;
        agent::StateChange change;
        change.devices = {device};
        change.discoveredAt = m_clock.now();
        begin()->outbox.remember(change);
        auto life = begin();
        QCOMPARE(*life->devices.find(3), device);
        QCOMPARE(test::wait(life->state.load())->discoveredAt, m_clock.now());
    }
};

PLATEN_TEST(OutboxTest)
#include "OutboxTest.moc"
