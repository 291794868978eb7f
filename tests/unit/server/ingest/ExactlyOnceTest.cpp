// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <channel/SealedEnvelope.h>
#include <crypto/Crypto.h>
#include <protocol/ReadingCodec.h>
#include <server/ingest/Guard.h>
#include <server/ingest/Ingest.h>
#include <server/store/Installation.h>
#include <server/store/Receptions.h>
#include <storage/Query.h>
#include <testkit/FakeClock.h>
#include <testkit/Program.h>
#include <testkit/Wait.h>

#include <QHash>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace platen;
using platen::protocol::AckCode;
using platen::protocol::EnvelopeType;
using platen::test::wait;

namespace {

constexpr int agents = 24;
constexpr int underWay = 64; ///< frames whose answer nobody waits for, as a session has them

/// One agent as the test knows it: what it could send, and what a right server must say to it.
struct Sender {
    QByteArray id;
    quint32 epoch = 1;
    QList<Secret> roots; ///< of epoch 1, 2, …
    QList<crypto::AgentKeys> keys;
    quint64 hwm = 0;
    bool isForked = false;
    quint64 session = 0;
    qint64 readings = 0; ///< that must be in the history
    qint64 lost = 0; ///< numbers that must be in the gaps
    QHash<std::pair<quint32, quint64>, QByteArray> frames; ///< by epoch and number, as they were sealed
    QHash<quint64, QByteArray> stored; ///< frame by number
};

} // namespace

