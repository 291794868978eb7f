// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <agent/engine/Outbox.h>
#include <crypto/Crypto.h>
#include <protocol/ReadingCodec.h>
#include <server/ingest/Ingest.h>
#include <server/store/Installation.h>
#include <storage/Query.h>
#include <testkit/FakeClock.h>
#include <testkit/Wait.h>

#include <QDir>
#include <QLoggingCategory>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

using namespace platen;
using namespace platen::test;
using namespace Qt::StringLiterals;

namespace {

constexpr int envelopes = 12;

/// Fast, and gone with the test.
QString scratch() { return (QDir(u"/dev/shm"_s).exists() ? u"/dev/shm"_s : QDir::tempPath()) + u"/platen-spools-XXXXXX"_s; }

QByteArray bytesOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void put(const QString& path, const QByteArray& bytes)
{
    if (QFileInfo(path).isDir()) // of a mutation before
        return;
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate) || file.write(bytes) != bytes.size())
        qFatal("cannot write %s", qPrintable(path));
}

/// Every envelope says everything of a device of its own, so that each counts by itself.
protocol::Data dataOf(quint64 seq)
{
    model::Reading reading;
    reading.address = u"10.0.0.%1"_s.arg(seq);
    reading.takenAt = fromMs(1'764'000'000'000 - 1000);
    reading.identity.manufacturer = u"HP"_s;
    reading.identity.serialNumber = u"CN%1"_s.arg(seq, 6, 10, QLatin1Char('0'));
    reading.status.state = u"idle"_s;
    reading.meters = {{u"total"_s, u"impressions"_s, qint64(seq) * 1000, {}}};
    return {{{seq, {}, protocol::toKeyed(reading)}}, {}};
}

QString nameOf(quint64 seq) { return u"%1.ple"_s.arg(seq, 20, 10, QLatin1Char('0')); }

} // namespace

/// Spools that a broken disk, a broken file system or a person has been at: whatever is whole arrives, whatever is not is declared lost,
/// number by number, and nothing stops. PLATEN_SPOOLS says how many (default 200).
class MutatedSpoolsTest : public QObject {
    Q_OBJECT

    FakeClock m_clock;
    channel::AgentIdentity m_identity;
    std::unique_ptr<channel::SingleKey> m_keys;
    QTemporaryDir m_folder{scratch()};
    QHash<QString, QByteArray> m_pristine; ///< files of the agent's folder, the spool's included
    std::unique_ptr<storage::Database> m_database;
    ingest::Events m_events;
    std::unique_ptr<ingest::Ingest> m_ingest;
    QRandomGenerator m_random;

    /// An agent's life in a folder.
    struct Life {
        agent::State state;
        agent::KnownDevices devices;
        agent::Outbox outbox;
        Status opened;

        Life(const QString& folder, const channel::Keyring& keys, const Clock& clock)
            : state(folder + u"/state.db"_s)
            , outbox(keys, state, devices, {.pace = {.perSecond = 1 << 30, .atOnce = 1 << 30}}, clock)
        {
            opened = wait(state.open(keys.current().agentId));
            const auto loaded = opened ? wait(state.load()) : fail(opened.error());
            if (!loaded)
                return;
            devices = agent::KnownDevices(loaded->devices);
            opened = wait(outbox.open(folder + u"/spool"_s, *loaded));
        }
        ~Life() { settle(); }

        bool settle()
        {
            return eventually([this] { return outbox.isSettled(); });
        }
    };

    Result<int> onServer(const QString& sql, const QVariantList& values = {})
    {
        return wait(m_database->write([sql, values](QSqlDatabase db) { return storage::execute(db, sql, values); }));
    }

    QSet<quint64> numbers(const QString& sql)
    {
        const auto found = wait(m_database->read([sql](QSqlDatabase db) -> Result<QSet<quint64>> {
            auto rows = storage::query(db, sql);
            if (!rows)
                return fail(rows.error());
            QSet<quint64> all;
            while (rows->next())
                for (quint64 number = rows->value(0).toULongLong(); number <= rows->value(1).toULongLong(); ++number)
                    all.insert(number);
            return all;
        }));
        return found.value_or(QSet<quint64>());
    }

