// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <integration/Site.h>

#include <crypto/Crypto.h>
#include <server/store/AgentStore.h>
#include <server/store/Installation.h>
#include <testkit/Wait.h>

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QRandomGenerator>
#include <QTest>

using namespace platen;
using namespace platen::test;
using namespace Qt::StringLiterals;

namespace {

/// PLATEN_KEK_AGENTS=100000 and PLATEN_KEK_KILLS=200 are the full count.
int setting(const char* name, int standard) { return qEnvironmentVariableIsSet(name) ? qEnvironmentVariableIntValue(name) : standard; }

} // namespace

/// `platen-server kek rotate` on a database with many agents, killed at random moments.
class KekTest : public QObject {
    Q_OBJECT

    std::unique_ptr<Site> m_site;

    QStringList arguments(const QStringList& command) const { return command + QStringList{u"--data"_s, m_site->serverData()}; }
    Outcome rotate() const { return run(u"platen-server"_s, arguments({u"kek"_s, u"rotate"_s})); }
    QByteArray kek() const
    {
        QFile file(m_site->serverData() + u"/kek"_s);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    /// How many agents' keys open under the key on disk.
    int opened() const
    {
        const auto key = crypto::KeyEncryptionKey::load(m_site->serverData() + u"/kek"_s);
        int count = 0;
        for (const QVariantList& row : m_site->serverRows(u"SELECT id, root_key FROM agent"_s)) {
            const QByteArray id = row[0].toByteArray();
            count += key && key->open(row[1].toByteArray(), "agent", "root_key", id) == Result<QByteArray>(id + id);
        }
        return count;
    }

private slots:
    void initTestCase()
    {
        QVERIFY(crypto::start());
        m_site = std::make_unique<Site>();
        QVERIFY2(m_site->startServer(), m_site->logs().constData());
    }
    void cleanupTestCase() { m_site.reset(); }

    void isRefusedWhileTheServerRuns()
    {
        const QByteArray before = kek();
        const Outcome refused = rotate();
        QCOMPARE(refused.exitCode, 1);
        QVERIFY2(refused.saysInOneSentence({u"stop it"_s}), refused.err.constData());
        QCOMPARE(kek(), before);
        m_site->stopServer();
    }

    void survivesBeingKilledAtAnyMoment()
    {
        const int agents = setting("PLATEN_KEK_AGENTS", 5'000), kills = setting("PLATEN_KEK_KILLS", 20);
        {
            storage::Database database({.name = m_site->serverData() + u"/platen.sqlite"_s});
            QVERIFY(wait(database.open()));
            const auto key = *crypto::KeyEncryptionKey::load(m_site->serverData() + u"/kek"_s);
            QVERIFY(wait(database.write([=](QSqlDatabase db) -> Status {
                for (int i = 0; i < agents; ++i) {
                    store::NewAgent agent;
                    agent.id = crypto::randomBytes(16);
                    agent.name = u"Agent %1"_s.arg(i);
                    agent.root = Secret(agent.id + agent.id);
                    if (const Status added = store::AgentStore::addPending(db, key, agent, fromMs(0)); !added)
                        return added;
                }
                return {};
            }),
                std::chrono::minutes(5)));
        }
        const QByteArray first = kek();
        QElapsedTimer time;
        time.start();
        const Outcome done = rotate();
        QVERIFY2(done.exitCode == 0, done.err.constData());
        const qint64 needed = time.elapsed();
        QVERIFY(kek() != first);
        QCOMPARE(opened(), agents);
        QCOMPARE(QFile::permissions(m_site->serverData() + u"/kek"_s) & ~(QFile::ReadUser | QFile::WriteUser | QFile::ExeUser), QFile::ReadOwner);

        int changed = 0;
        for (int i = 0; i < kills; ++i) {
            const QByteArray before = kek();
            QProcess process;
            process.start(programPath(u"platen-server"_s), arguments({u"kek"_s, u"rotate"_s}));
            process.waitForFinished(int(QRandomGenerator::global()->bounded(needed * 3 / 2 + 1))); // some come to their end
            process.kill();
            process.waitForFinished();
            const Outcome listed = run(u"platen-server"_s, arguments({u"pin"_s, u"list"_s})); // opens the folder
            QVERIFY2(listed.exitCode == 0, listed.err.constData());
            QCOMPARE(opened(), agents);
            changed += kek() != before;
        }
        QVERIFY2(rotate().exitCode == 0, "the last one, to its end");
        QCOMPARE(opened(), agents);
        QVERIFY(!QFile::exists(m_site->serverData() + u"/kek.next"_s));
        qInfo() << agents << "agents in" << needed << "ms; killed" << kills << "times, of which" << changed << "had changed the key";
        QVERIFY(m_site->startServer());
    }

    void isFoundWhereverItIs()
    {
        m_site->stopServer();
        const QString elsewhere = m_site->path(u"elsewhere"_s), credentials = m_site->path(u"credentials"_s);
        QVERIFY(QDir().mkpath(credentials));
        QVERIFY(QFile::rename(m_site->serverData() + u"/kek"_s, elsewhere));
        const QStringList list = arguments({u"pin"_s, u"list"_s});
        QVERIFY(run(u"platen-server"_s, list).saysInOneSentence({u"missing"_s}));
        qputenv("PLATEN_KEK", elsewhere.toUtf8());
        QCOMPARE(run(u"platen-server"_s, list).exitCode, 0);
        qunsetenv("PLATEN_KEK");
        QVERIFY(QFile::rename(elsewhere, credentials + u"/platen-server.kek"_s));
        qputenv("CREDENTIALS_DIRECTORY", credentials.toUtf8());
        QCOMPARE(run(u"platen-server"_s, list).exitCode, 0);
        QVERIFY(rotate().saysInOneSentence({u"systemd"_s}));
        QVERIFY(QFile::setPermissions(credentials + u"/platen-server.kek"_s, QFile::ReadOwner | QFile::ReadOther));
        QVERIFY(run(u"platen-server"_s, list).saysInOneSentence({u"chmod 0400"_s}));
        qunsetenv("CREDENTIALS_DIRECTORY");
    }
};

QTEST_GUILESS_MAIN(KekTest)
#include "KekTest.moc"