/// Frames in any order, doubled, from other sessions, epochs and agents, against a model of ten lines: what the server says to each must
/// be what the model says, and the history must hold each accepted envelope once. PLATEN_FRAMES sets how many.
class ExactlyOnceTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    storage::Database m_database{{.name = m_folder.filePath(u"t.sqlite"_s), .groupLimit = 256}};
    test::FakeClock m_clock;
    ingest::Events m_events;
    std::optional<store::Receptions> m_receptions;
    std::optional<ingest::Ingest> m_ingest;
    std::vector<Sender> m_senders;
    QRandomGenerator m_random;
    int m_underWay = 0;
    int m_step = 0;
    qint64 m_opened = 0, m_fresh = 0, m_wrong = 0;

    quint32 below(quint32 limit) { return m_random.bounded(limit); }

    bool settles()
    {
        return test::eventually([this] { return m_underWay == 0; }, std::chrono::seconds(60));
    }

    void addSender(int number)
    {
        Sender sender;
        sender.id = QByteArray(15, 'a') + char(number);
        sender.roots = {crypto::randomSecret(32)};
        sender.keys = {crypto::AgentKeys::derive(sender.roots.last(), sender.id)};
        QVERIFY(wait(m_database.write([id = sender.id](QSqlDatabase db) {
            return storage::execute(db,
                u"INSERT INTO agent (id, name, status, epoch, hwm, created_at, forks, root_key) VALUES (?, 'x', 'ACTIVE', 1, 0, ?, 0, x'00')"_s,
                {id, toMs(test::FakeClock().now())});
        })));
        m_senders.push_back(std::move(sender));
    }

    QByteArray sealed(const Sender& sender, quint64 seq, EnvelopeType type, const QByteArray& body) const
    {
        protocol::EnvelopeHeader header;
        header.type = type;
        header.agentId = sender.id;
        header.epoch = sender.epoch;
        header.seq = seq;
        header.created = toMs(m_clock.now());
        return channel::sealEnvelope(header, body, sender.keys.last().a2s);
    }

    QByteArray reading(const Sender& sender, quint64 seq) const
    {
        model::Reading made;
        made.address = u"10.0.0.5"_s;
        made.takenAt = m_clock.now() - std::chrono::hours(1) + std::chrono::milliseconds(seq);
        made.identity.manufacturer = u"HP"_s;
        made.identity.serialNumber = u"CN%1"_s.arg(QString::fromLatin1(sender.id.right(1).toHex()) + u"4567"_s);
        made.status.state = u"idle"_s;
        made.meters = {{u"total"_s, u"impressions"_s, qint64(seq), {}}};
        return protocol::Data{{{1, {}, protocol::toKeyed(made)}}, {}}.encode();
    }

    /// The agent's frame of this number: always the same bytes; now and then a GAP of up to four numbers.
    QByteArray frame(Sender& sender, quint64 seq)
    {
        QByteArray& bytes = sender.frames[{sender.epoch, seq}];
        if (!bytes.isEmpty())
            return bytes;
        const quint64 from = seq > 4 ? seq - below(4) : seq;
        bytes = below(50) == 0 ? sealed(sender, seq, EnvelopeType::Gap, protocol::Gap{from, seq, u"damaged"_s}.encode())
                               : sealed(sender, seq, EnvelopeType::Data, reading(sender, seq));
        return bytes;
    }

    /// What a right server says to an envelope that opens. Changes the model.
    AckCode expected(Sender& sender, const channel::OpenedEnvelope& envelope, const QByteArray& bytes)
    {
        const auto& header = envelope.header;
        if (header.epoch != sender.epoch)
            return AckCode::Refused;
        if (sender.isForked)
            return AckCode::Fork;
        const bool isGap = header.type == EnvelopeType::Gap;
        const quint64 from = isGap ? protocol::Gap::decode(envelope.body)->from : header.seq;
        if (header.seq <= sender.hwm) {
            const bool isOld = header.seq + ingest::rememberedEnvelopes <= sender.hwm;
            if (isGap || isOld || sender.stored.value(header.seq) == bytes)
                return AckCode::Ok;
            sender.isForked = true;
            return AckCode::Fork;
        }
        if (from > sender.hwm + 1)
            return AckCode::Nak;
        sender.readings += isGap ? 0 : 1;
        sender.lost += isGap ? qint64(header.seq - sender.hwm) : 0;
        sender.hwm = header.seq;
        sender.stored.insert(header.seq, bytes);
        sender.stored.remove(header.seq - std::min<quint64>(header.seq, 2 * ingest::rememberedEnvelopes));
        ++m_fresh;
        return AckCode::Ok;
    }

    /// As a session does that was opened under the keys of `opener` in `epoch`.
    void present(Sender& opener, qsizetype epoch, const QByteArray& bytes)
    {
        auto opened = channel::openEnvelope(bytes, opener.keys[epoch].a2s);
        if (!opened || opened->header.agentId != opener.id || opened->header.epoch != quint32(epoch + 1))
            return; // the session ends
        ++m_opened;
        const AckCode right = expected(opener, *opened, bytes);
        const quint64 hwm = right == AckCode::Refused ? 0 : opener.hwm;
        ++m_underWay;
        m_ingest->take(*std::move(opened)).then([this, right, hwm](Result<protocol::Ack> ack) {
            --m_underWay;
            if (ack && ack->code == right && ack->hwm == hwm)
                return;
            if (m_wrong++ == 0)
                qWarning() << "frame" << m_step << "expected" << int(right) << hwm << "got"
                           << (ack ? u"%1 %2"_s.arg(int(ack->code)).arg(ack->hwm) : ack.error().detail);
        });
    }

    /// REKEY, as far as the server's tables are concerned; what the agent sends from then on is under the new key.
    void changeKey(Sender& sender)
    {
        QVERIFY(settles());
        if (sender.isForked)
            QVERIFY(wait(m_receptions->askRekey(sender.id)));
        const Secret root = crypto::randomSecret(32);
        QCOMPARE(wait(m_receptions->propose(sender.id, sender.epoch, sender.hwm, root)), Result<bool>(true));
        const auto reception = wait(m_receptions->receive(
            {sender.id, sender.epoch + 1, root, sender.hwm + 1, sender.hwm, sender.session, sender.session + 1,
                sender.hwm, sender.session}));
        QVERIFY(reception && reception->kind == store::Reception::Kind::Welcome && reception->isNews);
        ++sender.epoch;
        ++sender.session;
        sender.isForked = false;
        sender.roots.append(root);
        sender.keys.append(crypto::AgentKeys::derive(root, sender.id));
        sender.frames.removeIf([&](auto frame) { return frame.key().first + 2 < sender.epoch; }); // a recorder's memory
    }

    /// One move of an agent, a network and somebody who has recorded everything.
    void step()
    {
        Sender& sender = m_senders[below(agents)];
        const quint32 move = below(100);
        if (move < 40)
            return present(sender, sender.epoch - 1, frame(sender, sender.hwm + 1));
        if (move < 55) // shuffled: too early
            return present(sender, sender.epoch - 1, frame(sender, sender.hwm + 2 + below(6)));
        if (move < 70) { // doubled: only what was sent under this key, for an agent seals nothing anew that is acknowledged
            const QByteArray again = sender.frames.value({sender.epoch, sender.hwm - std::min<quint64>(sender.hwm, below(8))});
            return again.isEmpty() ? void() : present(sender, sender.epoch - 1, again);
        }
        // replayed: any recorded frame, through this or an older session of this or another agent
        Sender& recorded = m_senders[below(agents)];
        if (recorded.frames.isEmpty())
            return;
        const quint64 seq = recorded.hwm - std::min<quint64>(recorded.hwm, below(2000));
        const quint32 epoch = recorded.epoch - std::min(recorded.epoch - 1, below(3));
        const QByteArray bytes = recorded.frames.value({epoch, seq});
        Sender& opener = below(4) == 0 ? sender : recorded;
        const auto session = std::min<qsizetype>(opener.keys.size(), epoch) - (below(4) == 0 && epoch > 1 ? 2 : 1);
        if (!bytes.isEmpty())
            present(opener, std::max<qsizetype>(session, 0), bytes);
    }

    qint64 number(const QString& sql, const QVariantList& values = {})
    {
        const auto found = wait(m_database.read([sql, values](QSqlDatabase db) -> Result<qint64> {
            auto row = storage::query(db, sql, values);
            if (!row)
                return fail(row.error());
            return row->next() ? row->value(0).toLongLong() : -1;
        }));
        return found.value_or(-2);
    }

