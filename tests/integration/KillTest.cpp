// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <integration/Site.h>

#include <protocol/Cbor.h>
#include <protocol/ReadingCodec.h>
#include <testkit/Wait.h>

#include <QRandomGenerator>
#include <QTest>

using namespace platen;
using namespace platen::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int kills = 50;

/// A reading's JSON without what differs between two looks at the same printer.
/// What of a reading's JSON is sent, without its time.
QJsonObject timeless(QJsonObject reading)
{
    for (const QString& key : {u"takenAt"_s, u"sources"_s})
        reading.remove(key);
    QJsonArray supplies;
    for (const QJsonValue& value : reading[u"supplies"].toArray()) {
        QJsonObject supply = value.toObject();
        QJsonObject level = supply[u"level"].toObject();
        level.remove(u"source"_s); // the agent's own knowledge
        supply.insert(u"level"_s, level);
        supplies.append(supply);
    }
    reading.insert(u"supplies"_s, supplies);
    return reading;
}

} // namespace

/// SIGKILL at random moments of a life under load: what the agent holds for acknowledged and what the server has stored must be
/// the same set, and the last word about every printer must be the printer's.
class KillTest : public QObject {
    Q_OBJECT

private slots:
    void losesNothingAndDoublesNothing()
    {
        const quint32 seed = qEnvironmentVariableIsSet("PLATEN_SEED") ? qEnvironmentVariable("PLATEN_SEED").toUInt() : QRandomGenerator::system()->generate();
        qInfo() << "PLATEN_SEED" << seed;
        QRandomGenerator random(seed);

        Site site;
        QVERIFY2(site.startServer(), site.logs().constData());
        QVERIFY2(site.startFleet(100, 600), site.logs().constData());
        site.writeAgentSettings({{u"statusInterval"_s, u"1s"_s}, {u"discoveryInterval"_s, u"10s"_s}});
        const Outcome activated = site.activate(site.createPin());
        QVERIFY2(activated.exitCode == 0, activated.err.constData());
        site.startAgent();
        QVERIFY2(eventually([&] { return acknowledged(site) > 0; }, 30s), site.logs().constData());

        int serverKills = 0, agentKills = 0;
        while (serverKills + agentKills < kills) {
            QTest::qWait(int(random.bounded(100u, 1300u)));
            if (random.bounded(2u)) {
                site.server().kill();
                ++serverKills;
                QTest::qWait(int(random.bounded(300u)));
                QVERIFY2(site.startServer(), site.logs().constData());
            } else {
                site.agent().kill();
                ++agentKills;
                site.startAgent();
            }
            QVERIFY2(site.hasServer(), site.logs().constData());
        }
        qInfo() << "killed" << serverKills << "servers and" << agentKills << "agents";
        QVERIFY2(site.hasAgent(), site.logs().constData());

        // The printers hold still at last; once the agent has nothing left to send, all must be there.
        QVERIFY2(eventually([&] { return everythingIsStored(site) && hasStoppedAtRest(site); }, 120s), site.logs().constData());
        site.stopServer();
        compareEnvelopes(site);
        compareHistory(site);
    }

private:
    static qint64 acknowledged(const Site& site)
    {
        const auto rows = site.agentRows(u"SELECT acknowledged_seq FROM progress"_s);
        return rows.isEmpty() ? 0 : rows[0][0].toLongLong();
    }

    static bool everythingIsStored(const Site& site)
    {
        QMap<QString, QJsonObject> stored;
        for (const QVariantList& row : site.serverRows(u"SELECT address, reading FROM device"_s)) {
            const auto keyed = protocol::decodeMap(row[1].toByteArray());
            const auto reading = keyed ? protocol::fromKeyed(*keyed) : fail(keyed.error());
            if (reading)
                stored.insert(row[0].toString(), timeless(protocol::toJson(*reading)));
        }
        QMap<QString, QJsonObject> printers;
        for (const QJsonValue& value : site.collectDirectly())
            printers.insert(value[u"address"_s].toString(), timeless(value.toObject()));
        const auto progress = site.agentRows(u"SELECT acknowledged_seq, spooled_seq FROM progress"_s);
        QTest::qWait(500); // each look costs the printers a round
        return printers.size() == site.fleetSize() && stored == printers && progress[0][0] == progress[0][1];
    }

    /// The agent is stopped. False, and it runs again, when it was about to hear of an envelope that is stored.
    static bool hasStoppedAtRest(Site& site)
    {
        site.stopAgent();
        const auto hwm = site.serverRows(u"SELECT hwm FROM agent"_s);
        if (!hwm.isEmpty() && hwm[0][0].toLongLong() == acknowledged(site))
            return true;
        site.startAgent();
        return false;
    }

    static void compareEnvelopes(const Site& site)
    {
        const auto sent = site.agentRows(u"SELECT seq FROM journal WHERE seq > 0 AND acknowledged_at IS NOT NULL ORDER BY seq"_s);
        const auto hwm = site.serverRows(u"SELECT hwm, forks FROM agent"_s);
        QCOMPARE(hwm.size(), 1);
        QVERIFY(sent.size() >= 10); // it was a life under load, however slow the machine
        QList<qint64> acknowledgedSet, expected;
        for (qsizetype i = 0; i < sent.size(); ++i) {
            acknowledgedSet.append(sent[i][0].toLongLong());
            expected.append(i + 1);
        }
        QCOMPARE(acknowledgedSet, expected); // every number once, from 1
        QCOMPARE(hwm[0][0].toLongLong(), sent.last()[0].toLongLong());
        QCOMPARE(hwm[0][1].toLongLong(), 0);
        QCOMPARE(site.serverRows(u"SELECT id FROM gap"_s).size(), 0);
        QCOMPARE(site.serverRows(u"SELECT id FROM device"_s).size(), site.fleetSize());

        // Of the last envelopes both sides know the hash: the same set.
        const auto stored = site.serverRows(u"SELECT seq FROM agent_envelope ORDER BY seq"_s);
        QVERIFY(!stored.isEmpty());
        for (qsizetype i = 0; i < stored.size(); ++i)
            QCOMPARE(stored[i][0].toLongLong(), sent[sent.size() - stored.size() + i][0].toLongLong());
    }

    /// A meter that was stored twice, or out of order, would stand still or step back.
    static void compareHistory(const Site& site)
    {
        QMap<QString, qint64> last;
        qsizetype samples = 0;
        for (const QVariantList& row : site.serverRows(u"SELECT device_id, key, value FROM meter_sample WHERE value IS NOT NULL ORDER BY device_id, key, at"_s)) {
            const QString key = row[0].toString() + u'/' + row[1].toString();
            if (last.contains(key))
                QVERIFY2(row[2].toLongLong() > last[key], qPrintable(key));
            last[key] = row[2].toLongLong();
            ++samples;
        }
        QVERIFY(samples > site.fleetSize() * 5);
    }
};

QTEST_GUILESS_MAIN(KillTest)
#include "KillTest.moc"
