// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <integration/Site.h>

#include <testkit/Wait.h>

#include <QTest>

using namespace platen::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// The agent as a scheduled task: one round, delivered before it ends, and an exit code that says so.
class OnceTest : public QObject {
    Q_OBJECT

    static Outcome once(const Site& site, const QString& deadline)
    {
        return run(u"platen-agent"_s, {u"collect"_s, u"--once"_s, u"--data"_s, site.agentData(), u"--deadline"_s, deadline});
    }

    static qint64 storedDevices(const Site& site)
    {
        return site.serverRows(u"SELECT COUNT(*) FROM device"_s)[0][0].toLongLong();
    }

    static qint64 envelopes(const Site& site)
    {
        return site.agentRows(u"SELECT acknowledged_seq FROM progress"_s)[0][0].toLongLong();
    }

private slots:
    void deliversARound()
    {
        Site site;
        QVERIFY2(site.startServer() && site.startFleet(), site.logs().constData());
        site.writeAgentSettings();
        QVERIFY(site.activate(site.createPin()).exitCode == 0);
        const Outcome first = once(site, u"30"_s);
        QVERIFY2(first.exitCode == 0, first.err.constData());
        QCOMPARE(storedDevices(site), site.fleetSize());
        const qint64 before = envelopes(site);
        const Outcome second = once(site, u"30"_s); // nothing changed: they were seen
        QVERIFY2(second.exitCode == 0, second.err.constData());
        QVERIFY(second.err.contains("0 with changes"));
        QCOMPARE(storedDevices(site), site.fleetSize());
        QCOMPARE(envelopes(site), before + 1);
    }

    void keepsForTheNextRunWhatIsNotConfirmed()
    {
        Site site;
        QVERIFY2(site.startServer() && site.startFleet(), site.logs().constData());
        site.writeAgentSettings();
        QVERIFY(site.activate(site.createPin()).exitCode == 0);
        site.stopServer();
        const Outcome alone = once(site, u"1"_s);
        QVERIFY(alone.exitCode > 0);
        QVERIFY2(alone.err.contains("next run"), alone.err.constData());
        QVERIFY(site.startServer());
        const Outcome again = once(site, u"30"_s);
        QVERIFY2(again.exitCode == 0, again.err.constData());
        QCOMPARE(storedDevices(site), site.fleetSize());
    }

    void keepsMaskedPrintersApart()
    {
        Site site;
        QVERIFY2(site.startServer() && site.startFleet(), site.logs().constData());
        const auto shownAddresses = [&] { return site.serverRows(u"SELECT COUNT(address) FROM device"_s)[0][0].toLongLong(); };
        site.writeAgentSettings({{u"mask"_s, QJsonObject{{u"address"_s, true}}}});
        QVERIFY(site.activate(site.createPin()).exitCode == 0);
        const Outcome masked = once(site, u"30"_s);
        QVERIFY2(masked.exitCode == 0, masked.err.constData());
        QCOMPARE(storedDevices(site), site.fleetSize());
        QCOMPARE(shownAddresses(), 0);
        QVERIFY(!site.agentRows(u"SELECT 1 FROM journal WHERE summary LIKE '%\"masked\":[\"address\",\"hostName\"]%'"_s).isEmpty());
        site.writeAgentSettings();
        const Outcome shown = once(site, u"30"_s);
        QVERIFY2(shown.exitCode == 0, shown.err.constData());
        QCOMPARE(storedDevices(site), site.fleetSize()); // the same ones
        QCOMPARE(shownAddresses(), site.fleetSize());
    }

    void neverRunsBesideAnAgent()
    {
        Site site;
        QVERIFY2(site.startServer() && site.startFleet(), site.logs().constData());
        site.writeAgentSettings();
        QVERIFY(site.activate(site.createPin()).exitCode == 0);
        site.startAgent();
        QVERIFY(eventually([&] { return QFile::exists(site.agentData() + u"/status.json"_s); }, 30s));
        const Outcome beside = once(site, u"5"_s);
        QVERIFY(beside.exitCode > 0);
        QVERIFY2(beside.saysInOneSentence({site.agentData()}), beside.err.constData());
        QVERIFY(site.hasAgent());
    }
};

QTEST_GUILESS_MAIN(OnceTest)
#include "OnceTest.moc"
