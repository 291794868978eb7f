// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <profiles/Reader.h>
#include <protocol/ReadingCodec.h>
#include <snmp/Snmprec.h>
#include <testkit/Program.h>

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace platen;

/// Reads every recording of the shared corpus (beside the repository) without a network. With PLATEN_READINGS_OUT=FOLDER it
/// writes what it read: `FOLDER/dev.hosts.tsv` and `FOLDER/dev.json`, the same for `negative`, as the corpus's check.py wants.
class CorpusTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        m_corpus = QDir(QStringLiteral(PLATEN_SOURCE_DIR "/../shared/corpus")).absolutePath();
        if (!QDir(m_corpus).exists())
            QSKIP("there is no corpus of recordings beside this repository");
        auto catalogue = profiles::Catalogue::builtIn();
        QVERIFY2(catalogue, qPrintable(catalogue ? QString() : catalogue.error().detail));
        m_catalogue = *catalogue;
    }

    void readsNoneOfTheDevicesThatAreNoPrinters()
    {
        for (const QFileInfo& file : recordings(u"negative"_s))
            QVERIFY2(!read(file), qPrintable(file.baseName()));
        write(u"negative"_s);
    }

    void readsEveryPrinterWithAMaker()
    {
        const QStringList nameless{u"hp-officejet-8600"_s, u"hp-designjet-z5200"_s}; // excerpts that name no maker
        for (const QFileInfo& file : recordings(u"dev"_s)) {
            const auto reading = read(file);
            QVERIFY2(reading, qPrintable(file.baseName()));
            QVERIFY2(nameless.contains(file.baseName()) || !reading->identity.manufacturer.isEmpty(),
                qPrintable(file.baseName()));
        }
        write(u"dev"_s);
    }

    /// Rows of printers of which nothing but sysDescr and what it should tell is public.
    void tellsMakersModelsAndSerialNumbersByTheirDescription()
    {
        QFile file(m_corpus + u"/dev/identify.tsv"_s);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QStringList mistakes;
        const QList<QByteArray> lines = file.readAll().split('\n');
        for (const QByteArray& line : lines.mid(1)) {
            const QStringList row = QString::fromUtf8(line).split(u'\t');
            if (row.size() < 5)
                continue;
            using Type = snmp::Value::Type;
            const snmp::Answers answers{
                {snmp::Oid{1, 3, 6, 1, 2, 1, 1, 1, 0}, {Type::OctetString, 0, row[1].toUtf8(), {}}},
                {snmp::Oid{1, 3, 6, 1, 2, 1, 43, 10, 2, 1, 4, 1, 1}, {Type::Counter32, 1, {}, {}}}};
            const auto reading = profiles::interpret(*m_catalogue, answers, {});
            QVERIFY(reading);
            const model::Identity& got = reading->identity;
            const bool isDell = row[1].startsWith("Dell"_L1); // made by the maker that is asserted, sold by Dell
            const bool sameMaker = row[2].isEmpty() || isDell || row[2].contains(got.manufacturer, Qt::CaseInsensitive)
                || (row[2] == "Hewlett-Packard"_L1 && got.manufacturer == "HP"_L1)
                || got.manufacturer.startsWith(row[2]);
            if (!sameMaker || got.manufacturer.isEmpty())
                mistakes += u"%1: maker %2, not %3"_s.arg(row[0], got.manufacturer, row[2]);
            const QString model = QString(row[3]).remove(row[2] + u' ', Qt::CaseInsensitive).remove(u"HP "_s);
            if (row[1].contains(model) && !model.isEmpty() && !isDell && !got.model.startsWith(model))
                mistakes += u"%1: model %2, not %3"_s.arg(row[0], got.model, model);
            if (!row[4].isEmpty() && row[1].contains(row[4]) && got.serialNumber != row[4])
                mistakes += u"%1: serial number %2, not %3"_s.arg(row[0], got.serialNumber, row[4]);
        }
        QVERIFY2(mistakes.isEmpty(), qPrintable(u'\n' + mistakes.join(u'\n')));
    }

    /// Other models and firmware lack what these have: then less is said, but nothing else.
    void saysLessButNothingElseWhenAnObjectIsMissing()
    {
        const QStringList objects{u"1.3.6.1.2.1.1.1"_s, u"1.3.6.1.2.1.1.2"_s, u"1.3.6.1.2.1.25.3.2.1.2"_s,
            u"1.3.6.1.2.1.25.3.2.1.3"_s, u"1.3.6.1.2.1.43.5.1.1.17"_s, u"1.3.6.1.4.1.2699"_s,
            u"1.3.6.1.4.1.11.2.3.9.1.1.7"_s, u"1.3.6.1.2.1.43"_s};
        QStringList mistakes;
        for (const QFileInfo& file : recordings(u"dev"_s)) {
            const auto all = contents(file);
            QVERIFY(all);
            const auto whole = read(*all);
            QVERIFY(whole);
            for (const QString& object : objects) {
                snmp::Answers less = *all;
                const snmp::Oid root = *snmp::Oid::parse(object);
                less.removeIf([&](const auto& answer) { return answer.key().startsWith(root); });
                const auto reading = read(less);
                if (!reading)
                    continue;
                const model::Identity &was = whole->identity, &is = reading->identity;
                const auto note = [&](const QString& what, const QString& before, const QString& now) {
                    mistakes +=
                        u"%1 without %2: %3 %4, not %5"_s.arg(file.completeBaseName(), object, what, now, before);
                };
                const bool saysBrand = object != "1.3.6.1.2.1.1.1"_L1; // many brands share a manufacturer's numbers
                if (saysBrand && !is.manufacturer.isEmpty() && is.manufacturer != was.manufacturer)
                    note(u"maker"_s, was.manufacturer, is.manufacturer);
                const bool isAlike = was.model.contains(is.model, Qt::CaseInsensitive)
                    || is.model.contains(was.model, Qt::CaseInsensitive)
                    || was.model.left(4) == is.model.left(4); // "M4080FX" of the "M408x Series"
                if (!is.model.isEmpty() && !isAlike)
                    note(u"model"_s, was.model, is.model);
                if (!is.serialNumber.isEmpty() && is.serialNumber != was.serialNumber)
                    note(u"serial number"_s, was.serialNumber, is.serialNumber);
            }
        }
        QVERIFY2(mistakes.isEmpty(), qPrintable(u'\n' + mistakes.join(u'\n')));
    }

    void neverSaysMoreThanAHundredPercent()
    {
        for (const QFileInfo& file : recordings(u"dev"_s)) {
            const auto reading = read(file);
            QVERIFY(reading);
            for (const model::Supply& supply : reading->supplies)
                QVERIFY2(supply.level.percent >= 0 && supply.level.percent <= 100,
                    qPrintable(file.baseName() + supply.index));
        }
    }

