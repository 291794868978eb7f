// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fleetsim/Drift.h>
#include <profiles/Identify.h>
#include <profiles/Interview.h>
#include <profiles/PrinterMib.h>
#include <snmp/Snmprec.h>
#include <testkit/Program.h>

#include <QDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace platen;
using namespace platen::profiles;

namespace {

const QHostAddress address(u"192.0.2.7"_s);

/// Reads `all` to the end, `most` objects an answer.
struct Talk {
    Result<model::Reading> reading = fail(ErrorCode::Internal, QString());
    Memory memory;
    int questions = 0;
};

Talk talk(const Catalogue& catalogue, const snmp::Answers& all, const ReadOptions& options = {}, qsizetype most = 1000, Precedents* precedents = nullptr)
{
    Talk talk;
    Interview interview(catalogue, address, options, precedents);
    while (const auto question = interview.next()) {
        interview.take(*question, answerFrom(all, *question).first(std::min(most, answerFrom(all, *question).size())));
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

    void readsTheSameFromADeviceThatAnswersLittle_data() { recordings(false); }
    void readsTheSameFromADeviceThatAnswersLittle()
    {
        QFETCH(snmp::Answers, answers);
        const Talk whole = talk(*m_catalogue, answers);
        const Talk little = talk(*m_catalogue, answers, {}, 5);
        QVERIFY(whole.reading && little.reading);
        QVERIFY2(*little.reading == *whole.reading, qPrintable(difference(*little.reading, *whole.reading)));
    }

    void takesWhatTheSweepHeard()
    {
        const snmp::Answers answers = printer();
        ReadOptions options;
        for (const snmp::Oid& object : sweepObjects())
            options.known += {object, answers.value(object)};
        Interview interview(*m_catalogue, address, options);
        const auto question = interview.next();
        QVERIFY(question && !question->isGet);
        QCOMPARE(talk(*m_catalogue, answers, options).questions, talk(*m_catalogue, answers).questions - 1);
    }

    void seesEveryChangeWhenItReadsAgain_data() { recordings(true); }
    void seesEveryChangeWhenItReadsAgain()
    {
        QFETCH(snmp::Answers, answers);
        Talk last = talk(*m_catalogue, answers);
        if (!last.reading)
            return;
        fleetsim::Drift drift(answers, 7);
        for (int step = 0; step < 12; ++step) {
            drift.step();
            ReadOptions options;
            options.memory = last.memory;
            last = talk(*m_catalogue, drift.objects(), options);
            const Talk whole = talk(*m_catalogue, drift.objects());
            QVERIFY2(*last.reading == *whole.reading, qPrintable(difference(*last.reading, *whole.reading)));
        }
    }

    void asksOnceWhenNothingChanged_data() { recordings(false); }
    void asksOnceWhenNothingChanged()
    {
        QFETCH(snmp::Answers, answers);
        ReadOptions options;
        options.memory = talk(*m_catalogue, answers).memory;
        QCOMPARE_LE(options.memory.toBytes().size(), 4096);
        const Talk again = talk(*m_catalogue, answers, options);
        QCOMPARE(again.questions, 1);
        QVERIFY(again.memory.toBytes().isSharedWith(options.memory.toBytes()));
    }

    void asksTheNextOfAKindTheSame()
    {
        Precedents precedents;
        const Talk alone = talk(*m_catalogue, printer());
        snmp::Answers next = printer();
        next[mib::prtGeneralSerialNumber + 1] = snmp::Value::text("JPBXB99921");
        for (const snmp::Answers& answers : {printer(), next}) {
            const Talk guided = talk(*m_catalogue, answers, {}, 1000, &precedents);
            QCOMPARE(guided.questions, alone.questions);
            QCOMPARE(*guided.reading, *talk(*m_catalogue, answers).reading);
        }
    }

    /// Whatever was asked of whom: a device that says the same of itself is read as if it were the only one.
    void readsTheSameWhateverWasAskedBefore_data() { recordings(true); }
    void readsTheSameWhateverWasAskedBefore()
    {
        QFETCH(snmp::Answers, answers);
        const snmp::Answers self = printer();
        for (const snmp::Oid& object : sweepObjects()) { // in the other's words
            if (self.contains(object))
                answers[object] = self[object];
            else
                answers.remove(object);
        }
        const Talk alone = talk(*m_catalogue, answers);
        Precedents precedents;
        for (const snmp::Answers& each : {self, answers, self, answers})
            QVERIFY(talk(*m_catalogue, each, {}, 1000, &precedents).reading.has_value());
        const Talk guided = talk(*m_catalogue, answers, {}, 1000, &precedents);
        QVERIFY2(*guided.reading == *alone.reading, qPrintable(difference(*guided.reading, *alone.reading)));
    }

    void noticesAnotherDeviceInItsPlace()
    {
        ReadOptions options;
        options.memory = talk(*m_catalogue, printer()).memory;
        snmp::Answers other = printer();
        other[mib::prtGeneralSerialNumber + 1] = snmp::Value::text("JPBXB99921");
        other[mib::sysLocation] = snmp::Value::text("Elsewhere");
        const Talk again = talk(*m_catalogue, other, options);
        QCOMPARE(again.reading->identity.serialNumber, u"JPBXB99921"_s);
        QCOMPARE(again.reading->identity.location, u"Elsewhere"_s);
    }

    void noticesAnotherDeviceThatHasNoSerialNumberEither()
    {
        snmp::Answers before = printer();
        for (const snmp::Oid& serial : {mib::prtGeneralSerialNumber + 1, snmp::Oid{1, 3, 6, 1, 4, 1, 11, 2, 3, 9, 4, 2, 1, 1, 3, 3, 0}, mib::npDeviceId})
            before.remove(serial);
        before[mib::sysDescr] = snmp::Value::text("HP ETHERNET MULTI-ENVIRONMENT");
        ReadOptions options;
        const Talk first = talk(*m_catalogue, before);
        QCOMPARE(first.reading->identity.serialNumber, QString());
        options.memory = first.memory;
        snmp::Answers after = before;
        after[mib::ifPhysAddress + 2] = snmp::Value::text(QByteArray::fromHex("00005e005399")); // 1 is the loopback
        after[mib::sysLocation] = snmp::Value::text("Elsewhere");
        QCOMPARE(talk(*m_catalogue, after, options).reading->identity.location, u"Elsewhere"_s);
    }

    void noticesACartridgeOfAnotherSize()
    {
        const auto supply = [](const snmp::Oid& column) { return column + 1 + 1; };
        snmp::Answers before = printer(), after = printer();
        before[supply(mib::prtMarkerSuppliesLevel)] = snmp::Value::integer(3);
        after[supply(mib::prtMarkerSuppliesLevel)] = snmp::Value::integer(20'000);
        after[supply(mib::prtMarkerSuppliesMaxCapacity)] = snmp::Value::integer(20'000);
        after[supply(mib::prtMarkerSuppliesDescription)] = snmp::Value::text("Toner, high yield");
        ReadOptions options;
        options.memory = talk(*m_catalogue, before).memory;
        const Talk again = talk(*m_catalogue, after, options);
        QCOMPARE(again.questions, 2);
        QCOMPARE(*again.reading, *talk(*m_catalogue, after).reading);
    }

    void noticesAnAlertUnderAnOldNumber()
    {
        snmp::Answers before = printer(), after = printer();
        const snmp::Oid row{1, 4};
        for (snmp::Answers* answers : {&before, &after}) {
            for (const snmp::Oid& column : {mib::prtAlertSeverityLevel, mib::prtAlertGroup, mib::prtAlertGroupIndex, mib::prtAlertLocation, mib::prtAlertCode})
                answers->insert(column + row, snmp::Value::integer(3));
        }
        after[mib::prtAlertCode + row] = snmp::Value::integer(8);
        ReadOptions options;
        options.memory = talk(*m_catalogue, before).memory;
        QCOMPARE(*talk(*m_catalogue, after, options).reading, *talk(*m_catalogue, after).reading);
    }

    void readsAllWhenTheMemoryIsOfNoUse()
    {
        const Talk first = talk(*m_catalogue, printer());
        ReadOptions options;
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"qUncompress"_s));
        for (const QByteArray& bytes : {QByteArray("rubbish"), QByteArray(20'000, 'x'), first.memory.toBytes().first(40), '\x7f' + first.memory.toBytes().sliced(1)}) {
            options.memory = Memory::fromBytes(bytes);
            const Talk again = talk(*m_catalogue, printer(), options);
            QCOMPARE(again.questions, first.questions);
            QCOMPARE(*again.reading, *first.reading);
        }
        options.memory = first.memory;
        options.full = true;
        QCOMPARE(talk(*m_catalogue, printer(), options).questions, first.questions);
    }

    void notesSourcesWhenItReadsAgain()
    {
        ReadOptions options;
        options.sources = true;
        const Talk first = talk(*m_catalogue, printer(), options);
        options.memory = first.memory;
        const Talk again = talk(*m_catalogue, printer(), options);
        QVERIFY(again.reading->sources.contains(u"identity.serialNumber"_s));
        QCOMPARE(again.reading->sources, first.reading->sources);
    }

    void asksForNoHostName_data() { recordings(false); }
    void asksForNoHostName()
    {
        QFETCH(snmp::Answers, answers);
        answers[mib::sysName] = snmp::Value::text("copier-5");
        Interview interview(*m_catalogue, address, {});
        while (const auto question = interview.next()) {
            const snmp::VarBinds answer = answerFrom(answers, *question);
            QVERIFY(!question->bulk.oids.contains(mib::sysName));
            QVERIFY(std::ranges::none_of(answer, [](const snmp::VarBind& each) { return each.oid == mib::sysName; }));
            interview.take(*question, answer);
        }
        QVERIFY(!interview.reading({})->misc.contains(hostNameKey));
        QVERIFY(!interpret(*m_catalogue, answers, {address, {}, false})->misc.contains(hostNameKey));
    }

    void readsTheHostNameWhenTold()
    {
        snmp::Answers answers = printer();
        answers[mib::sysName] = snmp::Value::text("copier-5");
        ReadOptions options;
        options.memory = talk(*m_catalogue, answers).memory; // of a reading without
        options.hostName = true;
        const Talk first = talk(*m_catalogue, answers, options);
        QCOMPARE(first.reading->misc[hostNameKey], u"copier-5"_s);
        options.memory = first.memory;
        const Talk again = talk(*m_catalogue, answers, options);
        QCOMPARE(again.questions, 1);
        QCOMPARE(*again.reading, *first.reading);
        options.hostName = false;
        QVERIFY(!talk(*m_catalogue, answers, options).reading->misc.contains(hostNameKey));
    }

    void endsWithADeviceThatNeverDoes()
    {
        Interview interview(*m_catalogue, address, {});
        int questions = 0;
        for (auto question = interview.next(); question; question = interview.next(), ++questions) {
            snmp::VarBinds answer;
            for (const snmp::Oid& oid : question->bulk.oids) {
                for (int row = 0; row < (question->isGet ? 1 : question->bulk.maxRepetitions); ++row)
                    answer += {question->isGet ? oid : oid + static_cast<quint32>(row + 1), snmp::Value::integer(row)};
            }
            interview.take(*question, answer);
        }
        QCOMPARE_LE(questions, 60);
        QVERIFY(interview.reading({}).has_value());
    }

private:
    static snmp::Answers printer()
    {
        QFile file(QStringLiteral(PLATEN_SOURCE_DIR "/tests/fixtures/walks/hp-laserjet-pro-m404dn.snmprec"));
        return file.open(QIODevice::ReadOnly) ? snmp::parseSnmprec(file.readAll()).value_or(snmp::Answers()) : snmp::Answers();
    }

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

PLATEN_TEST(InterviewTest)
#include "InterviewTest.moc"
