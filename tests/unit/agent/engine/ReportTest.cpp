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