    /// Does something to the spool; the numbers whose envelopes are no longer whole in their place.
    QSet<quint64> mutate(const QString& spool)
    {
        QSet<quint64> harmed;
        const int times = 1 + int(m_random.bounded(4));
        for (int time = 0; time < times; ++time) {
            const quint64 seq = 1 + m_random.bounded(envelopes), other = 1 + m_random.bounded(envelopes);
            const QString path = spool + u'/' + nameOf(seq), otherPath = spool + u'/' + nameOf(other);
            QByteArray bytes = bytesOf(path);
            switch (m_random.bounded(10)) {
            case 0: // a bit
                if (!bytes.isEmpty())
                    bytes[m_random.bounded(bytes.size())] ^= char(1 << m_random.bounded(8));
                put(path, bytes);
                break;
            case 1: // cut
                put(path, bytes.left(m_random.bounded(bytes.size() + 1)));
                break;
            case 2: // longer
                put(path, bytes + QByteArray(1 + m_random.bounded(5000), char(m_random.generate())));
                break;
            case 3: // a block of zeros
                if (const qsizetype at = m_random.bounded(bytes.size() + 1); at < bytes.size())
                    bytes.replace(at, std::min<qsizetype>(64, bytes.size() - at), QByteArray(std::min<qsizetype>(64, bytes.size() - at), '\0'));
                put(path, bytes);
                break;
            case 4:
                QFile::remove(path);
                break;
            case 5: // under another's number
                put(otherPath, bytes);
                break;
            case 6: // a foreign file, also with a number far away
                put(spool + u"/%1"_s.arg(m_random.bounded(2) ? u"note.txt"_s : nameOf(2'000'000 + m_random.generate())), "x"); // nearer ones count as used
                break;
            case 7: // random
                bytes = QByteArray(m_random.bounded(400), '\0');
                for (char& byte : bytes)
                    byte = char(m_random.generate());
                put(path, bytes);
                break;
            case 8: // what a thinning or the reserve may have left, spoilt
                put(spool + (m_random.bounded(2) ? u"/thinning"_s : u"/reserve"_s), bytes);
                break;
            case 9: // a folder
                QFile::remove(path);
                QDir(spool).mkdir(nameOf(seq));
                break;
            }
        }
        for (quint64 seq = 1; seq <= envelopes; ++seq)
            if (bytesOf(spool + u'/' + nameOf(seq)) != m_pristine[u"spool/"_s + nameOf(seq)])
                harmed.insert(seq);
        return harmed;
    }

    void deliver(Life& life, quint64& hwm, int& refused)
    {
        hwm = 0;
        while (const auto next = life.outbox.nextAfter(hwm)) {
            const auto opened = channel::openEnvelope(next->bytes, m_identity.keys.a2s);
            const auto ack = opened ? wait(m_ingest->take(*opened)) : fail(opened.error());
            if (!ack || ack->code != protocol::AckCode::Ok || ack->hwm <= hwm) {
                ++refused;
                return;
            }
            hwm = ack->hwm;
            life.outbox.acknowledged(hwm);
        }
    }

private slots:
    void initTestCase()
    {
        QVERIFY(crypto::start());
        QLoggingCategory::setFilterRules(u"platen.*=false"_s); // it is all about damage
        m_identity.agentId = crypto::randomBytes(16);
        m_identity.keys = crypto::AgentKeys::derive(crypto::randomSecret(32), m_identity.agentId);
        m_keys = std::make_unique<channel::SingleKey>(m_identity);
        m_database = std::make_unique<storage::Database>(storage::Database::Settings{.name = m_folder.filePath(u"server.sqlite"_s)});
        QVERIFY(wait(m_database->open()) && wait(store::migrate(*m_database)));
        m_ingest = std::make_unique<ingest::Ingest>(*m_database, m_events, m_clock);
        QVERIFY(onServer(u"INSERT INTO agent (id, name, status, epoch, hwm, created_at, forks) VALUES (?, 'x', 'ACTIVE', 1, 0, 0, 0)"_s,
            {m_identity.agentId}));

        const QString home = m_folder.filePath(u"pristine"_s);
        QVERIFY(QDir().mkpath(home));
        {
            Life life(home, *m_keys, m_clock);
            QVERIFY(life.opened);
            for (quint64 seq = 1; seq <= envelopes; ++seq)
                QVERIFY(life.outbox.submit(dataOf(seq)));
        }
        for (const QString& name : QDir(home).entryList(QDir::Files))
            m_pristine.insert(name, bytesOf(home + u'/' + name));
        for (quint64 seq = 1; seq <= envelopes; ++seq)
            m_pristine.insert(u"spool/"_s + nameOf(seq), bytesOf(home + u"/spool/"_s + nameOf(seq)));
    }