private slots:
    void initTestCase()
    {
        QVERIFY(crypto::start());
        QVERIFY(wait(m_database.open()));
        QVERIFY(wait(store::migrate(m_database)));
        m_receptions.emplace(
            m_database, *crypto::KeyEncryptionKey::loadOrCreate(m_folder.filePath(u"kek"_s)), m_clock);
        m_ingest.emplace(m_database, m_events, m_clock);
        for (int i = 0; i < agents; ++i)
            addSender(i);
    }

    void acceptsNothingTwice()
    {
        QLoggingCategory::setFilterRules(u"platen.ingest=false"_s);
        const quint32 seed = qEnvironmentVariableIsSet("PLATEN_SEED") ? qEnvironmentVariable("PLATEN_SEED").toUInt()
                                                                      : QRandomGenerator::system()->generate();
        qInfo() << "PLATEN_SEED" << seed;
        m_random.seed(seed);
        const int frames = qEnvironmentVariable("PLATEN_FRAMES", u"10000"_s).toInt();
        for (int i = 1; i <= frames; ++i) {
            m_step = i;
            step();
            if (m_wrong > 0)
                break;
            if (m_underWay >= underWay)
                QVERIFY(settles());
            if (i % 500 == 0)
                changeKey(m_senders[below(agents)]);
            if (i % 5000 == 0) { // a copy of the agent sends something else under a number that is stored
                Sender& copied = m_senders[below(agents)];
                if (copied.hwm > 0)
                    present(copied, copied.epoch - 1,
                        sealed(copied, copied.hwm, EnvelopeType::Data, reading(copied, copied.hwm + 1)));
                present(copied, copied.epoch - 1, frame(copied, copied.hwm + 1));
                changeKey(copied);
            }
        }
        QVERIFY(settles());
        QCOMPARE(m_wrong, 0);
        for (const Sender& sender : m_senders) {
            QCOMPARE(number(u"SELECT hwm FROM agent WHERE id = ?"_s, {sender.id}), qint64(sender.hwm));
            QCOMPARE(number(u"SELECT COALESCE(sum(to_seq - from_seq + 1), 0) FROM gap WHERE agent_id = ?"_s, {sender.id}),
                sender.lost);
            QCOMPARE(number(u"SELECT count(*) FROM meter_sample s JOIN device d ON d.id = s.device_id WHERE d.agent_id = ?"_s,
                         {sender.id}),
                sender.readings); // each reading had a value and a time of its own
        }
        QCOMPARE(qint64(m_ingest->counts().envelopes), m_fresh);
        qInfo() << frames << "frames," << m_opened << "opened," << m_fresh << "accepted, none twice";
        QVERIFY(m_fresh > frames / 5);
    }
};

PLATEN_TEST(ExactlyOnceTest)
#include "ExactlyOnceTest.moc"
