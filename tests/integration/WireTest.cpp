// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <integration/Site.h>

#include <testkit/Wait.h>

#include <QtTest>

using namespace platen::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// What someone on the network sees of a submission over plain HTTP: that there is one, and nothing of what is in it.
class WireTest : public QObject {
    Q_OBJECT

private slots:
    void showsNoDeviceValueOverPlainHttp()
    {
        Site site(u"http"_s);
        QVERIFY2(site.startServer(), site.logs().constData());
        QVERIFY2(site.startFleet(), site.logs().constData());
        site.writeAgentSettings({{u"statusInterval"_s, u"1s"_s}});

        const QString capture = site.path(u"capture"_s);
        QProcess tcpdump;
        tcpdump.start(u"tcpdump"_s, {u"-i"_s, u"lo"_s, u"-U"_s, u"--immediate-mode"_s, u"-Z"_s, u"root"_s, u"-w"_s, capture, u"tcp"_s, u"port"_s, QString::number(site.plainPort())});
        if (!tcpdump.waitForStarted() || !eventually([&] { return QFileInfo(capture).size() > 0 || tcpdump.state() == QProcess::NotRunning; }) || tcpdump.state() == QProcess::NotRunning)
            QSKIP("capturing needs tcpdump and root");

        const QString pin = site.createPin();
        const Outcome activated = site.activate(pin);
        QVERIFY2(activated.exitCode == 0, activated.err.constData());
        site.startAgent();
        QVERIFY2(eventually([&] { return site.serverRows(u"SELECT id FROM device"_s).size() == site.fleetSize(); }, 60s), site.logs().constData());
        site.stopAgent();
        // The site's journal has every envelope that left: HELLO (2), READY (10), then readings (1).
        const auto journal = site.agentRows(u"SELECT DISTINCT type FROM journal WHERE size > 0 ORDER BY type"_s);
        QCOMPARE(journal, (QList<QVariantList>{{1}, {2}, {10}}));
        tcpdump.terminate();
        tcpdump.waitForFinished();

        QFile file(capture);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray seen = file.readAll();
        QVERIFY(seen.contains("/a/v2/socket")); // it is our traffic
        QVERIFY(seen.contains("PLE2"));         // and envelopes are in it
        QVERIFY(!seen.contains(pin.toUtf8()) && !seen.contains(QString(pin).remove(u'-').toUtf8()));
        int compared = 0;
        for (const QVariantList& row : site.serverRows(u"SELECT serial, model, location, manufacturer FROM device"_s))
            for (const QVariant& value : row) {
                const QByteArray text = value.toString().toUtf8();
                if (text.size() < 4)
                    continue;
                QVERIFY2(!seen.contains(text), text.constData());
                ++compared;
            }
        QVERIFY(compared > 2 * site.fleetSize());
    }
};

QTEST_GUILESS_MAIN(WireTest)
#include "WireTest.moc"
