// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <protocol/Cbor.h>
#include <protocol/ReadingCodec.h>
#include <server/ingest/Ingest.h>
#include <server/store/Installation.h>
#include <storage/Query.h>
#include <testkit/FakeClock.h>
#include <testkit/Program.h>
#include <testkit/Wait.h>

#include <QCryptographicHash>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace platen;
using platen::protocol::AckCode;
using platen::test::wait;

namespace {

const QByteArray agentId(16, 'a');

} // namespace

class IngestTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<storage::Database> m_database;
    std::unique_ptr<ingest::Events> m_events;
    std::unique_ptr<ingest::Ingest> m_ingest;
    std::unique_ptr<test::FakeClock> m_clock;

    model::Reading reading(qint64 total, const QString& serial = u"CN1234567"_s)
    {
        model::Reading made;
        made.address = u"10.0.0.5"_s;
        made.takenAt = m_clock->now();
        made.identity.manufacturer = u"HP"_s;
        made.identity.serialNumber = serial;
        made.status.state = u"idle"_s;
        made.meters = {{u"total"_s, u"impressions"_s, total, {}}};
        return made;
    }

    static protocol::ReadingPart full(quint64 localId, const model::Reading& reading)
    {
        return {localId, {}, protocol::toKeyed(reading)};
    }

    static protocol::ReadingPart delta(quint64 localId, const model::Reading& from, const model::Reading& to)
    {
        return {localId, protocol::baseOf(protocol::toKeyed(from)),
            protocol::difference(protocol::toKeyed(from), protocol::toKeyed(to))};
    }

    static channel::OpenedEnvelope envelope(quint64 seq, protocol::EnvelopeType type, const QByteArray& body)
    {
        channel::OpenedEnvelope made;
        made.header.type = type;
        made.header.agentId = agentId;
        made.header.epoch = 1;
        made.header.seq = seq;
        made.body = body;
        made.sha256 = QCryptographicHash::hash(QByteArray::number(seq) + body, QCryptographicHash::Sha256);
        return made;
    }

    static channel::OpenedEnvelope data(quint64 seq, const QList<protocol::ReadingPart>& parts)
    {
        return envelope(seq, protocol::EnvelopeType::Data, protocol::Data{parts, {}}.encode());
    }

    static channel::OpenedEnvelope gap(quint64 from, quint64 to)
    {
        return envelope(to, protocol::EnvelopeType::Gap, protocol::Gap{from, to, u"overflow"_s}.encode());
    }

    protocol::Ack take(const channel::OpenedEnvelope& envelope)
    {
        const auto ack = wait(m_ingest->take(envelope));
        if (!ack)
            qFatal("%s", qPrintable(ack.error().detail));
        return *ack;
    }

    void run(const QString& sql, const QVariantList& values = {})
    {
        QVERIFY(wait(m_database->write([sql, values](QSqlDatabase db) { return storage::execute(db, sql, values); })));
    }

    QString value(const QString& sql)
    {
        const auto done = wait(m_database->read([sql](QSqlDatabase db) -> Result<QString> {
            auto row = storage::query(db, sql);
            if (!row)
                return fail(row.error());
            return row->next() ? row->value(0).toString() : QString();
        }));
        if (!done)
            qFatal("%s", qPrintable(done.error().detail));
        return *done;
    }

    QString meters()
    {
        return value(
            u"SELECT group_concat(value) FROM (SELECT value FROM meter_sample ORDER BY device_id, at, value)"_s);
    }

