// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <integration/Site.h>

#include <testkit/Wait.h>

#include <QDateTime>
#include <QSaveFile>
#include <QTest>

using namespace platen;
using namespace platen::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QString library = u"/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"_s;

} // namespace

/// The real programs under clocks that are wrong by years or jump at the worst moment (libfaketime): nobody is revived, nothing gets stuck,
/// nobody is expired for good by a glitch.
class ClockTest : public QObject {
    Q_OBJECT

    std::unique_ptr<Site> m_site;

    qint64 number(const QString& sql) const
    {
        const auto rows = m_site->serverRows(sql);
        return rows.isEmpty() ? -1 : rows[0][0].toLongLong();
    }
    qint64 hwm() const { return number(u"SELECT hwm FROM agent"_s); }

    bool goesOn(std::chrono::seconds limit = 30s) const
    {
        const qint64 before = hwm();
        return eventually([&] { return hwm() > before + 1; }, limit);
    }

    bool standsStill() const
    {
        QTest::qWait(1500); // what was on its way
        const qint64 before = hwm();
        QTest::qWait(3000);
        return hwm() == before;
    }

    /// "+0", "-10y", "-3600": from now on, for whoever was started under this clock.
    void setClock(const QString& name, const QByteArray& offset) const
    {
        QSaveFile file(m_site->path(name)); // the programs read it at any moment
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(offset + '\n');
        QVERIFY(file.commit());
    }

    /// What is started next lives by the clock of this name.
    void underClock(const QString& name) const
    {
        qputenv("LD_PRELOAD", library.toUtf8());
        qputenv("FAKETIME_TIMESTAMP_FILE", m_site->path(name).toUtf8());
        qputenv("FAKETIME_NO_CACHE", "1");
        qputenv("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    }
    static void underTrueClock()
    {
        for (const char* name : {"LD_PRELOAD", "FAKETIME_TIMESTAMP_FILE", "FAKETIME_NO_CACHE", "FAKETIME_DONT_FAKE_MONOTONIC"})
            qunsetenv(name);
    }

    void startServer() const
    {
        underClock(u"server.clock"_s);
        QVERIFY2(m_site->startServer(), m_site->logs().constData());
        underTrueClock();
    }
    void startAgent() const
    {
        underClock(u"agent.clock"_s);
        m_site->startAgent();
        underTrueClock();
    }
    void restartAgent() const // a refused one asks again only tomorrow
    {
        m_site->stopAgent();
        startAgent();
    }

    void expireAt(const QDateTime& at) const
    {
        const Outcome outcome = run(u"platen-server"_s,
            {u"agent"_s, u"expire"_s, u"Test site"_s, u"--at"_s, at.toUTC().toString(Qt::ISODate), u"--data"_s, m_site->serverData()});
        QVERIFY2(outcome.exitCode == 0, outcome.err.constData());
    }

private slots:
    void initTestCase()
    {
        if (!QFile::exists(library))
            QSKIP("libfaketime is not installed");
    }

    void init()
    {
        m_site = std::make_unique<Site>();
        setClock(u"server.clock"_s, "+0");
        setClock(u"agent.clock"_s, "+0");
        startServer();
        QVERIFY2(m_site->startFleet(200, 100'000), m_site->logs().constData());
        m_site->writeAgentSettings({{u"statusInterval"_s, u"1s"_s}, {u"discoveryInterval"_s, u"10s"_s}});
        const Outcome activated = m_site->activate(m_site->createPin());
        QVERIFY2(activated.exitCode == 0, activated.err.constData());
        startAgent();
        QVERIFY2(eventually([&] { return hwm() > 2; }, 30s), m_site->logs().constData());
    }
    void cleanup()
    {
        underTrueClock();
        m_site.reset();
    }

    void livesThroughAWrongClockOfTheServer_data()
    {
        QTest::addColumn<QByteArray>("offset");
        QTest::addColumn<bool>("isRefusedMeanwhile");
        QTest::newRow("ten years ahead") << QByteArray("+10y") << true;
        QTest::newRow("ten years behind") << QByteArray("-10y") << false;
    }
    void livesThroughAWrongClockOfTheServer()
    {
        QFETCH(const QByteArray, offset);
        QFETCH(const bool, isRefusedMeanwhile);
        expireAt(QDateTime::currentDateTimeUtc().addSecs(3600));
        setClock(u"server.clock"_s, offset);
        if (isRefusedMeanwhile)
            QVERIFY2(standsStill(), m_site->logs().constData());
        else
            QVERIFY2(goesOn(), m_site->logs().constData());
        m_site->stopServer(); // it notes the wrong time at its end and at its start, too
        startServer();
        QTest::qWait(2000);
        setClock(u"server.clock"_s, "+0");
        restartAgent();
        QVERIFY2(goesOn(60s), m_site->logs().constData());
        QCOMPARE(number(u"SELECT forks FROM agent"_s), 0);
        QCOMPARE(number(u"SELECT count(*) FROM gap"_s), 0);
    }

    void livesThroughAWrongClockOfTheAgent_data()
    {
        QTest::addColumn<QByteArray>("offset");
        QTest::newRow("ten years ahead") << QByteArray("+10y");
        QTest::newRow("ten years behind") << QByteArray("-10y");
    }
    void livesThroughAWrongClockOfTheAgent()
    {
        QFETCH(const QByteArray, offset);
        setClock(u"agent.clock"_s, offset);
        QVERIFY2(goesOn(), m_site->logs().constData());
        restartAgent(); // its certificate check, its greeting and its schedule begin in that time
        QVERIFY2(goesOn(), m_site->logs().constData());
        const qint64 now = QDateTime::currentMSecsSinceEpoch();
        QVERIFY(number(u"SELECT max(last_seen_at) FROM device"_s) < now + 600'000); // nothing was seen in the future
        QVERIFY(number(u"SELECT max(at) FROM meter_sample"_s) < now + 600'000);
        setClock(u"agent.clock"_s, "+0");
        QVERIFY2(goesOn(), m_site->logs().constData());
        restartAgent();
        QVERIFY2(goesOn(), m_site->logs().constData());
        QCOMPARE(number(u"SELECT forks FROM agent"_s), 0);
        QCOMPARE(number(u"SELECT count(*) FROM gap"_s), 0);
    }

    void revivesNobodyWhenTheClockGoesBackAnHourAtTheExpiry()
    {
        expireAt(QDateTime::currentDateTimeUtc().addSecs(4));
        QVERIFY2(eventually([&] { return m_site->logs().contains("has expired"); }, 30s), m_site->logs().constData());
        QVERIFY2(standsStill(), m_site->logs().constData());
        setClock(u"server.clock"_s, "-3600");
        restartAgent();
        QVERIFY2(standsStill(), m_site->logs().constData());
        m_site->stopServer();
        startServer();
        restartAgent();
        QVERIFY2(standsStill(), m_site->logs().constData());
        expireAt(QDateTime::currentDateTimeUtc().addDays(1)); // an administrator may
        restartAgent();
        QVERIFY2(goesOn(), m_site->logs().constData());
    }

    void expiresNobodyEarlyWhenTheClockGoesBackAnHourBefore()
    {
        expireAt(QDateTime::currentDateTimeUtc().addSecs(600));
        setClock(u"server.clock"_s, "-3600");
        QVERIFY2(goesOn(), m_site->logs().constData());
        setClock(u"server.clock"_s, "+0");
        QVERIFY2(goesOn(), m_site->logs().constData());
    }
};

QTEST_GUILESS_MAIN(ClockTest)
#include "ClockTest.moc"
