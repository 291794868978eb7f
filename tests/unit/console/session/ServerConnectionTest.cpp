// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <console/session/ServerConnection.h>
#include <testkit/FakeServer.h>
#include <testkit/Program.h>
#include <testkit/Wait.h>

#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace platen;
using namespace platen::console;
using namespace platen::test;
using namespace std::chrono_literals;

class ServerConnectionTest : public QObject {
    Q_OBJECT

    struct Line {
        QTemporaryDir folder;
        QSettings settings{folder.filePath(u"s.ini"_s), QSettings::IniFormat};
        CertificateStore store{settings};
        ServerConnection server{store};
    };

    static Secret password(const char* text = "correct horse") { return Secret(QByteArray(text)); }

private slots:
    void backsOffWithJitterUpToAMinute()
    {
        QCOMPARE(ServerConnection::reconnectDelay(0, 0), 1000ms);
        QCOMPARE(ServerConnection::reconnectDelay(0, 1), 500ms);
        QCOMPARE(ServerConnection::reconnectDelay(3, 0), 8000ms);
        QCOMPARE(ServerConnection::reconnectDelay(20, 0), 60000ms);
        QVERIFY(ServerConnection::reconnectDelay(1000000, 0.5) <= 60000ms);
    }

    void logsInCallsAndLogsOut()
    {
        FakeServer fake(3);
        QVERIFY(fake.listen());
        Line line;
        QVERIFY(wait(line.server.open(fake.url())).has_value());
        const auto account = wait(line.server.login(u"ada"_s, password()));
        QVERIFY(account.has_value());
        QCOMPARE(account->roles, QStringList{u"administrator"_s});
        QCOMPARE(wait(line.server.call(u"devices.list"_s, {})).value()["total"_L1].toInt(), 3);
        QSignalSpy ended(&line.server, &ServerConnection::sessionEnded);
        QVERIFY(wait(line.server.logout()).has_value());
        QCOMPARE(ended.count(), 1);
        QCOMPARE(line.server.state(), ServerConnection::State::Closed);
    }

    void refusesToCallWithoutALine()
    {
        Line line;
        QCOMPARE(wait(line.server.call(u"devices.list"_s, {})).error().code, ErrorCode::NetworkFailed);
    }

    void answersPendingCallsWhenTheLineIsCut()
    {
        FakeServer fake(3);
        QVERIFY(fake.listen());
        fake.holdAnswers(u"devices.list"_s);
        Line line;
        QVERIFY(wait(line.server.open(fake.url())).has_value());
        QVERIFY(wait(line.server.login(u"ada"_s, password())).has_value());
        std::optional<Result<QJsonObject>> outcome;
        QCoro::connect(line.server.call(u"devices.list"_s, {}), this, [&](const Result<QJsonObject>& result) { outcome = result; });
        QVERIFY(eventually([&] { return fake.calls(u"devices.list"_s) == 1; }));
        fake.dropConnections();
        QVERIFY(eventually([&] { return outcome.has_value(); }));
        QCOMPARE(outcome->error().code, ErrorCode::NetworkFailed);
        QCOMPARE(line.server.state(), ServerConnection::State::Waiting);
        QVERIFY(line.server.retryIn() >= 0s);
    }

    void takesUpTheSessionAfterACut()
    {
        FakeServer fake(3);
        QVERIFY(fake.listen());
        Line line;
        QVERIFY(wait(line.server.open(fake.url())).has_value());
        QVERIFY(wait(line.server.login(u"ada"_s, password())).has_value());
        fake.dropConnections();
        QVERIFY(eventually([&] { return line.server.state() == ServerConnection::State::Waiting; }));
        line.server.retryNow();
        QVERIFY(eventually([&] { return line.server.isLoggedIn(); }));
        QCOMPARE(fake.calls(u"resume"_s), 1);
        QCOMPARE(fake.calls(u"login"_s), 1);
    }

    void endsTheSessionWhenTheServerNoLongerKnowsIt()
    {
        FakeServer fake(3);
        QVERIFY(fake.listen());
        Line line;
        QVERIFY(wait(line.server.open(fake.url())).has_value());
        QVERIFY(wait(line.server.login(u"ada"_s, password())).has_value());
        QSignalSpy ended(&line.server, &ServerConnection::sessionEnded);
        fake.failNext(u"devices.list"_s, u"notAuthenticated"_s);
        QCOMPARE(wait(line.server.call(u"devices.list"_s, {})).error().code, ErrorCode::NotAuthenticated);
        QCOMPARE(ended.count(), 1);
    }

    void saysThatNobodyListens()
    {
        FakeServer fake(1);
        QVERIFY(fake.listen());
        fake.stop();
        Line line;
        QCOMPARE(wait(line.server.open(fake.url())).error().code, ErrorCode::NetworkFailed);
        QCOMPARE(line.server.state(), ServerConnection::State::Closed);
    }
};

PLATEN_TEST(ServerConnectionTest)
#include "ServerConnectionTest.moc"