    void deliversTheRestAndDeclaresWhatIsLost()
    {
        const int count = qEnvironmentVariableIntValue("PLATEN_SPOOLS") > 0 ? qEnvironmentVariableIntValue("PLATEN_SPOOLS") : 200;
        const quint32 seed = qEnvironmentVariableIsSet("PLATEN_SEED") ? qEnvironmentVariable("PLATEN_SEED").toUInt()
                                                                      : QRandomGenerator::system()->generate();
        m_random.seed(seed);
        qsizetype damaged = 0;
        for (int spool = 0; spool < count; ++spool) {
            for (const QString& table : {u"meter_sample"_s, u"agent_device"_s, u"gap"_s, u"agent_envelope"_s, u"device"_s})
                QVERIFY(onServer(u"DELETE FROM "_s + table));
            QVERIFY(onServer(u"UPDATE agent SET hwm = 0"_s));
            QTemporaryDir home(scratch());
            QVERIFY(QDir(home.path()).mkdir(u"spool"_s));
            for (auto file = m_pristine.cbegin(); file != m_pristine.cend(); ++file)
                put(home.filePath(file.key()), file.value());
            const QSet<quint64> harmed = mutate(home.filePath(u"spool"_s));
            damaged += harmed.size();

            quint64 hwm = 0;
            int refused = 0;
            Life life(home.path(), *m_keys, m_clock);
            const QString which = u"spool %1 of PLATEN_SEED %2"_s.arg(spool).arg(seed);
            QVERIFY2(life.opened, qPrintable(which));
            QVERIFY2(life.settle(), qPrintable(which));
            deliver(life, hwm, refused);
            QVERIFY2(refused == 0, qPrintable(which));
            QVERIFY2(hwm == envelopes, qPrintable(which + u": it ended at %1"_s.arg(hwm)));
            QSet<quint64> all;
            for (quint64 seq = 1; seq <= envelopes; ++seq)
                all.insert(seq);
            const QSet<quint64> stored = numbers(u"SELECT value / 1000, value / 1000 FROM meter_sample WHERE key LIKE 'total%'"_s);
            const QSet<quint64> lost = numbers(u"SELECT from_seq, to_seq FROM gap"_s);
            QVERIFY2(stored == all - harmed, qPrintable(which + u": %1 stored, %2 were whole"_s.arg(stored.size()).arg((all - harmed).size())));
            QVERIFY2(lost == harmed, qPrintable(which + u": %1 lost, %2 were harmed"_s.arg(lost.size()).arg(harmed.size())));
            QVERIFY2(life.outbox.submit(dataOf(life.outbox.nextSeq())), qPrintable(which)); // and life goes on
        }
        qInfo() << count << "spools," << damaged << "envelopes damaged: the rest delivered, every loss declared";
    }
};

QTEST_GUILESS_MAIN(MutatedSpoolsTest)
#include "MutatedSpoolsTest.moc"
