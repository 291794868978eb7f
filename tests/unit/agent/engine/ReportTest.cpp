// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <agent/engine/Report.h>
#include <testkit/Program.h>

#include <QTemporaryDir>
#include <QTest>

using namespace platen;
using namespace Qt::StringLiterals;
using agent::Report;

class ReportTest : public QObject {
    Q_OBJECT

private slots:
    void isReadAsItWasWritten()
    {
        QTemporaryDir folder;
        Report report;
        report.agentId = u"00ff"_s;
        report.server = u"https://platen.example:8443"_s;
        report.connection = u"connected"_s;
        report.connectedAt = fromMs(1'764'000'000'123);
        report.devices = 17;
        QVERIFY(report.write(folder.filePath(u"status.json"_s)));
        const auto again = Report::read(folder.filePath(u"status.json"_s));
        QVERIFY(again);
        QCOMPARE(again->toJson(), report.toJson());
        QVERIFY(report.toJson()[u"reason"_s].isNull());
        QVERIFY(report.toJson()[u"readAt"_s].isNull());
    }

    void saysWhatIsWrong()
    {
        Report report;
        report.isRunning = true;
        report.connection = u"waiting"_s;
        report.reason = u"nobody listens there"_s;
        report.problem = u"no network"_s;
        QVERIFY(report.toText().contains(u"waiting: nobody listens there"_s));
        QVERIFY(report.toText().contains(u"no network"_s));
    }

    void saysByWhichTransportAndWhyNotByABetterOne()
    {
        Report report;
        report.isRunning = true;
        report.connection = u"connected"_s;
        report.transport = u"long polling"_s;
        report.connectedAt = report.transportSince = fromMs(1'764'000'000'000);
        report.notBetter = {u"WebSocket: no upgrade."_s, u"server-sent events: held back."_s};
        const Report again = Report::fromJson(report.toJson());
        QCOMPARE(again.notBetter, report.notBetter);
        QCOMPARE(again.transportSince, report.transportSince);
        const QString text = report.toText();
        QVERIFY2(text.contains(u"connected by long polling since 2025-11-24"_s), qPrintable(text));
        QVERIFY2(text.contains(u"\nNot by        WebSocket: no upgrade.\nNot by        server-sent events: held back.\n"_s), qPrintable(text));
        report.isRunning = false;
        QVERIFY(!report.toText().contains(u"Not by"_s));
    }

    void tellsAnOperatorWhatToDo()
    {
        Report report;
        report.waitingEnvelopes = 12;
        report.spooledSeq = 30;
        report.waitingBytes = 3 << 20;
        report.spoolLimitBytes = 512 << 20;
        report.oldestWaitingAt = fromMs(1'764'000'000'000);
        QVERIFY2(report.toText().contains(u"12 of 30 envelopes, 3.00 MiB of 512.00 MiB"_s), qPrintable(report.toText()));
        QVERIFY(report.toText().contains(u"Oldest        2025-11-24"_s));
        for (const QString& quiet : {u"Thinned"_s, u"Lost"_s, u"Damaged"_s, u"Disk"_s, u"Not stored"_s, u"Kept back"_s})
            QVERIFY2(!report.toText().contains(quiet), qPrintable(quiet));
        report.thinnedEnvelopes = 400;
        report.lostEnvelopes = 2;
        report.quarantinedFiles = 3;
        report.freeBytes = 1000;
        report.spoolProblem = u"the disk of /x is full: make room, the agent goes on by itself"_s;
        const QString text = report.toText();
        QVERIFY(text.contains(u"400 envelopes since the start"_s));
        QVERIFY(text.contains(u"the server was told"_s));
        QVERIFY(text.contains(u"3 files in spool/quarantine: check the disk"_s));
        QVERIFY(text.contains(u"make room"_s));
        QVERIFY(text.contains(u"the disk of /x is full"_s));
    }

    void knowsADamagedFile()
    {
        QTemporaryDir folder;
        QCOMPARE(Report::read(folder.filePath(u"none"_s)).error().code, ErrorCode::NotFound);
        QFile file(folder.filePath(u"status.json"_s));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("{\"agent") > 0);
        file.close();
        QCOMPARE(Report::read(file.fileName()).error().code, ErrorCode::Malformed);
    }
};

PLATEN_TEST(ReportTest)
#include "ReportTest.moc"
