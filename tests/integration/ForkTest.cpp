// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <integration/Site.h>

#include <testkit/Wait.h>

#include <QCryptographicHash>
#include <QDir>
#include <QDirIterator>
#include <QJsonDocument>
#include <QRandomGenerator>
#include <QStandardPaths>
#include <QTest>

using namespace platen;
using namespace platen::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

void copyFolder(const QString& from, const QString& to)
{
    QDir().mkpath(to);
    QFile::setPermissions(to, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    for (QDirIterator files(from, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories); files.hasNext();) {
        const QString file = files.next(), target = to + u'/' + QDir(from).relativeFilePath(file);
        QDir().mkpath(QFileInfo(target).path());
        QVERIFY2(QFile::copy(file, target), qPrintable(target));
    }
}

/// As the agent names what its key file is sealed under: a thief of the whole machine has that, too.
QString wrappingKeyOf(const QString& folder)
{
    const QByteArray name = QCryptographicHash::hash(folder.toUtf8(), QCryptographicHash::Sha256).first(8).toHex();
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) + u"/platen-agent/"_s
        + QString::fromLatin1(name) + u".key"_s;
}

} // namespace

/// Agents that were copied or put back, a server that was put back, and keys that change while both are killed: with the real programs.
class ForkTest : public QObject {
    Q_OBJECT

    std::unique_ptr<Site> m_site;

    qint64 number(const QString& sql) const
    {
        const auto rows = m_site->serverRows(sql);
        return rows.isEmpty() ? -1 : rows[0][0].toLongLong();
    }
    qint64 hwm() const { return number(u"SELECT hwm FROM agent"_s); }
    qint64 epoch() const { return number(u"SELECT epoch FROM agent"_s); }
    QString forkState() const
    {
        const auto rows = m_site->serverRows(u"SELECT COALESCE(fork_state, '-') FROM agent"_s);
        return rows.isEmpty() ? QString() : rows[0][0].toString();
    }

    /// Everything the agent has is at the server, and it is at rest.
    bool isDelivered() const
    {
        const auto progress = m_site->agentRows(u"SELECT acknowledged_seq, spooled_seq FROM progress"_s);
        return !progress.isEmpty() && progress[0][0].toLongLong() == hwm() && progress[0][0] == progress[0][1] && hwm() > 0;
    }

    QJsonObject shown() const
    {
        const Outcome outcome =
            run(u"platen-server"_s, {u"agent"_s, u"show"_s, u"Test site"_s, u"--json"_s, u"--data"_s, m_site->serverData()});
        return QJsonDocument::fromJson(outcome.out).object();
    }

