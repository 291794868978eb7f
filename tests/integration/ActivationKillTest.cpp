// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <integration/Site.h>

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QRandomGenerator>
#include <QTest>

using namespace platen::test;
using namespace Qt::StringLiterals;

/// SIGKILL at random moments of an activation, of the agent or of the server: afterwards the agent has a key that the server takes, or
/// the PIN still activates it.
class ActivationKillTest : public QObject {
    Q_OBJECT

    std::unique_ptr<Site> m_site;

    QStringList activation(const QString& pin) const
    {
        return {u"activate"_s, u"--data"_s, m_site->agentData(), u"--server"_s, u"https://127.0.0.1:%1"_s.arg(m_site->port()), u"--pin"_s, pin};
    }

    /// The server proves that it knows the key; with it both are ready for the next round.
    Outcome leave() const { return run(u"platen-agent"_s, {u"deactivate"_s, u"--data"_s, m_site->agentData()}); }

private slots:
    void leavesAKeyOrThePin()
    {
        const int kills = qEnvironmentVariableIsSet("PLATEN_ACTIVATION_KILLS") ? qEnvironmentVariableIntValue("PLATEN_ACTIVATION_KILLS") : 5;
        m_site = std::make_unique<Site>();
        qputenv("XDG_CONFIG_HOME", m_site->path(u"config"_s).toUtf8());
        QVERIFY2(m_site->startServer(), m_site->logs().constData());
        QElapsedTimer time;
        time.start();
        QVERIFY(run(u"platen-agent"_s, activation(m_site->createPin())).exitCode == 0);
        const qint64 needed = time.elapsed();
        QCOMPARE(leave().exitCode, 0);

        int withKey = 0, withPin = 0;
        for (int i = 0; i < kills; ++i) {
            const QString pin = m_site->createPin();
            QProcess agent;
            agent.start(programPath(u"platen-agent"_s), activation(pin));
            const bool isAgent = i % 3 != 0;
            agent.waitForFinished(int(QRandomGenerator::global()->bounded(needed + 50)));
            if (isAgent)
                agent.kill();
            else
                m_site->server().kill();
            agent.waitForFinished(60'000);
            if (!isAgent)
                QVERIFY2(m_site->startServer(), m_site->logs().constData());
            const bool hasKey = QFile::exists(m_site->agentData() + u"/agent.key"_s);
            ++(hasKey ? withKey : withPin);
            if (!hasKey) {
                const Outcome again = run(u"platen-agent"_s, activation(pin));
                QVERIFY2(again.exitCode == 0, again.err.constData());
            }
            const Outcome left = leave();
            QVERIFY2(left.exitCode == 0 && left.out.contains("destroyed the key as well"), (left.out + left.err).constData());
            if (!hasKey) // it was used once, and no more
                QVERIFY(run(u"platen-agent"_s, activation(pin)).exitCode != 0);
        }
        qInfo() << "killed" << kills << "times: had a key" << withKey << "times, still the PIN" << withPin << "times";
    }
};

QTEST_GUILESS_MAIN(ActivationKillTest)
#include "ActivationKillTest.moc"