private slots:
    void init()
    {
        m_clock = std::make_unique<test::FakeClock>();
        m_folder = std::make_unique<QTemporaryDir>();
        m_database =
            std::make_unique<storage::Database>(storage::Database::Settings{.name = m_folder->filePath(u"t.sqlite"_s)});
        QVERIFY(wait(m_database->open()));
        QVERIFY(wait(store::migrate(*m_database)));
        m_events = std::make_unique<ingest::Events>();
        m_ingest = std::make_unique<ingest::Ingest>(*m_database, *m_events, *m_clock);
        run(u"INSERT INTO agent (id, name, status, epoch, hwm, created_at, expires_at, forks) VALUES (?, 'x', 'ACTIVE', 1, 0, 0, ?, 0)"_s,
            {agentId, toMs(m_clock->now() + std::chrono::hours(1))});
    }

    void storesAndTellsAfterwards()
    {
        QSignalSpy changed(m_events.get(), &ingest::Events::deviceChanged);
        const auto ack = take(data(1, {full(7, reading(100))}));
        QCOMPARE(ack, (protocol::Ack{1, AckCode::Ok, {}}));
        QCOMPARE(changed.size(), 1);
        QCOMPARE(value(u"SELECT hwm FROM agent"_s), u"1"_s);
        QCOMPARE(meters(), u"100"_s);
    }

    void storesARepetitionOnce()
    {
        const auto one = data(1, {full(7, reading(100))});
        QCOMPARE(take(one).code, AckCode::Ok);
        QSignalSpy changed(m_events.get(), &ingest::Events::deviceChanged);
        QCOMPARE(take(one), (protocol::Ack{1, AckCode::Ok, {}}));
        QCOMPARE(changed.size(), 0);
        QCOMPARE(m_ingest->counts().readings, 1u);
        QCOMPARE(m_ingest->counts().again, 1u);
    }

    void asksAgainForWhatIsMissing()
    {
        QCOMPARE(take(data(1, {full(7, reading(100))})).code, AckCode::Ok);
        QCOMPARE(take(data(3, {full(7, reading(300))})), (protocol::Ack{1, AckCode::Nak, {}}));
        QCOMPARE(meters(), u"100"_s);
        m_clock->advance(std::chrono::minutes(1));
        QCOMPARE(take(data(2, {full(7, reading(200))})).code, AckCode::Ok);
        m_clock->advance(std::chrono::minutes(1));
        QCOMPARE(take(data(3, {full(7, reading(300))})).hwm, 3u);
        QCOMPARE(meters(), u"100,200,300"_s);
    }

    void takesManyWithoutWaitingInTheirOrder()
    {
        QList<quint64> hwms;
        for (quint64 seq = 1; seq <= 100; ++seq)
            m_ingest->take(data(seq, {full(7, reading(static_cast<qint64>(seq)))}))
                .then([&](Result<protocol::Ack> ack) { hwms.append(ack->hwm); });
        QVERIFY(test::eventually([&] { return hwms.size() == 100; }));
        QVERIFY(std::ranges::is_sorted(hwms));
        QCOMPARE(hwms.last(), 100u);
    }

    void raisesAnAlarmWhenANumberComesWithOtherBytes()
    {
        QTest::ignoreMessage(QtCriticalMsg, QRegularExpression(u"another envelope .*platen-server agent rekey"_s));
        QSignalSpy changed(m_events.get(), &ingest::Events::agentChanged);
        QCOMPARE(take(data(1, {full(7, reading(100))})).code, AckCode::Ok);
        QCOMPARE(take(data(1, {full(7, reading(999))})), (protocol::Ack{1, AckCode::Fork, {}}));
        QCOMPARE(meters(), u"100"_s);
        QCOMPARE(value(u"SELECT forks FROM agent"_s), u"1"_s);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(take(data(2, {full(7, reading(200))})).code, AckCode::Fork); // nothing more of either of them
        QCOMPARE(value(u"SELECT forks || ' ' || hwm FROM agent"_s), u"1 1"_s);
        QCOMPARE(value(u"SELECT kind || ' ' || facts FROM agent_event"_s), u"fork {\"hwm\":1,\"seq\":1}"_s);
        QCOMPARE(changed.size(), 1);
    }

    void takesAGapForWhatIsLost()
    {
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"lost envelopes"_s));
        QCOMPARE(take(data(1, {full(7, reading(100))})).code, AckCode::Ok);
        QCOMPARE(take(gap(3, 5)).code, AckCode::Nak);
        QCOMPARE(take(gap(2, 5)), (protocol::Ack{5, AckCode::Ok, {}}));
        QCOMPARE(take(gap(2, 5)), (protocol::Ack{5, AckCode::Ok, {}}));
        QCOMPARE(value(u"SELECT from_seq || '-' || to_seq || ' ' || reason || ' ' || count(*) FROM gap"_s),
            u"2-5 overflow 1"_s);
        QCOMPARE(take(data(6, {full(7, reading(600))})).hwm, 6u);
        QCOMPARE(m_ingest->counts().lost, 4u);
    }

    void takesAGapThatBeginsInWhatIsStored()
    {
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"lost envelopes"_s));
        QCOMPARE(take(data(1, {full(7, reading(100))})).code, AckCode::Ok);
        QCOMPARE(take(gap(1, 3)).hwm, 3u);
        QCOMPARE(value(u"SELECT from_seq || '-' || to_seq FROM gap"_s), u"2-3"_s); // what came is not lost
        QCOMPARE(m_ingest->counts().lost, 2u);
    }

    void refusesWhoIsNotWelcome_data()
    {
        QTest::addColumn<QString>("change");
        QTest::newRow("deactivated") << u"UPDATE agent SET status = 'DEACTIVATED'"_s;
        QTest::newRow("pending") << u"UPDATE agent SET status = 'PENDING'"_s;
        QTest::newRow("other epoch") << u"UPDATE agent SET epoch = 2"_s;
        QTest::newRow("expired") << u"UPDATE agent SET expires_at = 1"_s;
        QTest::newRow("gone") << u"DELETE FROM agent"_s;
    }
    void refusesWhoIsNotWelcome()
    {
        QFETCH(QString, change);
        run(change);
        QCOMPARE(take(data(1, {full(7, reading(100))})).code, AckCode::Refused);
        QCOMPARE(value(u"SELECT count(*) FROM device"_s), u"0"_s);
    }

    void revivesNobodyWhenTheClockIsSetBack()
    {
        QCOMPARE(take(data(1, {full(7, reading(100))})).code, AckCode::Ok);
        m_clock->advance(std::chrono::hours(1));
        QCOMPARE(take(data(2, {full(7, reading(200))})).code, AckCode::Refused);
        m_clock->wall -= std::chrono::milliseconds(1);
        QCOMPARE(take(data(2, {full(7, reading(200))})).code, AckCode::Refused);
    }

    void appliesADelta()
    {
        const auto first = reading(100);
        QCOMPARE(take(data(1, {full(7, first)})).code, AckCode::Ok);
        m_clock->advance(std::chrono::minutes(1));
        const auto second = reading(150);
        QCOMPARE(take(data(2, {delta(7, first, second)})), (protocol::Ack{2, AckCode::Ok, {}}));
        QCOMPARE(meters(), u"100,150"_s);
        QCOMPARE(value(u"SELECT serial FROM device"_s), u"CN1234567"_s);
    }

    void asksForAFullReadingWhenADeltaDoesNotFit()
    {
        QCOMPARE(take(data(1, {delta(7, reading(1), reading(2))})), (protocol::Ack{1, AckCode::Ok, {7}}));
        QCOMPARE(take(data(2, {full(7, reading(100))})).code, AckCode::Ok);
        QCOMPARE(take(data(3, {delta(7, reading(99), reading(101)), full(8, reading(5, u"CN7777777"_s))})),
            (protocol::Ack{3, AckCode::Ok, {7}}));
        QCOMPARE(value(u"SELECT count(*) FROM device"_s), u"2"_s);
        QCOMPARE(meters(), u"100,5"_s);
        QCOMPARE(m_ingest->counts().mismatched, 2u);
        QCOMPARE(value(u"SELECT count(*) || ' ' || local_id FROM full_wanted"_s), u"1 7"_s); // the answer may get lost
        m_clock->advance(std::chrono::minutes(1));
        QCOMPARE(take(data(4, {full(7, reading(102))})).code, AckCode::Ok);
        QCOMPARE(value(u"SELECT count(*) FROM full_wanted"_s), u"0"_s);
    }

    void movesLastSeenOfWhatOnlyAnswered()
    {
        QCOMPARE(take(data(1, {full(7, reading(100))})).code, AckCode::Ok);
        m_clock->advance(std::chrono::minutes(5));
        QSignalSpy changed(m_events.get(), &ingest::Events::deviceChanged);
        auto seen = envelope(2, protocol::EnvelopeType::Data, protocol::Data{{}, {7, 8}}.encode());
        seen.header.created = toMs(m_clock->now() + std::chrono::hours(5)); // its clock is wrong
        QCOMPARE(take(seen), (protocol::Ack{2, AckCode::Ok, {8}}));
        QCOMPARE(value(u"SELECT last_seen_at FROM device"_s), QString::number(toMs(m_clock->now())));
        QCOMPARE(changed.size(), 1);

        seen = envelope(3, protocol::EnvelopeType::Data, protocol::Data{{}, {7}}.encode());
        seen.header.created = toMs(m_clock->now() - std::chrono::hours(5)); // from the spool
        QCOMPARE(take(seen).hwm, 3u);
        QCOMPARE(value(u"SELECT last_seen_at FROM device"_s), QString::number(toMs(m_clock->now())));
        QCOMPARE(m_ingest->counts().readings, 1u);
    }

    void dropsAMalformedReadingAndKeepsTheOthers()
    {
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"sent readings that are none"_s));
        protocol::ReadingPart broken = full(8, reading(5, u"CN7777777"_s));
        broken.reading.insert(u"meters"_s, u"many"_s);
        QCOMPARE(take(data(1, {broken, full(7, reading(100))})), (protocol::Ack{1, AckCode::Ok, {}}));
        QCOMPARE(meters(), u"100"_s);
        QCOMPARE(m_ingest->counts().malformed, 1u);
    }

    void keepsNoMoreDevicesThanAnAgentMayHave()
    {
        QCOMPARE(take(data(1, {full(7, reading(100))})).code, AckCode::Ok);
        run(u"WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) INSERT INTO device"
            " (state, first_seen_at, last_seen_at, agent_id, reading) SELECT 'ready', 0, 0, ?, x'a0' FROM n"_s,
            {agentId});
        m_clock->advance(std::chrono::minutes(1));
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"it has 20000 devices already"_s));
        QCOMPARE(take(data(2, {full(8, reading(5, u"CN7777777"_s)), full(7, reading(105))})).code, AckCode::Ok);
        QCOMPARE(value(u"SELECT count(*) FROM device"_s), u"20000"_s);
        QCOMPARE(meters(), u"100,105"_s); // those that are known go on
    }

    void countsAnEnvelopeThatIsNoneAsLost()
    {
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"an envelope that is none"_s));
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"lost envelopes"_s));
        QCOMPARE(take(envelope(1, protocol::EnvelopeType::Data, "nonsense")), (protocol::Ack{1, AckCode::Ok, {}}));
        QCOMPARE(value(u"SELECT reason FROM gap"_s), u"malformed"_s);
        QCOMPARE(take(data(2, {full(7, reading(100))})).hwm, 2u);
    }

    void takesAGapWhateverItsReason_data()
    {
        QTest::addColumn<QString>("said");
        QTest::addColumn<QString>("kept");
        QTest::newRow("none") << QString() << u"not given"_s;
        QTest::newRow("forges a line of the log") << u"full\nagent 00 \x1b[31mgone"_s << u"full agent 00 [31mgone"_s;
    }
    void takesAGapWhateverItsReason()
    {
        QFETCH(const QString, said);
        QFETCH(const QString, kept);
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"because: %1$"_s.arg(QRegularExpression::escape(kept))));
        const auto sent = envelope(3, protocol::EnvelopeType::Gap, protocol::Gap{1, 3, said}.encode());
        QCOMPARE(take(sent), (protocol::Ack{3, AckCode::Ok, {}}));
        QCOMPARE(value(u"SELECT reason FROM gap"_s), kept);
    }

    void doesNotLetOneAgentFillTheLog()
    {
        QTest::failOnWarning(QRegularExpression(u"reading of its device [2-9]"_s));
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"reading of its device 1:"_s));
        for (quint64 i = 1; i <= 5; ++i) {
            protocol::ReadingPart broken = full(i, reading(5));
            broken.reading.insert(u"meters"_s, u"many"_s);
            QCOMPARE(take(data(i, {broken})).code, AckCode::Ok);
        }
    }

    void keepsTheTextsOfDevicesHarmless()
    {
        auto evil = reading(1);
        evil.identity.location = u"Room\n\x1b[31m 5\u202e"_s;
        protocol::ReadingPart part = full(7, evil);
        QCborMap identity = part.reading[u"identity"_s].toMap();
        identity[u"location"_s] = evil.identity.location; // as an agent would that does not clean
        part.reading[u"identity"_s] = identity;
        QCOMPARE(take(data(1, {part})).code, AckCode::Ok);
        for (const QChar c : value(u"SELECT location FROM device"_s))
            QVERIFY(c.isPrint());
    }

    void storesNothingOfAnEnvelopeThatTheDiskRefuses()
    {
        run(u"CREATE TRIGGER full BEFORE INSERT ON meter_sample BEGIN SELECT RAISE(FAIL, 'disk full'); END"_s);
        const auto ack = wait(m_ingest->take(data(1, {full(7, reading(100))})));
        QCOMPARE(ack.error().code, ErrorCode::StorageFailed);
        QCOMPARE(value(u"SELECT hwm FROM agent"_s), u"0"_s);
        QCOMPARE(value(u"SELECT count(*) FROM device"_s), u"0"_s);
        run(u"DROP TRIGGER full"_s);
        QCOMPARE(take(data(1, {full(7, reading(100))})).code, AckCode::Ok);
    }

    void forgetsTheHashesOfLongAgo()
    {
        const auto seen = [](quint64 seq) {
            return envelope(seq, protocol::EnvelopeType::Data, protocol::Data{{}, {seq}}.encode());
        };
        for (quint64 seq = 1; seq <= 300; ++seq)
            take(seen(seq));
        QCOMPARE(value(u"SELECT count(*) FROM agent_envelope"_s), u"256"_s);
        QCOMPARE(take(seen(200)).code, AckCode::Ok);
        QCOMPARE(take(seen(40)), (protocol::Ack{300, AckCode::Ok, {}})); // a replay, not a fork: no agent goes back so far
        QCOMPARE(value(u"SELECT forks FROM agent"_s), u"0"_s);
    }
};

PLATEN_TEST(IngestTest)
#include "IngestTest.moc"