    void restart()
    {
        m_site->stopAgent();
        m_site->startAgent();
    }

private slots:
    void init()
    {
        m_site = std::make_unique<Site>();
        QVERIFY2(m_site->startServer(), m_site->logs().constData());
        QVERIFY2(m_site->startFleet(200, 100'000), m_site->logs().constData());
        m_site->writeAgentSettings({{u"statusInterval"_s, u"1s"_s}, {u"discoveryInterval"_s, u"10s"_s}});
        const Outcome activated = m_site->activate(m_site->createPin());
        QVERIFY2(activated.exitCode == 0, activated.err.constData());
        m_site->startAgent();
        QVERIFY2(eventually([&] { return hwm() > 2; }, 30s), m_site->logs().constData());
    }
    void cleanup() { m_site.reset(); }

    void raisesTheAlarmAtTheFirstHelloOfAnAgentThatWasPutBack()
    {
        m_site->stopAgent();
        copyFolder(m_site->agentData(), m_site->path(u"yesterday"_s));
        const qint64 then = hwm();
        m_site->startAgent();
        QVERIFY2(eventually([&] { return hwm() > then + 2; }, 30s), m_site->logs().constData());
        m_site->stopAgent();
        QVERIFY(QDir(m_site->agentData()).removeRecursively());
        copyFolder(m_site->path(u"yesterday"_s), m_site->agentData());
        const qint64 stored = hwm();

        m_site->startAgent();
        QVERIFY2(eventually([&] { return forkState() == u"FORKED"; }, 30s), m_site->logs().constData());
        QTest::qWait(3000);
        QCOMPARE(hwm(), stored); // nothing of it was taken
        QCOMPARE(shown()[u"forks"].toInt(), 1);
        QCOMPARE(shown()[u"events"][0][u"kind"].toString(), u"fork"_s);
        const Outcome plain = run(u"platen-server"_s, {u"agent"_s, u"show"_s, u"Test site"_s, u"--data"_s, m_site->serverData()});
        QVERIFY2(plain.out.contains("REFUSED") && plain.out.contains("platen-server agent rekey"), plain.out.constData());

        const Outcome asked = run(u"platen-server"_s, {u"agent"_s, u"rekey"_s, u"Test site"_s, u"--data"_s, m_site->serverData()});
        QVERIFY2(asked.exitCode == 0, asked.err.constData());
        restart();
        QVERIFY2(eventually([&] { return epoch() == 2 && hwm() > stored + 2; }, 30s), m_site->logs().constData());
        QCOMPARE(forkState(), u"-"_s);
        QCOMPARE(number(u"SELECT count(*) FROM gap"_s), 0); // the numbers go on where they ended
        restart();
        const qint64 before = hwm();
        QVERIFY2(eventually([&] { return hwm() > before; }, 30s), m_site->logs().constData());
        QCOMPARE(shown()[u"forks"].toInt(), 1);
    }

    void raisesTheAlarmWhenACopyRunsBesideTheAgent()
    {
        m_site->stopAgent();
        const QString copy = m_site->path(u"copy"_s);
        copyFolder(m_site->agentData(), copy);
        QVERIFY(QFile::copy(wrappingKeyOf(m_site->agentData()), wrappingKeyOf(copy)));
        m_site->startAgent();
        const qint64 stored = hwm();
        QVERIFY2(eventually([&] { return hwm() > stored; }, 30s), m_site->logs().constData());
        {
            const Running copied(u"platen-agent"_s, {u"run"_s, u"--data"_s, copy}, m_site->path(u"copy.log"_s));
            QVERIFY2(eventually([&] { return forkState() == u"FORKED"; }, 10s), m_site->logs().constData());
        }
        QTest::qWait(1500);
        const qint64 refused = hwm();
        QTest::qWait(2500);
        QCOMPARE(hwm(), refused); // nor from the one that was there first: nobody can tell them apart
        QFile::remove(wrappingKeyOf(copy));

        QVERIFY(run(u"platen-server"_s, {u"agent"_s, u"rekey"_s, u"Test site"_s, u"--data"_s, m_site->serverData()}).exitCode == 0);
        restart(); // the copy is gone
        QVERIFY2(eventually([&] { return epoch() == 2 && hwm() > refused + 1; }, 30s), m_site->logs().constData());
        QCOMPARE(number(u"SELECT count(*) FROM gap"_s), 0);
    }

    void showsWhatAServerThatWasPutBackLost()
    {
        m_site->stopServer();
        copyFolder(m_site->serverData(), m_site->path(u"backup"_s));
        QVERIFY(m_site->startServer());
        const qint64 then = hwm();
        QVERIFY2(eventually([&] { return hwm() > then + 3; }, 30s), m_site->logs().constData());
        m_site->stopAgent();
        const qint64 known = m_site->agentRows(u"SELECT acknowledged_seq FROM progress"_s)[0][0].toLongLong();
        m_site->stopServer();
        QVERIFY(QDir(m_site->serverData()).removeRecursively());
        copyFolder(m_site->path(u"backup"_s), m_site->serverData());
        QVERIFY2(m_site->startServer(), m_site->logs().constData());

        m_site->startAgent();
        QVERIFY2(eventually([&] { return hwm() > known + 2; }, 30s), m_site->logs().constData());
        QCOMPARE(number(u"SELECT count(*) FROM gap"_s), 1);
        QCOMPARE(shown()[u"lost"].toInteger(), known - then); // no more and no less
        QVERIFY(shown()[u"gaps"][0][u"reason"].toString().contains(u"server was put back"_s));
        bool isTold = false;
        for (const QJsonValue& event : shown()[u"events"].toArray())
            isTold = isTold || event[u"kind"] == u"serverRestored"_s;
        QVERIFY(isTold);
        QCOMPARE(forkState(), u"-"_s);
    }

    /// SIGKILL at random moments of changes of the key: both always find one that they share, and nothing is lost or doubled.
    void changesKeysWhileBothAreKilled()
    {
        const quint32 seed = qEnvironmentVariableIsSet("PLATEN_SEED") ? qEnvironmentVariable("PLATEN_SEED").toUInt()
                                                                      : QRandomGenerator::system()->generate();
        qInfo() << "PLATEN_SEED" << seed;
        QRandomGenerator random(seed);
        const int kills = qEnvironmentVariable("PLATEN_KILLS", u"12"_s).toInt();
        for (int i = 0; i < kills; ++i) {
            QVERIFY(run(u"platen-server"_s, {u"agent"_s, u"rekey"_s, u"Test site"_s, u"--data"_s, m_site->serverData()}).exitCode == 0);
            m_site->agent().kill();
            m_site->startAgent();
            QTest::qWait(int(random.bounded(200u, 2500u)));
            if (random.bounded(2u)) {
                m_site->server().kill();
                QVERIFY2(m_site->startServer(), m_site->logs().constData());
            } else {
                m_site->agent().kill();
                m_site->startAgent();
            }
        }
        const qint64 stored = hwm();
        QVERIFY2(eventually([&] { return hwm() > stored + 2; }, 60s), m_site->logs().constData());
        m_site->stopFleet();
        QVERIFY2(eventually([&] { return isDelivered(); }, 60s), m_site->logs().constData());
        qInfo() << "the key is number" << epoch() << "after" << kills << "kills," << hwm() << "envelopes";
        QVERIFY(epoch() > 1);
        QCOMPARE(forkState(), u"-"_s);
        QCOMPARE(number(u"SELECT count(*) FROM gap"_s), 0);
        QCOMPARE(number(u"SELECT forks FROM agent"_s), 0);
    }
};

QTEST_GUILESS_MAIN(ForkTest)
#include "ForkTest.moc"
