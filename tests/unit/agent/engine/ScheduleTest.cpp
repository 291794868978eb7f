// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <agent/engine/Schedule.h>
#include <testkit/FakeClock.h>
#include <testkit/Program.h>

#include <QDateTime>
#include <QSet>
#include <QTest>

using namespace platen;
using namespace std::chrono_literals;
using agent::Schedule;
using Work = Schedule::Work;

namespace {

Instant at(int hour, int minute, int day = 10)
{
    return fromMs(QDateTime(QDate(2026, 11, day), QTime(hour, minute)).toMSecsSinceEpoch());
}

} // namespace

class ScheduleTest : public QObject {
    Q_OBJECT

    test::FakeClock m_clock;
    agent::Settings m_settings;

private slots:
    void init()
    {
        m_clock.wall = at(12, 0);
        m_clock.steady = 5s;
        m_settings = {}; // 24 h, 15 min, 23:30
    }

    void searchesAtOnceWhenItNeverDid()
    {
        const Schedule schedule(m_settings, {}, m_clock);
        QCOMPARE(schedule.due(), Work::Discovery);
        QCOMPARE(schedule.untilNext(), 0ms);
    }

    void readsKnownPrintersAtOnceAfterARestart()
    {
        const Schedule schedule(m_settings, {at(11, 0), at(11, 0)}, m_clock);
        QCOMPARE(schedule.due(), Work::Status);
    }

    void followsBothIntervals()
    {
        Schedule schedule(m_settings, {}, m_clock);
        schedule.begun(schedule.due());
        QCOMPARE(schedule.due(), Work::Nothing);
        QCOMPARE(schedule.untilStatus(), 15min);
        m_clock.advance(15min - 1ms);
        QCOMPARE(schedule.due(), Work::Nothing);
        QCOMPARE(schedule.untilNext(), 1ms);
        m_clock.advance(1ms);
        QCOMPARE(schedule.due(), Work::Status);
        schedule.begun(Work::Status);
        for (int rounds = 0; rounds < 400 && schedule.due() != Work::Discovery; ++rounds) {
            m_clock.advance(5min);
            if (const Work work = schedule.due(); work == Work::Status || work == Work::Meters)
                schedule.begun(work);
        }
        QCOMPARE(schedule.due(), Work::Discovery);
        QVERIFY(m_clock.wall >= at(12, 0, 11) && m_clock.wall <= at(12, 20, 11));
    }

    void readsMetersOnceADayAtTheirTime()
    {
        m_clock.wall = at(23, 20);
        Schedule schedule(m_settings, {at(22, 0), at(22, 0)}, m_clock);
        schedule.begun(Work::Status);
        m_clock.advance(9min);
        QCOMPARE(schedule.due(), Work::Nothing);
        m_clock.advance(1min);
        QCOMPARE(schedule.due(), Work::Meters);
        schedule.begun(Work::Meters);
        QCOMPARE(schedule.past().meters, at(23, 30));
        m_clock.advance(1min);
        QCOMPARE(schedule.due(), Work::Nothing);
        m_clock.advance(24h);
        QCOMPARE(schedule.due(), Work::Discovery);
        schedule.begun(Work::Discovery); // which reads meters, too
        QCOMPARE(schedule.due(), Work::Nothing);
    }

    void putsMetersOffByItsShareOfTheJitter()
    {
        m_clock.wall = at(23, 20);
        Schedule schedule(m_settings, {at(22, 0), at(22, 0)}, m_clock);
        schedule.putOffMeters(4min);
        schedule.begun(Work::Status);
        m_clock.advance(13min);
        QCOMPARE(schedule.due(), Work::Nothing);
        m_clock.advance(1min);
        QCOMPARE(schedule.due(), Work::Meters);
    }

    void hasAShareOfTheJitterThatStays()
    {
        QSet<qint64> shares;
        for (char id = 0; id < 20; ++id) {
            const auto share = agent::jitterOf(QByteArray(16, id), m_settings);
            QVERIFY(share >= 0ms && share <= m_settings.jitter);
            QCOMPARE(agent::jitterOf(QByteArray(16, id), m_settings), share);
            shares.insert(share.count());
        }
        QVERIFY(shares.size() > 15);
        m_settings.jitter = 0ms;
        QCOMPARE(agent::jitterOf(QByteArray(16, 'x'), m_settings), 0ms);
    }

    void catchesUpOnMetersThatWereMissed()
    {
        const Schedule schedule(m_settings, {at(11, 0), at(20, 0, 8)}, m_clock); // off yesterday at 23:30
        QCOMPARE(schedule.due(), Work::Meters);
    }

    void neverSleepsLongerThanAMinute()
    {
        Schedule schedule(m_settings, {}, m_clock);
        schedule.begun(Work::Discovery);
        QCOMPARE(schedule.untilNext(), 1min);
    }

    void survivesAClockThatIsSetBack()
    {
        m_clock.wall = at(12, 0);
        Schedule schedule(m_settings, {at(12, 0, 20), at(12, 0, 20)}, m_clock); // the last search is ten days ahead
        QCOMPARE(schedule.due(), Work::Discovery);
        schedule.begun(Work::Discovery);
        m_clock.wall = at(10, 0, 9);
        m_clock.steady += 15min;
        QCOMPARE(schedule.due(), Work::Status);
        schedule.begun(Work::Status);
        m_clock.wall = at(23, 31, 9);
        QCOMPARE(schedule.due(), Work::Meters); // not only after the tenth
    }

    void triesAFailedSearchAgainSooner()
    {
        Schedule schedule(m_settings, {}, m_clock);
        schedule.begun(Work::Discovery);
        schedule.discoveryFailed();
        QCOMPARE(schedule.past().discovery, Instant{});
        m_clock.advance(59min);
        QVERIFY(schedule.due() != Work::Discovery);
        m_clock.advance(1min);
        QCOMPARE(schedule.due(), Work::Discovery);
    }
};

PLATEN_TEST(ScheduleTest)
#include "ScheduleTest.moc"
