// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <integration/Site.h>

#include <testkit/Wait.h>

#include <QDir>
#include <QJsonDocument>
#include <QtTest>

using namespace platen::test;
using namespace Qt::StringLiterals;

namespace {

/// What does not say when and where.
QJsonObject timeless(QJsonObject reading)
{
    for (const QString& key : {u"takenAt"_s, u"address"_s, u"sources"_s})
        reading.remove(key);
    return reading;
}

} // namespace

/// A walk is a recording: served by the simulator it is read as the printer was.
class WalkTest : public QObject {
    Q_OBJECT

private slots:
    void recordsWhatCanBeServed()
    {
        Site site;
        QVERIFY2(site.startFleet(), site.logs().constData());
        const QJsonArray printers = site.collectDirectly();
        QVERIFY(printers.size() == site.fleetSize());
        const QDir recordings(site.path(u"recordings"_s));
        QVERIFY(QDir().mkpath(recordings.path()));
        int number = 0;
        for (const QJsonValue& printer : printers) { // the nth recording by name is the nth address
            const QString file = recordings.filePath(u"%1.snmprec"_s.arg(++number, 2, 10, QLatin1Char('0')));
            const Outcome walked = run(u"platen-agent"_s,
                {u"walk"_s, printer[u"address"].toString(), u"--port"_s, QString::number(site.fleetPort()), u"--out"_s, file});
            QVERIFY2(walked.exitCode == 0, walked.err.constData());
        }

        site.stopFleet(); // the copies have its port
        const QString port = QString::number(site.fleetPort());
        const QString map = site.path(u"copies.tsv"_s);
        const Running copies(u"platen-fleetsim"_s,
            {u"serve"_s, recordings.path(), u"--net"_s, u"127.0.4.0/24"_s, u"--port"_s, port, u"--map"_s, map}, site.path(u"fleet.log"_s));
        QVERIFY2(eventually([&] { return QFile::exists(map); }), site.logs().constData());
        const Outcome collected = run(u"platen-agent"_s,
            {u"collect"_s, u"--range"_s, u"127.0.4.1-127.0.4.%1"_s.arg(number), u"--port"_s, port, u"--json"_s});
        QVERIFY2(collected.exitCode == 0, collected.err.constData());
        const QJsonArray read = QJsonDocument::fromJson(collected.out).array();
        QCOMPARE(read.size(), printers.size());
        for (qsizetype i = 0; i < read.size(); ++i) {
            QJsonObject original = timeless(printers[i].toObject()), copy = timeless(read[i].toObject());
            QCOMPARE(copy, original);
        }
    }

    void keepsWhatWasReadWhenItIsStopped()
    {
        Site site;
        QVERIFY2(site.startFleet(0, 0, {u"--delay"_s, u"50"_s}), site.logs().constData());
        const QString file = site.path(u"part.snmprec"_s);
        Running walk(u"platen-agent"_s,
            {u"walk"_s, site.addresses().first(), u"--port"_s, QString::number(site.fleetPort()), u"--out"_s, file}, site.path(u"walk.log"_s));
        QTest::qWait(400); // some of its answers, not all of them
        QCOMPARE(walk.terminate(), 130);
        QFile kept(file);
        QVERIFY(kept.open(QIODevice::ReadOnly));
        QVERIFY(kept.readAll().startsWith("1.3.6.1.2.1.1.1.0|"));
    }
};

QTEST_GUILESS_MAIN(WalkTest)
#include "WalkTest.moc"
