// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <testkit/Program.h>

#include "ApiFixture.h"

#include <QTest>

using namespace platen;
using namespace platen::test;
using namespace std::chrono_literals;

/// Notifications in real time, with a short interval: what counts is their number, not their moment.
class FeedTest : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        api::ConsoleLimits limits;
        limits.feed.interval = 50ms;
        limits.feed.mostRows = 20;
        m_api = std::make_unique<ApiFixture>(limits);
        for (int i = 0; i < 30; ++i)
            m_api->execute(
                u"INSERT INTO device (state, model, first_seen_at, last_seen_at, agent_id, reading) VALUES ('ready', ?, 0, 0, ?, '')"_s,
                {u"Model %1"_s.arg(i), m_api->agentId});
        m_token = m_api->tokenOf(u"anna"_s);
        m_console = std::make_unique<TestConsole>(*m_api);
        m_console->call(u"resume"_s, {{u"token"_s, m_token}});
    }
    void cleanup()
    {
        m_console.reset();
        m_api.reset();
    }

    void tellsNothingUnasked()
    {
        emit m_api->events.deviceChanged(1);
        emit m_api->events.agentChanged(m_api->agentId);
        QVERIFY(!eventually([&] { return !devices().isEmpty() || !agents().isEmpty(); }, 200ms));
    }

    void tellsTheRowsThatChanged()
    {
        subscribe({u"devices"_s});
        emit m_api->events.deviceChanged(3);
        QVERIFY(eventually([&] { return !devices().isEmpty(); }));
        const QJsonArray rows = devices().first().value(u"rows"_s).toArray();
        QCOMPARE(rows.size(), 1);
        QCOMPARE(rows.first().toObject().value(u"id"_s).toString(), u"3"_s);
        QCOMPARE(rows.first().toObject().value(u"model"_s).toString(), u"Model 2"_s);
    }

    void gathersManyChangesIntoOneNotification()
    {
        subscribe({u"devices"_s});
        for (int round = 0; round < 50; ++round)
            for (int id = 1; id <= 10; ++id)
                emit m_api->events.deviceChanged(id);
        QVERIFY(eventually([&] { return !devices().isEmpty(); }));
        QVERIFY(!eventually([&] { return devices().size() > 1; }, 200ms));
        QCOMPARE(devices().first().value(u"rows"_s).toArray().size(), 10);
    }

    void tellsAtMostOnceAnInterval()
    {
        subscribe({u"devices"_s});
        QElapsedTimer timer;
        timer.start();
        eventually([&] {
            emit m_api->events.deviceChanged(1); // every few milliseconds
            return timer.elapsed() > 500;
        });
        QVERIFY2(devices().size() <= timer.elapsed() / 50, qPrintable(QString::number(devices().size())));
        QVERIFY(devices().size() >= 2);
    }

    void asksToReloadWhenTooManyChanged()
    {
        subscribe({u"devices"_s});
        for (int id = 1; id <= 21; ++id)
            emit m_api->events.deviceChanged(id);
        QVERIFY(eventually([&] { return !devices().isEmpty(); }));
        QCOMPARE(devices().first(), QJsonObject({{u"reload"_s, true}}));
    }

    void asksToReloadWhenADeviceIsGone()
    {
        subscribe({u"devices"_s});
        emit m_api->events.deviceChanged(4711);
        QVERIFY(eventually([&] { return !devices().isEmpty(); }));
        QCOMPARE(devices().first(), QJsonObject({{u"reload"_s, true}}));
    }

    void waitsForASlowConsoleAndThenAsksToReload()
    {
        subscribe({u"devices"_s});
        m_console->console->pendingBytes = 1 << 20;
        emit m_api->events.deviceChanged(1);
        QVERIFY(!eventually([&] { return !devices().isEmpty(); }, 300ms));
        m_console->console->pendingBytes = 0;
        QVERIFY(eventually([&] { return !devices().isEmpty(); }));
        QCOMPARE(devices().first(), QJsonObject({{u"reload"_s, true}}));
    }

    void tellsOfAgents()
    {
        subscribe({u"agents"_s});
        m_api->presence.add(m_api->agentId, u"websocket"_s);
        emit m_api->events.agentChanged(m_api->agentId);
        QVERIFY(eventually([&] { return !agents().isEmpty(); }));
        const QJsonObject agent = agents().first().value(u"agents"_s).toArray().first().toObject();
        QCOMPARE(agent.value(u"state"_s).toString(), u"connected"_s);
        QCOMPARE(agent.value(u"devices"_s).toInt(), 30);
    }

    void asksToReloadWhenAnAgentFallsSilent()
    {
        subscribe({u"devices"_s, u"agents"_s});
        m_api->clock.advance(16min);
        emit m_api->events.agentChanged(QByteArray(16, 'b')); // of another: it makes us look
        QVERIFY(eventually([&] { return !devices().isEmpty(); }));
        QCOMPARE(devices().first(), QJsonObject({{u"reload"_s, true}}));
        const QJsonObject row = m_console->result(u"devices.list"_s).value(u"rows"_s).toArray().first().toObject();
        QCOMPARE(row.value(u"state"_s).toString(), u"offline"_s);
    }

    void stopsWhenUnsubscribed()
    {
        subscribe({u"devices"_s});
        emit m_api->events.deviceChanged(1);
        subscribe({});
        QVERIFY(!eventually([&] { return !devices().isEmpty(); }, 200ms));
    }

    void stopsWhenTheSessionHasEnded()
    {
        subscribe({u"devices"_s});
        m_api->clock.advance(30min);
        emit m_api->events.deviceChanged(1);
        QVERIFY(!eventually([&] { return !devices().isEmpty(); }, 200ms));
    }

    void doesNotKeepASessionAliveByItself()
    {
        subscribe({u"devices"_s});
        m_api->clock.advance(20min);
        emit m_api->events.deviceChanged(1);
        QVERIFY(eventually([&] { return !devices().isEmpty(); }));
        m_api->clock.advance(10min);
        QCOMPARE(m_console->error(u"agents.list"_s), u"notAuthenticated"_s);
    }

    void stopsWhenTheRightIsTakenAway()
    {
        subscribe({u"devices"_s});
        m_api->execute(u"DELETE FROM user_role"_s);
        emit m_api->events.deviceChanged(1);
        QVERIFY(!eventually([&] { return !devices().isEmpty(); }, 200ms));
    }

    void refusesTopicsWithoutTheirPermission()
    {
        TestConsole other(*m_api);
        other.call(u"resume"_s, {{u"token"_s, m_api->tokenOf(u"otto"_s)}});
        QCOMPARE(other.error(u"subscribe"_s, {{u"topics"_s, QJsonArray{u"devices"_s}}}), u"permissionDenied"_s);
        QCOMPARE(m_console->error(u"subscribe"_s, {{u"topics"_s, QJsonArray{u"passwords"_s}}}), u"invalidInput"_s);
    }

private:
    void subscribe(const QStringList& topics)
    {
        QVERIFY(
            m_console->call(u"subscribe"_s, {{u"topics"_s, QJsonArray::fromStringList(topics)}}).contains(u"result"_s));
    }
    QList<QJsonObject> devices() const { return m_console->console->notifications(u"devices.changed"_s); }
    QList<QJsonObject> agents() const { return m_console->console->notifications(u"agents.changed"_s); }

    std::unique_ptr<ApiFixture> m_api;
    std::unique_ptr<TestConsole> m_console;
    QString m_token;
};

PLATEN_TEST(FeedTest)
#include "FeedTest.moc"