private:
    QFileInfoList recordings(const QString& folder) const
    {
        return QDir(m_corpus + u'/' + folder).entryInfoList({u"*.snmprec"_s}, QDir::Files, QDir::Name);
    }

    static Result<snmp::Answers> contents(const QFileInfo& info)
    {
        QFile file(info.filePath());
        if (!file.open(QIODevice::ReadOnly))
            return fail(ErrorCode::StorageFailed, info.filePath());
        return snmp::parseSnmprec(file.readAll());
    }

    Result<model::Reading> read(const snmp::Answers& answers) const
    {
        return profiles::readRecording(
            *m_catalogue, answers, {QHostAddress(u"127.0.2.1"_s), fromMs(1'764'000'000'000), false});
    }
    Result<model::Reading> read(const QFileInfo& info) const
    {
        const auto answers = contents(info);
        return answers ? read(*answers) : fail(answers.error());
    }

    void write(const QString& folder) const
    {
        const QString out = qEnvironmentVariable("PLATEN_READINGS_OUT");
        if (out.isEmpty())
            return;
        QJsonArray readings;
        QByteArray hosts;
        quint32 next = QHostAddress(u"127.0.2.1"_s).toIPv4Address();
        for (const QFileInfo& file : recordings(folder)) {
            const QString address = QHostAddress(next++).toString();
            hosts += address.toLatin1() + '\t' + file.baseName().toUtf8() + '\n';
            if (auto reading = read(file)) {
                reading->address = address;
                readings += protocol::toJson(*reading);
            }
        }
        QFile json(out + u'/' + folder + u".json"_s), map(out + u'/' + folder + u".hosts.tsv"_s);
        QVERIFY(json.open(QIODevice::WriteOnly) && map.open(QIODevice::WriteOnly));
        json.write(QJsonDocument(readings).toJson());
        map.write(hosts);
    }

    QString m_corpus;
    std::shared_ptr<const profiles::Catalogue> m_catalogue;
};

PLATEN_TEST(CorpusTest)
#include "CorpusTest.moc"
