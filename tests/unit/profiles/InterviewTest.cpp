// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <profiles/Interview.h>
#include <profiles/PrinterMib.h>
#include <snmp/Snmprec.h>

#include <QDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace platen;
using namespace platen::profiles;

namespace {

const QHostAddress address(u"192.0.2.7"_s);

/// Reads `all` to the end; how many questions it took, and the bytes of objects and values of the longest answer.
struct Talk {
    Result<model::Reading> reading = fail(ErrorCode::Internal, QString());
    Memory memory;
    int questions = 0;
};

Talk talk(const Catalogue& catalogue, const snmp::Answers& all, const ReadOptions& options = {})
{
    Talk talk;
    Interview interview(catalogue, address, options);
    while (const auto question = interview.next()) {
        interview.take(*question, answerFrom(all, *question));
        ++talk.questions;
    }
    talk.reading = interview.reading({});
    talk.memory = interview.memory();
    return talk;
}

QString difference(const model::Reading& one, const model::Reading& other)
{
    QStringList parts;
    if (one.identity != other.identity)
        parts += u"identity"_s;
    if (one.status != other.status)
        parts += u"status"_s;
    if (one.meters != other.meters)
        parts += u"meters"_s;
    if (one.supplies != other.supplies)
        parts += u"supplies"_s;
    if (one.alerts != other.alerts)
        parts += u"alerts"_s;
    if (one.misc != other.misc)
        parts += u"misc"_s;
    return parts.join(u' ');
}

} // namespace

class InterviewTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        auto catalogue = Catalogue::builtIn();
        QVERIFY2(catalogue, qPrintable(catalogue ? QString() : catalogue.error().detail));
        m_catalogue = *catalogue;
    }

    void asksForAllThatCounts_data() { recordings(true); }
    void asksForAllThatCounts()
    {
        QFETCH(snmp::Answers, answers);
        const auto whole = interpret(*m_catalogue, answers, {address, {}, false}); // as if all of the device had been read
        const Talk asked = talk(*m_catalogue, answers);
        QCOMPARE(asked.reading.has_value(), whole.has_value());
        if (whole)
            QVERIFY2(*asked.reading == *whole, qPrintable(difference(*asked.reading, *whole)));
    }

private:
    /// Our own recordings; `foreign`: those beside the repository too.
    static void recordings(bool foreign)
    {
        QTest::addColumn<snmp::Answers>("answers");
        for (const QString& path : {u"/tests/fixtures/walks"_s, u"/../shared/corpus/dev"_s}) {
            if (path.contains(u"corpus") && !foreign)
                continue;
            const QDir folder(QStringLiteral(PLATEN_SOURCE_DIR) + path);
            for (const QFileInfo& info : folder.entryInfoList({u"*.snmprec"_s}, QDir::Files, QDir::Name)) {
                QFile file(info.filePath());
                QVERIFY(file.open(QIODevice::ReadOnly));
                const auto answers = snmp::parseSnmprec(file.readAll());
                QVERIFY(answers);
                QTest::newRow(qPrintable(info.completeBaseName())) << *answers;
            }
        }
    }

    std::shared_ptr<const Catalogue> m_catalogue;
};

QTEST_GUILESS_MAIN(InterviewTest)
#include "InterviewTest.moc"
