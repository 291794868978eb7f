// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <agent/engine/KeyRing.h>
#include <agent/engine/Outbox.h>
#include <crypto/Crypto.h>
#include <protocol/ReadingCodec.h>
#include <testkit/FakeClock.h>
#include <testkit/Program.h>
#include <testkit/Wait.h>

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace platen;
using namespace Qt::StringLiterals;
using agent::KnownDevices;
using agent::Outbox;
using agent::State;

namespace {

protocol::Data reading(qint64 pages)
{
    model::Reading reading;
    reading.address = u"10.0.0.5"_s;
    reading.takenAt = fromMs(1'764'000'000'000 + pages);
    reading.identity.serialNumber = u"CN1"_s;
    reading.meters = {{u"total"_s, u"impressions"_s, pages, {}}};
    return {{{1, {}, protocol::toKeyed(reading)}}, {}};
}

} // namespace

/// What waits in the spool while the keys change, the agent is put back, or the server is.
class OutboxKeysTest : public QObject {
    Q_OBJECT

    test::FakeClock m_clock;
    std::unique_ptr<QTemporaryDir> m_folder;
    Secret m_next;

    crypto::KeyFile file() const
    {
        return crypto::KeyFile({.file = m_folder->filePath(u"agent.key"_s), .wrappingKey = m_folder->filePath(u"far/key"_s)});
    }

    struct Life {
        agent::KeyRing keys;
        State state;
        KnownDevices devices;
        Outbox outbox;

        Life(const QString& folder, const crypto::KeyFile& file, const Clock& clock)
            : keys(*agent::Enrolment::decode(*file.load()), file, folder + u"/session"_s)
            , state(folder + u"/state.db"_s)
            , outbox(keys, state, devices, {}, clock)
        {
            if (!test::wait(state.open(keys.current().agentId)))
                qFatal("no state");
            const auto loaded = test::wait(state.load());
            devices = KnownDevices(loaded->devices);
            if (!test::wait(outbox.open(folder + u"/spool"_s, *loaded)))
                qFatal("no spool");
        }
        ~Life() { settle(); }
        void settle() { QVERIFY(test::eventually([this] { return outbox.isSettled(); })); }
    };

    std::unique_ptr<Life> begin() const { return std::make_unique<Life>(m_folder->path(), file(), m_clock); }

    static std::optional<channel::OpenedEnvelope> after(Life& life, quint64 seq)
    {
        const auto next = life.outbox.nextAfter(seq);
        const auto opened = next ? channel::openEnvelope(next->bytes, life.keys.current().keys.a2s) : fail(ErrorCode::NotFound, {});
        return opened ? std::optional(*opened) : std::nullopt;
    }

private slots:
    void initTestCase() { QVERIFY(crypto::start()); }

    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_next = crypto::randomSecret(32);
        agent::Enrolment enrolment;
        enrolment.agentId = crypto::randomBytes(16);
        enrolment.root = crypto::randomSecret(32);
        enrolment.server = QUrl(u"https://127.0.0.1"_s);
        QVERIFY(file().save(enrolment.encode()));
    }

    void sendsWhatWaitedUnderItsNumberAndTheNewKey()
    {
        {
            auto life = begin();
            for (int pages = 1; pages <= 3; ++pages)
                QVERIFY(life->outbox.submit(reading(pages)));
            life->settle();
            life->outbox.acknowledged(1);
            QVERIFY(life->keys.add(2, m_next, 0));
            QVERIFY(life->keys.settle(2, 1, 3));
        }
        auto life = begin(); // killed in between, nothing is damaged or lost
        QCOMPARE(life->outbox.spool()->counts().quarantined, 0u);
        const auto second = after(*life, 1);
        QVERIFY(second);
        QCOMPARE(second->header.seq, 2u);
        QCOMPARE(second->header.epoch, 2u);
        QCOMPARE(second->body, reading(2).encode());
        QCOMPARE(after(*life, 1)->sha256, second->sha256); // sealed again once: a number never has two contents
        life.reset();
        life = begin();
        QCOMPARE(after(*life, 1)->sha256, second->sha256);
        QCOMPARE(after(*life, 2)->body, reading(3).encode());
        QVERIFY(!life->outbox.nextAfter(3));
    }

    void goesOnAboveTheServersNumbersAfterItWasPutBack()
    {
        {
            auto life = begin();
            for (int pages = 1; pages <= 3; ++pages)
                QVERIFY(life->outbox.submit(reading(pages)));
            life->settle();
            QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"was put back to an older state and goes on after envelope 50"_s));
            life->outbox.resumeAfter(50);
            QCOMPARE(life->outbox.nextSeq(), 51u);
            QVERIFY(life->devices.find(1)->wantsFull); // what it knows may not be what the server knows
            QVERIFY(!life->outbox.nextAfter(50));
            QVERIFY(life->outbox.submit(reading(4)));
            life->settle();
            QCOMPARE(after(*life, 50)->header.seq, 51u);
            life->outbox.resumeAfter(50); // again is free
            QCOMPARE(after(*life, 50)->header.seq, 51u);
        }
        QCOMPARE(QDir(m_folder->filePath(u"spool/quarantine"_s)).entryList(QDir::Files).size(), 3); // for people to look at
        auto life = begin();
        QCOMPARE(life->outbox.nextSeq(), 52u);
        QCOMPARE(life->outbox.acknowledgedSeq(), 50u);
    }

    void tellsAServerThatWasPutBackWhatItLost()
    {
        auto life = begin();
        for (int pages = 1; pages <= 5; ++pages)
            QVERIFY(life->outbox.submit(reading(pages)));
        life->settle();
        life->outbox.acknowledged(4);
        life->settle();
        const auto gap = after(*life, 1); // of a database that has only the first
        QVERIFY(gap);
        QCOMPARE(gap->header.type, protocol::EnvelopeType::Gap);
        const auto lost = protocol::Gap::decode(gap->body);
        QCOMPARE(lost->from, 2u);
        QCOMPARE(lost->to, 4u);
        QVERIFY2(lost->reason.contains(u"server was put back"_s), qPrintable(lost->reason));
        life->settle();
        QCOMPARE(after(*life, 4)->body, reading(5).encode());
        QVERIFY(life->devices.find(1)->wantsFull);
    }
};

PLATEN_TEST(OutboxKeysTest)
#include "OutboxKeysTest.moc"
